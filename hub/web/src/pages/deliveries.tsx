// SPDX-License-Identifier: Apache-2.0
// What was written where; what went wrong; webhooks that nobody could decide.
import type { JSX } from 'preact';
import type { Schemas } from '../api/client.ts';
import { post } from '../api/client.ts';
import { type List, useGet, useList } from '../api/use.ts';
import { useRowKeys } from '../frame/keys.ts';
import { Await, Button, Empty, More, Page, ProblemLine, useAction, Waiting } from '../frame/parts.tsx';
import { linkTo, replace, type Route } from '../frame/route.ts';
import { useMayDecide } from '../frame/session.ts';
import { Down, Half, High, Other, Sent, Verified } from '../marks/marks.tsx';
import { exactly, span, t, when, word } from '../text/index.ts';
import { attemptsOf } from './attempts.ts';
import { useTitleOf } from './vocabulary.ts';

const views = ['', 'incidents', 'quarantine'] as const;

export function Deliveries({ route }: { route: Route }): JSX.Element {
  const view = views.find((one) => one === route.id) ?? '';
  return (
    <Page title={t('nav.deliveries')} sub={t(`deliveries.sub_${view || 'list'}`)} actions={
      <nav class="segments" aria-label={t('nav.deliveries')}>
        {views.map((one) => <a key={one} href={linkTo('deliveries', one)} aria-current={one === view ? 'page' : undefined}>{t(`deliveries.tab_${one || 'list'}`)}</a>)}
      </nav>}>
      {view === '' && <Attempts system={route.query.system ?? ''} subject={route.query.subject ?? ''} />}
      {view === 'incidents' && <Incidents state={route.query.state === 'all' ? 'all' : 'open'} />}
      {view === 'quarantine' && <Quarantine />}
    </Page>
  );
}

function Shown<Item>({ list, empty, children }: { list: List<Item>; empty: JSX.Element; children: (items: Item[]) => JSX.Element }): JSX.Element {
  return (
    <Await data={list.items} error={list.error} reload={list.reload}>
      {(items) => <><Waiting count={list.waiting} show={list.showWaiting} />{items.length === 0 && list.waiting === 0 ? empty : children(items)}<More next={list.next} more={list.more} /></>}
    </Await>
  );
}

export function SystemFilter({ page, id = '', value, query = {} }: { page: string; id?: string; value: string; query?: Record<string, string> }): JSX.Element {
  const systems = useGet('/v1/systems');
  return (
    <label class={`chip ${value ? 'active' : ''}`}><span>{t('filter.system')}</span>
      <select value={value} onChange={(event) => replace(page, id, { ...query, system: event.currentTarget.value })}>
        <option value="">{t('filter.all')}</option>
        {systems.data?.items.map((one) => <option key={one.system} value={one.system}>{one.title}</option>)}
      </select></label>
  );
}

const stageMarks: Record<Schemas['Delivery']['stage'], JSX.Element> = {
  sent: <Sent />, accepted: <Sent />, verified: <Verified />, parked: <Down colour="var(--safeguarded)" />, retry: <Half />, unknown: <Half />, gone: <Other />, restored: <Verified />,
};

export function Stage({ stage }: { stage: Schemas['Delivery']['stage'] }): JSX.Element {
  return <span class="mark-line">{stageMarks[stage]}{t(`stage.${stage}`)}</span>;
}

