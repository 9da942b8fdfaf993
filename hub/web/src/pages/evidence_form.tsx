// SPDX-License-Identifier: Apache-2.0
// Evidence for a candidate. The answers it would give are shown before it is added.
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { post, type Schemas } from '../api/client.ts';
import { Button, Field, Modal, ProblemLine, useAction } from '../frame/parts.tsx';
import { t, word } from '../text/index.ts';
import { AnswerMark } from './answer.tsx';
import type { Item } from './review.tsx';

type Proof = { source: string; captured_at: number; notice_id?: string; method?: string; confirmed_at?: number };

/** What a form says of evidence; times are the reader's own zone. */
export function proofOf(form: FormData): Proof {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const time = (name: string): number => (text(name) ? new Date(text(name)).getTime() : 0);
  return {
    source: text('source'), captured_at: time('captured_at'),
    ...(text('notice_id') ? { notice_id: text('notice_id') } : {}),
    ...(text('method') ? { method: text('method') } : {}),
    ...(time('confirmed_at') ? { confirmed_at: time('confirmed_at') } : {}),
  };
}

export function ProofFields(): JSX.Element {
  const [method, setMethod] = useState('');
  return (
    <>
      <Field label={t('evidence.source')} hint={t('evidence.source_hint')}><input name="source" required maxLength={200} autocomplete="off" /></Field>
      <div class="two">
        <Field label={t('evidence.captured')}><input name="captured_at" type="datetime-local" required /></Field>
        <Field label={t('evidence.notice')}><input name="notice_id" maxLength={200} autocomplete="off" /></Field>
      </div>
      <Field label={t('evidence.method')}>
        <select name="method" value={method} onChange={(event) => setMethod(event.currentTarget.value)}>
          <option value="">{t('evidence.method_none')}</option><option value="subject">{t('evidence.method_subject')}</option><option value="double_opt_in">{t('evidence.method_double')}</option>
        </select></Field>
      {method === 'double_opt_in' && <Field label={t('evidence.confirmed')}><input name="confirmed_at" type="datetime-local" required /></Field>}
    </>
  );
}

export function EvidenceForm({ item, onClose }: { item: Item; onClose: () => void }): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const action = useAction();
  const [forecast, setForecast] = useState<Schemas['Forecast']['effective'] | null>(null);
  const proof = (): Proof => proofOf(new FormData(form.current as HTMLFormElement));
  const look = (event: SubmitEvent): void => {
    event.preventDefault();
    void action.run(async () => setForecast((await post('/v1/inbox/{id}/forecast', { id: item.id }, proof())).effective));
  };
  const add = (): void => void action.run(() => post('/v1/inbox/{id}/evidence', { id: item.id }, proof())).then((well) => { if (well) onClose(); });
  return (
    <Modal title={t('evidence.add')} onClose={onClose}>
      <form ref={form} class="stack" onSubmit={look} onInput={() => setForecast(null)}>
        <p>{t('evidence.what')}</p>
        <ProofFields />
        {forecast && <Forecast rows={forecast} />}
        <ProblemLine text={action.error} />
        <div class="row-actions end">
          <Button kind="large" onClick={onClose}>{t('action.cancel')}</Button>
          {forecast ? <Button kind="large primary" busy={action.busy} onClick={add}>{t('evidence.add')}</Button> : <Button kind="large primary" submit busy={action.busy}>{t('evidence.look')}</Button>}
        </div>
      </form>
    </Modal>
  );
}

function Forecast({ rows }: { rows: Schemas['Forecast']['effective'] }): JSX.Element {
  const changes = rows.filter((one) => one.before !== one.after);
  return (
    <div class="notice" role="status">
      <p><b>{t('evidence.forecast', { n: changes.length })}</b></p>
      <ul class="stack tight">{(changes.length ? changes : rows).slice(0, 8).map((one) => (
        <li key={`${one.scope} ${one.purpose} ${one.channel}`} class="mark-line"><span>{word('purpose', one.purpose)}, {word('channel', one.channel)} <span class="faint">{one.scope}</span></span>
          <AnswerMark answer={one.before} /> → <AnswerMark answer={one.after} /></li>
      ))}</ul>
    </div>
  );
}
