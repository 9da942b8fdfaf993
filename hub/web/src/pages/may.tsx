// SPDX-License-Identifier: Apache-2.0
// Who may be addressed: answers for a list of identifiers, before a mailing.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post, type Schemas } from '../api/client.ts';
import { Button, Field, Page, ProblemLine, useAction } from '../frame/parts.tsx';
import { linkTo } from '../frame/route.ts';
import { t, when, word } from '../text/index.ts';
import { AnswerMark } from './answer.tsx';
import { ScopeField } from './choice_form.tsx';
import { useVocabulary } from './vocabulary.ts';

const kMost = 1000;
type Row = Schemas['AnswerList']['items'][number];

export const linesOf = (text: string): string[] => [...new Set(text.split(/[\n;,]+/).map((one) => one.trim()).filter(Boolean))];

export function May(): JSX.Element {
  const vocabulary = useVocabulary();
  const action = useAction();
  const [rows, setRows] = useState<Row[] | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const identifiers = linesOf(String(form.get('identifiers')));
    const scope = String(form.get('scope') ?? '');
    void action.run(async () => {
      const all: Row[] = [];
      for (let at = 0; at < identifiers.length; at += kMost)
        all.push(...(await post('/v1/effective', {}, { purpose: String(form.get('purpose')), channel: String(form.get('channel')), ...(scope ? { scope } : {}), identifiers: identifiers.slice(at, at + kMost) })).items);
      setRows(all);
    });
  };
  return (
    <Page title={t('may.title')} sub={t('may.sub')} actions={<a class="button large" href={linkTo('people')}>{t('nav.people')}</a>}>
      <div class="split">
        <form class="pad stack" onSubmit={submit}>
          <div class="two">
            <Field label={t('col.purpose')}><select name="purpose">{vocabulary.purposes.map((one) => <option key={one} value={one}>{word('purpose', one)}</option>)}</select></Field>
            <Field label={t('col.channel')}><select name="channel">{vocabulary.channels.map((one) => <option key={one} value={one}>{word('channel', one)}</option>)}</select></Field>
          </div>
          <ScopeField scopes={vocabulary.scopes} />
          <Field label={t('may.who')} hint={t('may.who_hint')}><textarea name="identifiers" rows={8} required spellcheck={false} /></Field>
          <ProblemLine text={action.error} />
          <p><Button kind="large primary" submit busy={action.busy}>{t('may.ask')}</Button></p>
        </form>
        <section class="side" role="status">{rows && <>
          <h2 class="over">{t('may.result', { n: rows.filter((one) => one.answer === 'permit').length, all: rows.length })}</h2>
          <table class="rows compact"><thead><tr><th scope="col">{t('may.identifier')}</th><th scope="col">{t('may.answer')}</th><th scope="col">{t('may.since')}</th></tr></thead>
            <tbody>{rows.slice(0, 500).map((one) => <tr key={one.identifier}><th scope="row" class="wrap">{one.identifier}{one.problem && <small class="alarm">{one.problem}</small>}</th><td><AnswerMark answer={one.answer} /></td><td>{one.since ? when(one.since) : ''}</td></tr>)}</tbody></table>
        </>}</section>
      </div>
    </Page>
  );
}