function Attempts({ system, subject }: { system: string; subject: string }): JSX.Element {
  const list = useList('/v1/deliveries', { system, subject, limit: '100' }, ['delivery'], { keepGone: true });
  const nameOf = useTitleOf();
  useRowKeys('table.rows tbody a');
  return (
    <>
      <div class="filters">
        <SystemFilter page="deliveries" value={system} query={{ subject }} />
        {subject && <a class="chip active" href={linkTo('deliveries', '', { system })}>{t('filter.one_person')} ×</a>}
      </div>
      <Shown list={list} empty={<Empty title={t('deliveries.none')}><p>{t('deliveries.none_what')}</p></Empty>}>
        {(items) => (
          <table class="rows">
            <thead><tr><th scope="col">{t('col.time')}</th><th scope="col">{t('col.system')}</th><th scope="col">{t('deliveries.col_stage')}</th><th scope="col">{t('deliveries.col_what')}</th>
              <th scope="col" class="number">{t('deliveries.col_latency')}</th><th scope="col">{t('deliveries.col_words')}</th><th scope="col"><span class="visually-hidden">{t('col.actions')}</span></th></tr></thead>
            <tbody>{attemptsOf(items).map((one) => (
              <tr key={one.id}>
                <td title={exactly(one.at)}>{when(one.at)}</td>
                <td><b>{nameOf(one.system)}</b><small class="faint mono wrap">{one.object} {one.record}</small></td>
                <td><Stage stage={one.stage} /></td>
                <td class="wrap">{one.slots.map((slot) => <span key={slot} class="line mono">{slot}</span>)}</td>
                <td class="number" data-label={t('deliveries.col_latency')}>{one.latency_ms ? span(one.latency_ms) : ''}</td>
                <td class="wrap quiet">{one.message}</td>
                <td class="act"><a href={linkTo('people', one.subject)}>{t('deliveries.person')}</a></td>
              </tr>
            ))}</tbody>
          </table>
        )}
      </Shown>
    </>
  );
}

function Incidents({ state }: { state: 'open' | 'all' }): JSX.Element {
  const list = useList('/v1/incidents', { state, limit: '100' }, ['incident']);
  return (
    <>
      <div class="filters"><label class={`chip ${state === 'all' ? 'active' : ''}`}><input type="checkbox" checked={state === 'all'} onChange={(event) => replace('deliveries', 'incidents', event.currentTarget.checked ? { state: 'all' } : {})} />{t('incidents.also_closed')}</label></div>
      <Shown list={list} empty={<Empty title={t('incidents.none')}><p>{t('incidents.none_what')}</p></Empty>}>
        {(items) => (
          <table class="rows">
            <thead><tr><th scope="col">{t('col.time')}</th><th scope="col">{t('incidents.col_what')}</th><th scope="col">{t('col.system')}</th><th scope="col">{t('incidents.col_closed')}</th></tr></thead>
            <tbody>{items.map((one) => (
              <tr key={one.id}><td>{when(one.at)}</td>
                <td class="wrap"><span class="mark-line">{one.resolved_at ? <Verified /> : <High />}<span><span lang="en">{one.text}</span><small class="faint">{word('incident', one.kind)}</small></span></span></td>
                <td>{one.system && <a href={linkTo('systems', one.system)}>{one.system}</a>}{one.subject && <a class="line" href={linkTo('people', one.subject)}>{t('deliveries.person')}</a>}</td>
                <td>{one.resolved_at ? when(one.resolved_at) : <span class="faint">{t('state.open')}</span>}</td></tr>
            ))}</tbody>
          </table>
        )}
      </Shown>
    </>
  );
}

function Quarantine(): JSX.Element {
  const list = useList('/v1/quarantine', { limit: '100' }, ['event', 'incident', 'system']);
  return (
    <Shown list={list} empty={<Empty title={t('quarantine.none')}><p>{t('quarantine.none_what')}</p></Empty>}>
      {(items) => (
        <table class="rows">
          <thead><tr><th scope="col">{t('col.time')}</th><th scope="col">{t('col.system')}</th><th scope="col">{t('quarantine.col_problem')}</th><th scope="col" class="number">{t('quarantine.col_attempts')}</th><th scope="col"><span class="visually-hidden">{t('col.actions')}</span></th></tr></thead>
          <tbody>{items.map((one) => <Hook key={one.id} one={one} reload={list.reload} />)}</tbody>
        </table>
      )}
    </Shown>
  );
}

function Hook({ one, reload }: { one: Schemas['QuarantineList']['items'][number]; reload: () => void }): JSX.Element {
  const action = useAction();
  const decides = useMayDecide();
  return (
    <tr><td>{when(one.received_at)}</td><td><b>{one.system}</b></td>
      <td class="wrap"><span class="mark-line"><Half /><span lang="en">{one.problem}</span></span><ProblemLine text={action.error} /></td>
      <td class="number" data-label={t('quarantine.col_attempts')}>{one.attempts}</td>
      <td class="act">{decides && <Button busy={action.busy} onClick={() => void action.run(() => post('/v1/quarantine/{id}/retry', { id: one.id }, undefined)).then(reload)}>{t('action.again')}</Button>}</td></tr>
  );
}
