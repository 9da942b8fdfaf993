// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import { useGet } from '../api/use.ts';
import { areKeysOn, setKeys } from '../frame/keys.ts';
import { Await, Button, Field, Page, ProblemLine, useAction } from '../frame/parts.tsx';
import { linkTo, type Route } from '../frame/route.ts';
import { useIsAdmin } from '../frame/session.ts';
import { number, t } from '../text/index.ts';
import { Tokens, Users } from './accounts.tsx';

const views = ['', 'users', 'tokens', 'hub', 'keeping'] as const;

export function SettingsPage({ route }: { route: Route }): JSX.Element {
  const admin = useIsAdmin();
  const view = views.find((one) => one === route.id && (admin || one === '')) ?? '';
  return (
    <Page title={t('nav.settings')} sub={t(`settings.sub_${view || 'own'}`)} actions={admin && (
      <nav class="segments" aria-label={t('nav.settings')}>{views.map((one) => <a key={one} href={linkTo('settings', one)} aria-current={one === view ? 'page' : undefined}>{t(`settings.tab_${one || 'own'}`)}</a>)}</nav>)}>
      {view === '' && <Own />}
      {view === 'users' && <Users />}
      {view === 'tokens' && <Tokens />}
      {view === 'hub' && <InForce />}
      {view === 'keeping' && <Keeping />}
    </Page>
  );
}

function Own(): JSX.Element {
  const [keys, set] = useState(areKeysOn);
  return (
    <div class="pad stack narrow">
      <label class="check"><input type="checkbox" checked={keys} onChange={(event) => { setKeys(event.currentTarget.checked); set(event.currentTarget.checked); }} /><span><b>{t('settings.keys')}</b><br /><span class="quiet">{t('settings.keys_what')}</span></span></label>
      <p class="quiet">{t('settings.menu')}</p>
    </div>
  );
}

function InForce(): JSX.Element {
  const settings = useGet('/v1/settings');
  return (
    <Await {...settings}>{(data) => (
      <table class="rows compact"><thead><tr><th scope="col">{t('settings.name')}</th><th scope="col">{t('settings.value')}</th><th scope="col">{t('settings.origin')}</th><th scope="col">{t('settings.help')}</th></tr></thead>
        <tbody>{data.items.map((one) => <tr key={one.name}><th scope="row" class="mono wrap">{one.name}</th><td class="mono wrap">{one.value} {one.value && one.unit}</td><td>{t(`origin.${one.origin}`)}</td><td class="quiet" lang="en">{one.help}</td></tr>)}</tbody></table>
    )}</Await>
  );
}

function Keeping(): JSX.Element {
  const backup = useAction();
  const integrity = useAction();
  const [written, setWritten] = useState('');
  const [problems, setProblems] = useState<string[] | null>(null);
  const save = (event: SubmitEvent): void => {
    event.preventDefault();
    const path = String(new FormData(event.currentTarget as HTMLFormElement).get('path')).trim();
    void backup.run(async () => { const done = await post('/v1/backup', {}, { path }); setWritten(t('keeping.written', { path: done.path, size: number(Math.round(done.bytes / 1024)) })); });
  };
  return (
    <div class="pad stack narrow wide-gap">
      <form class="stack" onSubmit={save}><h2>{t('keeping.backup')}</h2><p>{t('keeping.backup_what')}</p>
        <Field label={t('keeping.path')} hint={t('keeping.path_hint')}><input name="path" required autocomplete="off" spellcheck={false} /></Field>
        <p><Button kind="large" submit busy={backup.busy}>{t('keeping.backup_go')}</Button></p>
        <p role="status" class="wrap">{written}</p><ProblemLine text={backup.error} /></form>
      <section class="stack"><h2>{t('keeping.integrity')}</h2><p>{t('keeping.integrity_what')}</p>
        <p><Button kind="large" busy={integrity.busy} onClick={() => void integrity.run(async () => setProblems((await post('/v1/integrity', {}, undefined)).problems))}>{t('keeping.integrity_go')}</Button></p>
        <div role="status">{problems && (problems.length === 0 ? t('keeping.sound') : <ul>{problems.map((one) => <li key={one} lang="en">{one}</li>)}</ul>)}</div>
        <ProblemLine text={integrity.error} /></section>
    </div>
  );
}
