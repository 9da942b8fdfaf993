// SPDX-License-Identifier: Apache-2.0
// What needs a person, and how the hub stands. With nothing connected, what to do first.
import type { JSX } from 'preact';
import type { Schemas } from '../api/client.ts';
import { useGet, useList } from '../api/use.ts';
import { Await, Page, Waiting } from '../frame/parts.tsx';
import { linkTo, type Route } from '../frame/route.ts';
import { Blocker, High, Medium, Right, Running, Verified } from '../marks/marks.tsx';
import { number, span, t, when, word } from '../text/index.ts';
import { attemptsOf } from './attempts.ts';
import { Stage } from './deliveries.tsx';
import { StateMark } from './system_state.tsx';
import { useTitleOf } from './vocabulary.ts';
import { isHalted, isUnopened, type System } from './systems.tsx';

type Need = { mark: JSX.Element; count: string; text: string; href: string };

export function Overview(_: { route: Route }): JSX.Element {
  const health = useGet('/health', { on: ['system', 'incident'] });
  const systems = useGet('/v1/systems', { on: ['system', 'delivery', 'target'] });
  const inbox = useList('/v1/inbox', { state: 'open', limit: '100' }, ['inbox']);
  const incidents = useList('/v1/incidents', { state: 'open', limit: '100' }, ['incident']);
  const quarantine = useList('/v1/quarantine', { limit: '100' }, ['incident', 'system']);
  const items = systems.data?.items ?? [];
  const open = [...(inbox.items ?? [])];
  const needs = systems.data && inbox.items && incidents.items && quarantine.items
    ? needsOf(items, open, incidents.items.length, incidents.next !== '', quarantine.items.length, health.data?.recovery ?? false) : null;
  const error = [systems, inbox, incidents, quarantine].map((one) => one.error).find(Boolean) ?? '';
  return (
    <Page title={t('nav.overview')} sub={health.data && t('overview.hub', { node: health.data.node, version: health.data.version, status: t(`health.${health.data.status}`) })}>
      {systems.data && items.length === 0 ? <FirstSteps items={items} /> : (
        <div class="split">
          <section><h2 class="over">{t('overview.needs')}</h2>
            <Await data={needs} error={error} reload={() => { systems.reload(); inbox.reload(); incidents.reload(); quarantine.reload(); }}>
              {(found) => <Needs needs={found} />}
            </Await>
            {items.some(isUnopened) && <FirstSteps items={items} />}
            <Lately />
          </section>
          <section class="side"><h2 class="over">{t('nav.systems')}</h2>
            <Await {...systems}>{() => <ul class="cards">{items.map((one) => (
              <li key={one.system}><a href={linkTo('systems', one.system)}><span><b>{one.title}</b><small class="faint">{t('overview.read', { time: when(one.last_pull_at) })}</small></span><StateMark one={one} /></a></li>
            ))}</ul>}</Await>
            <h2 class="over">{t('overview.incidents')}</h2>
            <ul class="feed">{incidents.items?.slice(0, 5).map((one) => (
              <li key={one.id}><span class="wrap" lang="en">{one.text}</span><small class="faint">{when(one.at)}{one.system && `, ${one.system}`}</small></li>
            ))}</ul>
            {incidents.items?.length === 0 && <p class="pad quiet">{t('incidents.none')}</p>}
          </section>
        </div>
      )}
    </Page>
  );
}

function needsOf(systems: System[], inbox: Schemas['InboxItem'][], incidents: number, more: boolean, quarantine: number, recovering: boolean): Need[] {
  const needs: Need[] = [];
  if (recovering) needs.push({ mark: <Blocker size={16} />, count: '', text: t('need.recovery'), href: linkTo('systems') });
  for (const one of systems.filter((each) => each.state === 'down' || each.state === 'wrong_tenant' || each.state === 'full_stop'))
    needs.push({ mark: <Blocker size={16} />, count: '', text: t('need.system', { system: one.title, state: t(`system.${one.state}`) }), href: linkTo('systems', one.system) });
  for (const one of systems.filter((each) => isHalted(each) && each.state !== 'full_stop'))
    needs.push({ mark: <Medium size={16} />, count: '', text: t('need.system', { system: one.title, state: t(`system.${one.state}`) }), href: linkTo('systems', one.system) });
  const kinds = new Map<string, number>();
  for (const item of inbox) kinds.set(item.kind, (kinds.get(item.kind) ?? 0) + 1);
  for (const [kind, count] of kinds)
    needs.push({ mark: <High size={16} />, count: number(count), text: word('inbox', kind), href: linkTo('review', '', { kind }) });
  if (incidents) needs.push({ mark: <High size={16} />, count: number(incidents) + (more ? '+' : ''), text: t('need.incidents', { n: incidents }), href: linkTo('deliveries', 'incidents') });
  if (quarantine) needs.push({ mark: <Medium size={16} />, count: number(quarantine), text: t('need.quarantine', { n: quarantine }), href: linkTo('deliveries', 'quarantine') });
  return needs;
}

function Needs({ needs }: { needs: Need[] }): JSX.Element {
  if (needs.length === 0) return <p class="pad mark-line"><Verified size={16} /><span>{t('overview.calm')}</span></p>;
  return (
    <ul class="needs">
      {needs.map((one) => <li key={one.href + one.text}><a href={one.href}>{one.mark}<span>{one.text}</span><b class="number">{one.count}</b><Right /></a></li>)}
    </ul>
  );
}

function Lately(): JSX.Element | null {
  const list = useList('/v1/deliveries', { limit: '40' }, ['delivery'], { keepGone: true });
  const nameOf = useTitleOf();
  const rows = attemptsOf(list.items ?? []).slice(0, 8);
  if (rows.length === 0 && list.waiting === 0) return null;
  return (
    <>
      <h2 class="over">{t('overview.lately')}</h2>
      <Waiting count={list.waiting} show={list.showWaiting} />
      <ul class="lately">{rows.map((one) => (
        <li key={one.id}><a href={linkTo('people', one.subject)}><span class="number">{when(one.at)}</span><b>{nameOf(one.system)}</b><span class="mono wrap">{one.slots.join(', ')}</span><Stage stage={one.stage} /><span class="number">{one.latency_ms ? span(one.latency_ms) : ''}</span></a></li>
      ))}</ul>
    </>
  );
}

function FirstSteps({ items }: { items: System[] }): JSX.Element {
  const isConnected = items.length > 0;
  const isRead = isConnected && items.every((one) => one.state !== 'waiting' && one.state !== 'loading');
  const isOpen = isConnected && !items.some(isUnopened);
  const steps: [boolean, string, JSX.Element][] = [
    [isConnected, t('first.connect'), <><p>{t('first.connect_what')}</p>{!isConnected && <pre class="command">concordat init /etc/concordat{'\n'}concordat check{'\n'}concordat serve</pre>}</>],
    [isRead && isOpen, t('first.rehearse'), <><p>{t('first.rehearse_what')}</p>{isConnected && !isOpen && <p><a class="button primary" href={linkTo('systems')}>{t('nav.systems')}</a></p>}</>],
    [isOpen, t('first.on'), <p>{t('first.on_what')}</p>],
  ];
  const current = steps.findIndex(([isDone]) => !isDone);
  return (
    <ol class="steps">
      {steps.map(([isDone, title, body], at) => (
        <li key={title} aria-current={at === current ? 'step' : undefined}>
          <span class="step">{isDone ? <Running size={10} /> : at + 1}</span><div><h2>{title}{isDone && <span class="visually-hidden"> {t('first.done')}</span>}</h2>{body}</div>
        </li>
      ))}
    </ol>
  );
}
