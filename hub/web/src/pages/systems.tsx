// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Schemas } from '../api/client.ts';
import { post } from '../api/client.ts';
import { useGet } from '../api/use.ts';
import { useRowKeys } from '../frame/keys.ts';
import { Await, Button, Empty, Live, Page, ProblemLine, useAction } from '../frame/parts.tsx';
import { go, linkTo, type Route } from '../frame/route.ts';
import { useIsAdmin, useMayDecide } from '../frame/session.ts';
import { Chevron, Down, High, Right } from '../marks/marks.tsx';
import { number, span, t, when } from '../text/index.ts';
import { FullStopAsk, PauseAsk } from './system_asks.tsx';
import { Detail } from './system_detail.tsx';
import { StateMark } from './system_state.tsx';
import { RehearsalView } from './rehearsal.tsx';

export type System = Schemas['SystemStatus'];
export const isHalted = (one: System): boolean => ['paused', 'full_stop', 'recovery'].includes(one.state);
export const isUnopened = (one: System): boolean => ['waiting', 'loading', 'rehearsing'].includes(one.state);

export function Systems({ route }: { route: Route }): JSX.Element {
  const systems = useGet('/v1/systems', { on: ['system', 'delivery', 'target', 'event'] });
  const admin = useIsAdmin();
  const action = useAction();
  const [stopping, setStopping] = useState(false);
  useRowKeys('.systems .opener');
  if (route.query.rehearsal) return <RehearsalView id={route.query.rehearsal} />;
  const items = systems.data?.items ?? [];
  const rehearse = (): void => void action.run(async () => {
    const unopened = items.filter(isUnopened).map((one) => one.system);
    const made = await post('/v1/rehearsals', {}, unopened.length ? { systems: unopened } : {});
    go('systems', '', { rehearsal: made.id });
  });
  return (
    <Page title={t('systems.title')} sub={systems.data && summary(items)} actions={admin && items.length > 0 && <>
      <Button kind="large" onClick={() => setStopping(true)}>{t('systems.stop_all')}</Button>
      <Button kind={`large ${items.some(isUnopened) ? 'primary' : ''}`} busy={action.busy} onClick={rehearse}>{t('rehearsal.begin')}</Button>
    </>}>
      {action.error && <div class="pad"><ProblemLine text={action.error} /></div>}
      <Await {...systems}>
        {() => items.length === 0
          ? <Empty title={t('systems.none')}><p>{t('systems.none_how')}</p><pre>concordat init /etc/concordat{'\n'}concordat check{'\n'}concordat serve</pre></Empty>
          : <><Figures items={items} /><Table items={items} selected={route.id} reload={systems.reload} /></>}
      </Await>
      {stopping && <FullStopAsk systems={items} onClose={() => { setStopping(false); systems.reload(); }} />}
    </Page>
  );
}

function summary(items: System[]): string {
  const unopened = items.filter(isUnopened).length;
  return [t('systems.connected', { n: items.length }), unopened ? t('systems.unopened', { n: unopened }) : ''].filter(Boolean).join(' ');
}

/** The one row of large numbers. Each opens the rows behind it. */
function Figures({ items }: { items: System[] }): JSX.Element {
  const slowest = items.reduce((worst, one) => (one.lag_ms > worst.lag_ms ? one : worst), items[0] as System);
  const sum = (of: (one: System) => number): number => items.reduce((all, one) => all + of(one), 0);
  const due = sum((one) => one.due);
  const parked = sum((one) => one.parked);
  const halted = items.filter((one) => isHalted(one) || one.state === 'down' || one.state === 'wrong_tenant');
  const figures: [string, string, string, string][] = [
    [t('systems.wait_longest'), slowest.lag_ms ? span(slowest.lag_ms) : t('state.nobody'), slowest.lag_ms ? slowest.title : t('systems.wait_none'), slowest.lag_ms ? linkTo('systems', slowest.system) : ''],
    [t('systems.due'), number(due), t('systems.due_what'), linkTo('deliveries')],
    [t('systems.parked'), number(parked), t('systems.parked_what', { n: parked }), linkTo('review')],
    [t('systems.not_running'), number(halted.length), halted.map((one) => one.title).join(', ') || t('systems.all_run'), halted[0] ? linkTo('systems', halted[0].system) : ''],
    [t('systems.records'), number(sum((one) => one.records)), t('systems.records_what'), ''],
  ];
  return (
    <dl class="figures">
      {figures.map(([label, value, what, href]) => (
        <div key={label}><dt class="label">{label}</dt><dd class="figure">{href ? <a href={href}><Live value={value} /></a> : <Live value={value} />}</dd><dd class="small quiet">{what}</dd></div>
      ))}
    </dl>
  );
}

