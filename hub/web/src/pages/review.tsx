// SPDX-License-Identifier: Apache-2.0
// The review inbox: what the hub cannot decide without a person, by risk or by age.
import type { JSX } from 'preact';
import { Fragment } from 'preact';
import type { Schemas } from '../api/client.ts';
import { useList } from '../api/use.ts';
import { useKeys, useRowKeys } from '../frame/keys.ts';
import { Await, Empty, More, Page, Waiting } from '../frame/parts.tsx';
import { go, linkTo, replace, type Route } from '../frame/route.ts';
import { Blocker, High, Medium } from '../marks/marks.tsx';
import { number, span, t, when, word } from '../text/index.ts';
import { SystemFilter } from './deliveries.tsx';
import { ReviewCard } from './review_card.tsx';
import { useTitleOf } from './vocabulary.ts';

export type Item = Schemas['InboxItem'];
type Severity = 'blocker' | 'high' | 'medium';

/** A withdrawal that does not get through is worst; then what holds a system; then what can wait without harm. */
export function severityOf(item: { kind: string; details: Record<string, unknown> }): Severity {
  if (item.kind === 'tenant' || item.kind === 'restored_system') return 'blocker';
  if (item.kind === 'parked') return item.details.withdrawal === true ? 'blocker' : 'high';
  return item.kind === 'merge' || item.kind === 'unmerge' ? 'medium' : 'high';
}

const severities: { id: Severity; mark: JSX.Element }[] = [
  { id: 'blocker', mark: <Blocker size={14} /> }, { id: 'high', mark: <High size={14} /> }, { id: 'medium', mark: <Medium size={14} /> },
];

export function Review({ route }: { route: Route }): JSX.Element {
  const { kind = '', system = '', order = 'risk', state = 'open' } = route.query;
  const list = useList('/v1/inbox', { state, limit: '200' }, ['inbox']);
  const items = (list.items ?? []).filter((one) => (!kind || one.kind === kind) && (!system || one.system === system));
  const set = (change: Record<string, string>): void => replace('review', route.id, { ...route.query, ...change });
  useRowKeys('.inbox a.what');
  useKeys({ Escape: () => { if (route.id) go('review', '', route.query); } });
  const chosen = list.items?.find((one) => one.id === route.id);
  return (
    <Page title={t('review.title')} sub={list.items && t('review.sub', { n: list.items.filter((one) => !one.closed_at).length })} actions={<p class="hints small quiet"><kbd>J</kbd> <kbd>K</kbd> {t('review.move')} <kbd>Enter</kbd> {t('review.open')}</p>}>
      <div class="filters">
        <div class="segments">{['risk', 'age'].map((one) => <button key={one} type="button" aria-pressed={order === one} onClick={() => set({ order: one })}>{t(one === 'risk' ? 'review.by_risk' : 'review.by_age')}</button>)}</div>
        <KindFilter items={list.items ?? []} value={kind} set={(value) => set({ kind: value })} />
        <SystemFilter page="review" id={route.id} value={system} query={{ ...route.query }} />
        <label class={`chip ${state === 'all' ? 'active' : ''}`}><input type="checkbox" checked={state === 'all'} onChange={(event) => set({ state: event.currentTarget.checked ? 'all' : '' })} />{t('review.also_closed')}</label>
        <span class="small quiet" role="status">{list.items && t('filter.count', { n: items.length, all: list.items.length })}</span>
      </div>
      <div class={`with-card ${route.id ? 'open' : ''}`}>
        <div>
          <Await data={list.items} error={list.error} reload={list.reload}>{() => <>
            <Waiting count={list.waiting} show={list.showWaiting} />
            {items.length === 0 && list.waiting === 0 ? <Empty title={t('review.none')}><p>{t('review.none_what')}</p></Empty> : <Rows items={items} order={order} route={route} />}
            <More next={list.next} more={list.more} />
          </>}</Await>
        </div>
        {route.id && <ReviewCard key={route.id} id={route.id} known={chosen} onDone={list.reload} onClose={() => go('review', '', route.query)} />}
      </div>
    </Page>
  );
}

function KindFilter({ items, value, set }: { items: Item[]; value: string; set: (value: string) => void }): JSX.Element {
  const kinds = [...new Set(items.map((one) => one.kind).concat(value ? [value as Item['kind']] : []))];
  return (
    <label class={`chip ${value ? 'active' : ''}`}><span>{t('filter.kind')}</span>
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{t('filter.all')}</option>
        {kinds.map((one) => <option key={one} value={one}>{word('inbox', one)} ({number(items.filter((item) => item.kind === one).length)})</option>)}
      </select></label>
  );
}

function Rows({ items, order, route }: { items: Item[]; order: string; route: Route }): JSX.Element {
  const groups = order === 'age' ? [{ id: null, mark: null, of: [...items].sort((a, b) => a.created_at - b.created_at) }]
    : severities.map((one) => ({ ...one, of: items.filter((item) => severityOf(item) === one.id) }));
  return (
    <table class="rows inbox">
      <thead><tr><th scope="col">{t('review.col_what')}</th><th scope="col">{t('review.col_kind')}</th><th scope="col">{t('review.col_since')}</th><th scope="col">{t('col.system')}</th></tr></thead>
      <tbody>{groups.filter((group) => group.of.length > 0).map((group) => (
        <Fragment key={group.id ?? 'all'}>
          {group.id && <tr class="group"><th colSpan={4} scope="rowgroup"><span class="mark-line">{group.mark}<span>{t(`severity.${group.id}`)} <span class="faint">{number(group.of.length)}</span></span></span></th></tr>}
          {group.of.map((item) => <Row key={item.id} item={item} route={route} />)}
        </Fragment>
      ))}</tbody>
    </table>
  );
}

function Row({ item, route }: { item: Item; route: Route }): JSX.Element {
  const nameOf = useTitleOf();
  const reason = typeof item.details.reason === 'string' ? item.details.reason : '';
  return (
    <tr class={item.id === route.id ? 'selected' : ''}>
      <th scope="row"><a class="what" href={linkTo('review', item.id, route.query)} aria-current={item.id === route.id}>
        <b>{titleOf(item, nameOf)}</b><small class="quiet wrap">{item.closed_at ? t('review.closed', { time: when(item.closed_at), outcome: item.outcome }) : reason || t(`todo.${todoOf(item.kind)}`)}</small></a></th>
      <td data-label={t('review.col_kind')}>{word('inbox', item.kind)}</td>
      <td data-label={t('review.col_since')}><b>{when(item.created_at)}</b><small class="quiet">{t('review.ago', { time: span(Math.max(0, Date.now() - item.created_at)) })}</small></td>
      <td data-label={t('col.system')}>{nameOf(item.system)}</td>
    </tr>
  );
}

const kinds = ['candidate', 'ambiguous', 'merge', 'cap', 'parked', 'unmerge', 'restored_system', 'tenant'] as const;
export const todoOf = (kind: string): (typeof kinds)[number] | 'other' => kinds.find((one) => one === kind) ?? 'other';

/** One sentence in the reader's language; the hub's own words where it has a kind that this page does not know. */
export function titleOf(item: Item, nameOf: (system: string) => string): string {
  const kind = todoOf(item.kind);
  return kind === 'other' ? item.text : t(`item.${kind}`, { system: nameOf(item.system) });
}
