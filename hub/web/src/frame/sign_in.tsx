// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { post } from '../api/client.ts';
import { Logo } from '../marks/marks.tsx';
import { currentLanguage, languages, type Language, t } from '../text/index.ts';
import { Button, Field, ProblemLine, useAction } from './parts.tsx';
import type { Session } from './session.ts';

export function SignIn({ wasIn, onIn, onLanguage }: { wasIn: boolean; onIn: (session: Session) => void; onLanguage: (language: Language) => void }): JSX.Element {
  const action = useAction();
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => { name.current?.focus(); document.title = `${t('signin.title')} · Concordat`; }, []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const who = { user: String(form.get('user')), password: String(form.get('password')) };
    void action.run(async () => onIn(await post('/v1/session', {}, who)));
  };
  return (
    <main class="sign-in" id="main">
      <p class="brand"><Logo /><span>Concordat</span></p>
      <form class="stack" onSubmit={submit}>
        <h1>{t('signin.title')}</h1>
        {wasIn && <p class="notice">{t('signin.again')}</p>}
        <Field label={t('signin.user')}><input ref={name} name="user" autocomplete="username" autocapitalize="none" required /></Field>
        <Field label={t('signin.password')}><input name="password" type="password" autocomplete="current-password" required /></Field>
        <ProblemLine text={action.error} />
        <Button kind="large primary" submit busy={action.busy}>{t('signin.go')}</Button>
      </form>
      <p class="small quiet">{t('signin.hint')}</p>
      <p class="row-actions">
        {(Object.entries(languages) as [Language, string][]).map(([code, title]) => (
          <button key={code} type="button" lang={code} class="link small" aria-pressed={code === currentLanguage()} onClick={() => onLanguage(code)}>{title}</button>
        ))}
      </p>
    </main>
  );
}
