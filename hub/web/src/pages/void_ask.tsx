// SPDX-License-Identifier: Apache-2.0
// Voiding what a broken import brought in takes two people: one proposes and hands on the number, another confirms.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post, type Schemas } from '../api/client.ts';
import { Button, Field, Modal, ProblemLine, useAction } from '../frame/parts.tsx';
import { t } from '../text/index.ts';

export function VoidAsk({ one, onClose }: { one: Schemas['SystemStatus']; onClose: () => void }): JSX.Element {
  const action = useAction();
  const [figures, setFigures] = useState<Schemas['VoidFigures'] | null>(null);
  const [isDone, setDone] = useState(false);
  const propose = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const time = (name: string): number => new Date(String(form.get(name))).getTime();
    void action.run(async () => setFigures(await post('/v1/voids', {}, {
      system: one.system, from: time('from'), to: time('to'), reason: String(form.get('reason')),
    })));
  };
  const confirm = (event: SubmitEvent): void => {
    event.preventDefault();
    const id = String(new FormData(event.currentTarget as HTMLFormElement).get('id')).trim();
    void action.run(async () => { setFigures(await post('/v1/voids/{id}/confirm', { id }, undefined)); setDone(true); });
  };
  return (
    <Modal title={t('void.title')} onClose={onClose}>
      <div class="stack">
        <p>{t('void.what')}</p>
        <form class="stack" onSubmit={propose}>
          <div class="two">
            <Field label={t('void.from')}><input type="datetime-local" name="from" required /></Field>
            <Field label={t('void.to')}><input type="datetime-local" name="to" required /></Field>
          </div>
          <Field label={t('ask.reason')}><input name="reason" required maxLength={300} autocomplete="off" /></Field>
          <div class="row-actions end"><Button submit kind="primary" busy={action.busy}>{t('void.propose')}</Button></div>
        </form>
        {figures && <div class="notice" role="status">
          <p>{t(isDone ? 'void.done' : 'void.figures', { subjects: figures.subjects, events: figures.events, permits: figures.permits })}</p>
          {!isDone && <p class="mono wrap">{figures.id}</p>}
        </div>}
        <ProblemLine text={action.error} />
        <form class="stack" onSubmit={confirm}>
          <Field label={t('void.id')} hint={t('void.second')}><input name="id" required autocomplete="off" /></Field>
          <div class="row-actions end"><Button submit kind="danger" busy={action.busy}>{t('void.confirm')}</Button></div>
        </form>
      </div>
    </Modal>
  );
}
