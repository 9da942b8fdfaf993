// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { lastUpdate, onConnection } from '../api/live.ts';
import { useList } from '../api/use.ts';
import { Chevron, Logo, Running, Search, Unproven } from '../marks/marks.tsx';
import { clockTime, currentLanguage, languages, type Language, number, t } from '../text/index.ts';
import { pages } from './pages.ts';
import { go, linkTo, type Route } from './route.ts';
import { useSession } from './session.ts';
import { applyTheme, chosenTheme, themes } from './theme.ts';

type Acts = { onLanguage: (language: Language) => void; onSignOut: () => void; onHelp: () => void };

function useOpenItems(): string {
  const list = useList('/v1/inbox', { state: 'open', limit: '100' }, ['inbox']);
  const count = (list.items?.length ?? 0) + list.waiting;
  return count === 0 ? '' : list.next ? `${number(count)}+` : number(count);
}

export function TopBar({ route, ...acts }: { route: Route } & Acts): JSX.Element {
  const open = useOpenItems();
  return (
    <>
      <header class="top">
        <a class="brand" href={linkTo('')}><Logo /><span>Concordat</span></a>
        <nav class="tabs" aria-label={t('nav.label')}>
          {pages.filter((one) => !one.isInMenu).map((one) => (
            <a key={one.page} href={linkTo(one.page)} aria-current={route.page === one.page ? 'page' : undefined}>
              {t(one.title)}{one.page === 'review' && open && <span class="count">{open}</span>}
            </a>
          ))}
        </nav>
        <SearchPerson />
        <LiveState />
        <PersonMenu {...acts} />
      </header>
      <nav class="bottom" aria-label={t('nav.label')}>
        {pages.filter((one) => !one.isInMenu).map((one) => (
          <a key={one.page} href={linkTo(one.page)} aria-current={route.page === one.page ? 'page' : undefined}>
            {one.icon}<span>{t(one.title)}{one.page === 'review' && open && ` ${open}`}</span>
          </a>
        ))}
      </nav>
    </>
  );
}

/** The identifier is kept out of the address: the people page takes it from here. */
let wanted = '';
export function takeSearch(): string {
  const text = wanted;
  wanted = '';
  return text;
}

function SearchPerson(): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem('search') as HTMLInputElement;
    wanted = field.value.trim();
    field.value = '';
    if (!wanted) return;
    go('people');
    dispatchEvent(new Event('concordat:search'));
  };
  return (
    <form class="search" role="search" onSubmit={submit}>
      <Search />
      <input id="search" name="search" type="search" aria-label={t('search.label')} placeholder={t('search.short')} autocomplete="off" spellcheck={false} />
      <kbd>/</kbd>
    </form>
  );
}

function LiveState(): JSX.Element {
  const [at, setAt] = useState(lastUpdate);
  useEffect(() => onConnection(() => setAt(lastUpdate())), []);
  return (
    <p class="live" role="status">
      {at ? <Unproven size={10} /> : <Running size={9} />}
      <span>{at ? t('live.lost', { time: clockTime(at) }) : t('live.on')}</span>
    </p>
  );
}

function initials(name: string): string {
  const parts = name.split(/[\s._-]+/).filter(Boolean);
  return (parts.length > 1 ? `${parts[0]?.[0]}${parts[1]?.[0]}` : name.slice(0, 2)).toUpperCase();
}

function PersonMenu({ onLanguage, onSignOut, onHelp }: Acts): JSX.Element {
  const session = useSession();
  const menu = useRef<HTMLDetailsElement>(null);
  const close = (): void => { if (menu.current) menu.current.open = false; };
  useEffect(() => {
    const outside = (event: Event): void => {
      if (menu.current?.open && !menu.current.contains(event.target as Node)) close();
    };
    addEventListener('pointerdown', outside);
    addEventListener('hashchange', close);
    return () => { removeEventListener('pointerdown', outside); removeEventListener('hashchange', close); };
  }, []);
  return (
    <details class="menu" ref={menu} onKeyDown={(event) => {
      if (event.key !== 'Escape') return;
      close();
      menu.current?.querySelector('summary')?.focus();
    }}>
      <summary>
        <span class="visually-hidden">{t('menu.label', { user: session.user })} </span>
        <span class="language" aria-hidden="true">{currentLanguage().toUpperCase()}</span><span class="avatar" aria-hidden="true">{initials(session.user)}</span><Chevron />
      </summary>
      <div class="sheet">
        <p><b>{session.user}</b><br /><span class="quiet">{t(`role.${session.role ?? 'read_only'}`)}</span></p>
        <label class="field"><span>{t('menu.language')}</span>
          <select value={currentLanguage()} onChange={(event) => onLanguage(event.currentTarget.value as Language)}>
            {Object.entries(languages).map(([code, name]) => <option key={code} value={code} lang={code}>{name}</option>)}
          </select></label>
        <ThemeChoice />
        <p class="list">
          <a href={linkTo('settings')}>{t('nav.settings')}</a>
          <button type="button" class="link" onClick={() => { close(); onHelp(); }}>{t('help.title')}</button>
          <button type="button" class="link" onClick={onSignOut}>{t('menu.out')}</button>
        </p>
      </div>
    </details>
  );
}

function ThemeChoice(): JSX.Element {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">{t('menu.theme')}</legend>
      {themes.map((one) => (
        <button key={one} type="button" aria-pressed={theme === one} onClick={() => { applyTheme(one); setTheme(one); }}>{t(`theme.${one}`)}</button>
      ))}
    </fieldset>
  );
}