function Table({ items, selected, reload }: { items: System[]; selected: string; reload: () => void }): JSX.Element {
  return (
    <div class="scroll"><table class="rows systems">
      <thead><tr>
        <th scope="col">{t('systems.col_system')}</th><th scope="col">{t('systems.col_state')}</th><th scope="col">{t('systems.col_read')}</th>
        <th scope="col">{t('systems.col_limit')}</th><th scope="col" class="number">{t('systems.col_due')}</th><th scope="col">{t('systems.col_oldest')}</th>
        <th scope="col" class="number">{t('systems.col_parked')}</th><th scope="col"><span class="visually-hidden">{t('col.actions')}</span></th>
      </tr></thead>
      {items.map((one) => (
        <tbody key={one.system} class={one.system === selected ? 'selected' : ''}>
          <Row one={one} isOpen={one.system === selected} reload={reload} />
          {one.system === selected && <tr class="detail-row"><td colSpan={8}><Detail one={one} reload={reload} /></td></tr>}
        </tbody>
      ))}
    </table></div>
  );
}

function Row({ one, isOpen, reload }: { one: System; isOpen: boolean; reload: () => void }): JSX.Element {
  return (
    <tr>
      <th scope="row">
        <a class="opener" href={isOpen ? linkTo('systems') : linkTo('systems', one.system)} aria-expanded={isOpen}>
          <span><b>{one.title}</b><small class="faint">{[one.connector, one.interval_ms ? t('systems.every', { time: span(one.interval_ms) }) : ''].filter(Boolean).join(', ')}</small></span>
          {isOpen ? <Chevron /> : <Right />}
        </a>
      </th>
      <td><StateMark one={one} /></td>
      <td data-label={t('systems.col_read')}>{when(one.last_pull_at)}</td>
      <td data-label={t('systems.col_limit')}><Quota one={one} /></td>
      <td class="number" data-label={t('systems.col_due')}><Live value={one.due} /></td>
      <td data-label={t('systems.col_oldest')}>{one.lag_ms ? <span class="mark-line"><High />{span(one.lag_ms)}</span> : <span class="faint">{t('state.nobody')}</span>}</td>
      <td class="number" data-label={t('systems.col_parked')}>{one.parked > 0 ? <span class="mark-line end"><Down colour="var(--safeguarded)" /><Live value={one.parked} /></span> : <span class="faint">0</span>}</td>
      <td class="act"><PauseButton one={one} reload={reload} /></td>
    </tr>
  );
}

function Quota({ one }: { one: System }): JSX.Element {
  const pools = Object.entries(one.quota_left);
  if (pools.length === 0) return <span class="faint">{t('systems.limit_none')}</span>;
  return <>{pools.map(([name, left]) => <span key={name} class="line">{t('systems.limit_left', { n: left, pool: name })}</span>)}</>;
}

function PauseButton({ one, reload }: { one: System; reload: () => void }): JSX.Element | null {
  const action = useAction();
  const [asking, setAsking] = useState(false);
  if (!useMayDecide()) return null;
  const resume = (): void => void action.run(() => post('/v1/systems/{system}/resume', { system: one.system }, undefined)).then(reload);
  return (
    <>
      {isHalted(one)
        ? <Button busy={action.busy} label={t('systems.resume_one', { system: one.title })} onClick={resume}>{t('systems.resume')}</Button>
        : <Button label={t('systems.pause_one', { system: one.title })} onClick={() => setAsking(true)}>{t('systems.pause')}</Button>}
      <ProblemLine text={action.error} />
      {asking && <PauseAsk one={one} onClose={() => { setAsking(false); reload(); }} />}
    </>
  );
}
