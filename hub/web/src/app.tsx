// SPDX-License-Identifier: Apache-2.0
// The frame: who is signed in, which page is shown, in which language.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, rememberSession, remove, whenSignedOut } from './api/client.ts';
import { follow, stop } from './api/live.ts';
import { Help } from './frame/help.tsx';
import { useKeys } from './frame/keys.ts';
import { Empty } from './frame/parts.tsx';
import { pageOf } from './frame/pages.ts';
import { linkTo, useRoute } from './frame/route.ts';
import { SessionContext, type Session } from './frame/session.ts';
import { SignIn } from './frame/sign_in.tsx';
import { TopBar } from './frame/top_bar.tsx';
import { type Language, currentLanguage, setLanguage, t } from './text/index.ts';

type Standing = { session: Session | null; isKnown: boolean; wasIn: boolean };

export function App(): JSX.Element {
  const [standing, setStanding] = useState<Standing>({ session: null, isKnown: false, wasIn: false });
  const [language, showLanguage] = useState(currentLanguage());
  const enter = (session: Session): void => {
    rememberSession(session);
    setStanding({ session, isKnown: true, wasIn: false });
    follow();
  };
  const leave = (wasIn: boolean) => (): void => {
    stop();
    setStanding({ session: null, isKnown: true, wasIn });
  };
  useEffect(() => {
    whenSignedOut(leave(true));
    get('/v1/session').then(enter, leave(false));
  }, []);
  const speak = (wanted: Language): void => void setLanguage(wanted).then(() => showLanguage(wanted));
  const signOut = (): void => void remove('/v1/session').catch(() => undefined).then(leave(false));

  if (!standing.isKnown) return <></>;
  if (!standing.session) return <SignIn key={language} wasIn={standing.wasIn} onIn={enter} onLanguage={speak} />;
  return (
    <SessionContext.Provider value={standing.session}>
      <Frame key={language} onLanguage={speak} onSignOut={signOut} />
    </SessionContext.Provider>
  );
}

function Frame({ onLanguage, onSignOut }: { onLanguage: (language: Language) => void; onSignOut: () => void }): JSX.Element {
  const route = useRoute();
  const [isHelp, setHelp] = useState(false);
  const entry = pageOf(route);
  const isFirst = useRef(true);
  useKeys({ '/': () => document.getElementById('search')?.focus(), '?': () => setHelp(true) });
  useEffect(() => {
    // A new page begins at its title, for eyes and screen readers; the first one leaves the focus where it is.
    if (!isFirst.current) document.querySelector<HTMLElement>('h1')?.focus();
    isFirst.current = false;
    scrollTo(0, 0);
  }, [route.page]);
  const View = entry?.view;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>{t('nav.skip')}</a>
      <TopBar route={route} onLanguage={onLanguage} onSignOut={onSignOut} onHelp={() => setHelp(true)} />
      <main id="main" tabIndex={-1} data-place={[route.page, route.id].filter(Boolean).join('/')}>
        {View ? <View route={route} /> : <Empty title={t('page.none')}><p><a href={linkTo('')}>{t('nav.overview')}</a></p></Empty>}
      </main>
      {isHelp && <Help onClose={() => setHelp(false)} />}
    </>
  );
}
