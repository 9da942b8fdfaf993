// SPDX-License-Identifier: Apache-2.0
// One item of the inbox beside the list: what is known, and what a person can do about it.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import { useGet } from '../api/use.ts';
import { Ask, Await, Button, ProblemLine, useAction } from '../frame/parts.tsx';
import { linkTo } from '../frame/route.ts';
import { useMayDecide } from '../frame/session.ts';
import { Close } from '../marks/marks.tsx';
import { exactly, t, when, word } from '../text/index.ts';
import { EvidenceForm } from './evidence_form.tsx';
import { type Item, titleOf, todoOf } from './review.tsx';
import { useTitleOf } from './vocabulary.ts';

export function ReviewCard({ id, known, onDone, onClose }: { id: string; known: Item | undefined; onDone: () => void; onClose: () => void }): JSX.Element {
  const found = useGet('/v1/inbox/{id}', { parts: { id }, on: ['inbox'], skip: known !== undefined });
  const item = known ?? found.data;
  return (
    <aside class="card" aria-label={t('review.card')}>
      <p class="card-head"><span class="label">{item ? word('inbox', item.kind) : ''}</span>
        <span class="row-actions"><kbd>Esc</kbd><button type="button" class="button icon" aria-label={t('action.close')} onClick={onClose}><Close /></button></span></p>
      <Await data={item} error={found.error} reload={found.reload}>{(one) => <Body item={one} onDone={() => { found.reload(); onDone(); }} />}</Await>
    </aside>
  );
}

function Body({ item, onDone }: { item: Item; onDone: () => void }): JSX.Element {
  const nameOf = useTitleOf();
  return (
    <div class="stack">
      <h2>{titleOf(item, nameOf)}</h2>
      <p>{t(`todo.${todoOf(item.kind)}`)}</p>
      <dl class="pairs">
        <div><dt>{t('review.col_since')}</dt><dd>{exactly(item.created_at)}</dd></div>
        {item.system && <div><dt>{t('col.system')}</dt><dd><a href={linkTo('systems', item.system)}>{nameOf(item.system)}</a></dd></div>}
        {item.record && <div><dt>{t('col.record')}</dt><dd class="mono wrap">{item.record.object} {item.record.id}</dd></div>}
        {item.subject && <div><dt>{t('col.person')}</dt><dd><a href={linkTo('people', item.subject)}>{t('deliveries.person')}</a></dd></div>}
        <Details item={item} />
        {item.closed_at > 0 && <div><dt>{t('review.closed_at')}</dt><dd>{when(item.closed_at)}<br />{item.outcome}</dd></div>}
      </dl>
      {item.closed_at === 0 && <Acts item={item} onDone={onDone} />}
    </div>
  );
}

/** What the hub wrote down of the case, so far as it is text. People are links. */
function Details({ item }: { item: Item }): JSX.Element {
  const all = Object.entries(item.details as Record<string, unknown>).filter(([name]) => name !== 'what' && name !== 'candidates');
  const shown = all.filter(([, value]) => value !== '' && value !== null && typeof value !== 'object');
  const lists = all.filter(([, value]) => Array.isArray(value) && value.every((one) => typeof one === 'string'));
  return (
    <>
      {shown.map(([name, value]) => <div key={name}><dt>{word('detail', name)}</dt><dd class="wrap">{name === 'other' ? <a href={linkTo('people', String(value))}>{t('deliveries.person')}</a> : typeof value === 'boolean' ? t(value ? 'state.yes' : 'state.no') : String(value)}</dd></div>)}
      {lists.map(([name, value]) => <div key={name}><dt>{word('detail', name)}</dt><dd class="wrap">{(value as string[]).map((one) => (name === 'purposes' ? word('purpose', one) : name === 'channels' ? word('channel', one) : one)).join(', ')}</dd></div>)}
    </>
  );
}

function Acts({ item, onDone }: { item: Item; onDone: () => void }): JSX.Element {
  const action = useAction();
  const decides = useMayDecide();
  const nameOf = useTitleOf();
  const [asking, setAsking] = useState<'' | 'evidence' | 'dismiss' | 'merge' | 'accept'>('');
  const close = (): void => { setAsking(''); onDone(); };
  const parts = { id: item.id };
  if (!decides) return <p class="notice">{t('review.read_only')}</p>;
  return (
    <div class="stack">
      {item.kind === 'ambiguous' && <Match item={item} onDone={onDone} />}
      <div class="row-actions">
        {item.kind === 'candidate' && <Button kind="primary large" onClick={() => setAsking('evidence')}>{t('evidence.add')}</Button>}
        {item.kind === 'merge' && <Button kind="primary large" onClick={() => setAsking('merge')}>{t('merge.confirm')}</Button>}
        {item.kind === 'parked' && <Button kind="primary large" busy={action.busy} onClick={() => void action.run(() => post('/v1/inbox/{id}/retry', parts, undefined)).then(onDone)}>{t('action.again')}</Button>}
        {(item.kind === 'cap' || item.kind === 'unmerge') && <Button kind="primary large" onClick={() => setAsking('accept')}>{t(`accept.${item.kind}`)}</Button>}
        {(item.kind === 'restored_system' || item.kind === 'tenant') && <a class="button primary large" href={linkTo('systems', item.system)}>{t('review.to_system')}</a>}
        <Button kind="large" disabled={action.busy} onClick={() => setAsking('dismiss')}>{t('review.dismiss')}</Button>
      </div>
      <ProblemLine text={action.error} />
      {asking === 'evidence' && <EvidenceForm item={item} onClose={close} />}
      {asking === 'dismiss' && <Ask title={t('review.dismiss_title')} confirm={t('review.dismiss')} reason onClose={close} work={(reason) => post('/v1/inbox/{id}/dismiss', parts, { reason })}>
        <p>{t(`dismissed.${todoOf(item.kind)}`)}</p></Ask>}
      {asking === 'merge' && <Ask title={t('merge.title')} confirm={t('merge.confirm')} onClose={close} work={() => post('/v1/inbox/{id}/confirm-merge', parts, undefined)}><p>{t('merge.what')}</p></Ask>}
      {asking === 'accept' && <Ask title={titleOf(item, nameOf)} confirm={t(item.kind === 'cap' ? 'accept.cap' : 'accept.unmerge')} onClose={close} work={() => post('/v1/inbox/{id}/accept', parts, undefined)}>
        <p>{t(item.kind === 'cap' ? 'accept.cap_what' : 'accept.unmerge_what')}</p></Ask>}
    </div>
  );
}

/** Whose record is it? Each of the people who hold its identifier is a button. */
function Match({ item, onDone }: { item: Item; onDone: () => void }): JSX.Element {
  const action = useAction();
  const candidates = (item.details.candidates as string[] | undefined) ?? [];
  return (
    <fieldset class="stack tight"><legend><b>{t('match.whose')}</b></legend>
      {candidates.map((subject, at) => (
        <p key={subject} class="row-actions"><a href={linkTo('people', subject)}>{t('match.person', { n: at + 1 })}</a>
          <Button busy={action.busy} onClick={() => void action.run(() => post('/v1/inbox/{id}/match', { id: item.id }, { subject })).then(onDone)} label={t('match.this_one', { n: at + 1 })}>{t('match.this')}</Button></p>
      ))}
      <ProblemLine text={action.error} />
    </fieldset>
  );
}
