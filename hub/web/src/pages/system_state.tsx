// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import type { Schemas } from '../api/client.ts';
import { Dotted, Down, Half, Paused, Running, Stopped } from '../marks/marks.tsx';
import { clockTime, t, when } from '../text/index.ts';

type System = Schemas['SystemStatus'];

/** Glyph and word of a system's state, in the words of pause and full stop, and why. */
export function StateMark({ one }: { one: System }): JSX.Element {
  const marks: Record<System['state'], JSX.Element> = {
    waiting: <Dotted />, loading: <Dotted />, rehearsing: <Dotted />, open: one.problem || one.parked ? <Half /> : <Running />,
    paused: <Paused />, full_stop: <Stopped />, recovery: <Paused />, wrong_tenant: <Down />, down: <Down />,
  };
  const isAlarm = ['full_stop', 'down', 'wrong_tenant'].includes(one.state);
  const why = one.pause_reason || one.problem;
  return (
    <div class="state">
      <span class="mark-line">{marks[one.state]}<b class={isAlarm ? 'alarm' : ''}>{t(`system.${one.state}`)}</b></span>
      {one.full_stop_until > 0 && <small class="alarm">{t('system.until', { time: clockTime(one.full_stop_until) })}</small>}
      {one.stopped_by && <small class="quiet">{t('system.by', { who: one.stopped_by })}</small>}
      {why && <small class="quiet wrap">{why}</small>}
      {one.authorization === 'missing' && <small class="alarm">{t('system.unsigned')}</small>}
      {one.authorization === 'pending' && <small class="quiet">{t('system.signing')}</small>}
      {one.state === 'loading' && one.last_pull_at > 0 && <small class="quiet">{t('system.read_at', { time: when(one.last_pull_at) })}</small>}
    </div>
  );
}
