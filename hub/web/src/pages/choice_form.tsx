// SPDX-License-Identifier: Apache-2.0
// What a person told the hub's own people: a withdrawal needs nothing, a consent needs its evidence.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post, type Schemas } from '../api/client.ts';
import { Button, Field, Modal, ProblemLine, useAction } from '../frame/parts.tsx';
import { linkTo } from '../frame/route.ts';
import { t, word } from '../text/index.ts';
import { ProofFields, proofOf } from './evidence_form.tsx';
import { useVocabulary } from './vocabulary.ts';

type Choice = Schemas['Choice'];
type Decision = Choice['decision'];
const decisions: Decision[] = ['withdrawn', 'objected', 'refused', 'granted', 'contact'];

function choiceOf(form: FormData, subject: string): Choice {
  const decision = String(form.get('decision')) as Decision;
  const value = String(form.get('identifier') ?? '').trim();
  const reason = String(form.get('reason') ?? '').trim();
  const scope = String(form.get('scope') ?? '');
  return {
    decision,
    ...(subject ? { subject } : { identifier: { kind: value.includes('@') ? 'email' as const : 'phone' as const, value } }),
    ...(scope ? { scope } : {}),
    purposes: form.getAll('purpose').map(String),
    channels: form.getAll('channel').map(String),
    ...(decision === 'granted' ? { evidence: proofOf(form) } : {}),
    ...(reason ? { reason } : {}),
  };
}

/** `scopes`: those the person has answers in, if that is known. */
export function ChoiceForm({ subject = '', scopes = [], onClose }: { subject?: string; scopes?: string[]; onClose: () => void }): JSX.Element {
  const vocabulary = useVocabulary();
  const action = useAction();
  const [decision, setDecision] = useState<Decision>('withdrawn');
  const [said, setSaid] = useState<Schemas['Said'] | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const choice = choiceOf(new FormData(event.currentTarget as HTMLFormElement), subject);
    void action.run(async () => setSaid(await post('/v1/choices', {}, choice)));
  };
  return (
    <Modal title={t('choice.title')} onClose={onClose}>
      {said ? (
        <div class="stack"><p role="status">{t('choice.done', { n: said.effective.length })}</p>
          <div class="row-actions end"><a class="button large" href={linkTo('people', said.subject)} onClick={onClose}>{t('deliveries.person')}</a><Button kind="large primary" onClick={onClose}>{t('action.close')}</Button></div></div>
      ) : (
        <form class="stack" onSubmit={submit}>
          {!subject && <Field label={t('people.find')}><input name="identifier" required autocomplete="off" spellcheck={false} /></Field>}
          <Field label={t('choice.decision')} hint={t(decision === 'granted' ? 'choice.needs' : 'choice.needs_nothing')}>
            <select name="decision" value={decision} onChange={(event) => setDecision(event.currentTarget.value as Decision)}>{decisions.map((one) => <option key={one} value={one}>{word('decision', one)}</option>)}</select></Field>
          <ScopeField scopes={[...new Set([...vocabulary.scopes, ...scopes])]} />
          <Checks name="purpose" title={t('col.purpose')} values={vocabulary.purposes} />
          <Checks name="channel" title={t('col.channel')} values={vocabulary.channels} />
          {decision === 'granted' && <ProofFields />}
          <Field label={t('choice.reason')}><input name="reason" maxLength={300} autocomplete="off" /></Field>
          <ProblemLine text={action.error} />
          <div class="row-actions end"><Button kind="large" onClick={onClose}>{t('action.cancel')}</Button><Button kind="large primary" submit busy={action.busy}>{t('choice.save')}</Button></div>
        </form>
      )}
    </Modal>
  );
}

/** The controller for whom it counts: asked where there are several, always said. */
export function ScopeField({ scopes }: { scopes: string[] }): JSX.Element {
  if (scopes.length < 2) return <input type="hidden" name="scope" value={scopes[0] ?? ''} />;
  return <Field label={t('col.scope')}><select name="scope">{scopes.map((one) => <option key={one}>{one}</option>)}</select></Field>;
}

function Checks({ name, title, values }: { name: string; title: string; values: string[] }): JSX.Element {
  return (
    <fieldset><legend class="small"><b>{title}</b></legend>
      <div class="checks">{values.map((one, at) => <label key={one} class="check"><input type="checkbox" name={name} value={one} defaultChecked={values.length === 1 && at === 0} />{word(name, one)}</label>)}</div></fieldset>
  );
}
