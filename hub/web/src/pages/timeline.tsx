// SPDX-License-Identifier: Apache-2.0
// Event, sent, verified: one column for each moment, one row for each place.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Schemas } from '../api/client.ts';
import { Down, Granted, Other, Restricted, Sent, Unproven, Verified } from '../marks/marks.tsx';
import { exactly, span, t, when, word } from '../text/index.ts';
import { type Attempt, type Cell, columnSince, isRestrictive, type LedgerEvent, type Timeline } from './timeline_model.ts';

type Titles = Map<string, string>;

export function TimelineView({ timeline, answer, person, titles }: { timeline: Timeline; answer: Schemas['Effective']; person: Schemas['Subject']; titles: Titles }): JSX.Element {
  const { moments, rows } = timeline;
  const frame = useRef<HTMLDivElement>(null);
  // The newest moment is what people look for; on a narrow screen it lies to the right.
  useEffect(() => { if (frame.current) frame.current.scrollLeft = frame.current.scrollWidth; }, [answer.purpose, answer.channel, answer.scope, moments.length]);
  if (moments.length === 0) return <p class="pad quiet">{t('timeline.none')}</p>;
  const from = columnSince(moments, answer.since);
  return (
    <div ref={frame} class="scroll" tabIndex={0} role="region" aria-label={t('timeline.label')}>
      <table class="timeline">
        <thead>
          <tr><th scope="col" class="label">{t('col.time')}<br />{t('timeline.cut')}</th>
            {moments.map((one) => <th key={one.at} scope="col"><b>{word('decision', one.decision)}</b><span class="quiet" title={exactly(one.at)}>{when(one.at)}</span></th>)}</tr>
          <tr class="effective"><th scope="row">{t('timeline.effective')}</th>
            {moments.map((one, at) => <td key={one.at}>{at >= from && <span class={`bar ${answer.answer} ${at === from ? 'start' : ''}`}>{at === from && <b>{t(`answer.${answer.answer}`)}</b>}</span>}</td>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.system}>
              <th scope="row"><b>{row.system ? titles.get(row.system) ?? row.system : t('timeline.hub')}</b><small class="faint">{row.system ? recordsOf(person, row.system) : t('timeline.hub_what')}</small></th>
              {row.cells.map((cell, at) => <td key={at}><CellView cell={cell} /></td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function recordsOf(person: Schemas['Subject'], system: string): string {
  const mine = person.records.filter((one) => one.system === system);
  const first = mine[0];
  if (!first) return '';
  return `${first.object} ${first.id}${mine.length > 1 ? ` +${mine.length - 1}` : ''}`;
}

export function EventMark({ event, size = 16 }: { event: LedgerEvent; size?: number }): JSX.Element {
  if (isRestrictive(event) || event.decision === 'erased') return <Restricted size={size} />;
  if (event.decision === 'candidate') return <Unproven size={size} />;
  if (event.decision !== 'granted') return <Other size={size} />;
  return event.evidence ? <Granted size={size} /> : <Unproven size={size} />;
}

function wordOf(event: LedgerEvent): string {
  if ((event.decision === 'granted' || event.decision === 'candidate') && !event.evidence) return t('timeline.unproven');
  return word('decision', event.decision);
}

function CellView({ cell }: { cell: Cell }): JSX.Element {
  return (
    <div class="cell">
      {cell.events.slice(-2).map((event) => (
        <span key={event.id} class="mark-line"><EventMark event={event} /><span class="quiet">{wordOf(event)}{event.reason && <small class="faint" lang="en">{event.reason}</small>}</span></span>
      ))}
      {cell.events.length > 2 && <small class="faint">{t('timeline.also', { n: cell.events.length - 2 })}</small>}
      {cell.attempt && <AttemptView one={cell.attempt} />}
    </div>
  );
}

function AttemptView({ one }: { one: Attempt }): JSX.Element {
  return (
    <span class="attempt" title={exactly(one.sentAt)}>
      <Sent size={12} /><span class={`path ${one.end}`} aria-hidden="true" />
      {one.end === 'verified' ? <Verified size={14} /> : one.end === 'parked' ? <Down size={14} colour="var(--safeguarded)" /> : null}
      <span>{one.end === 'verified' ? <><span class="visually-hidden">{t('stage.verified')} </span>{one.latencyMs ? span(one.latencyMs) : when(one.verifiedAt)}</> : t(`attempt.${one.end}`)}
        {one.tries > 0 && <small class="faint">{t('timeline.tries', { n: one.tries })}</small>}</span>
    </span>
  );
}

export function EventTable({ events, titles }: { events: LedgerEvent[]; titles: Titles }): JSX.Element {
  const newest = [...events].sort((a, b) => b.observed_at - a.observed_at);
  return (
    <section class="events"><h2 class="over">{t('timeline.events', { n: events.length })}</h2>
      <table class="rows compact">
        <thead><tr><th scope="col">{t('col.time')}</th><th scope="col">{t('timeline.event')}</th><th scope="col">{t('col.purpose')}</th><th scope="col">{t('timeline.source')}</th><th scope="col">{t('timeline.evidence')}</th></tr></thead>
        <tbody>{newest.map((one) => (
          <tr key={one.id}>
            <td>{exactly(one.observed_at)}{one.at && Math.abs(one.at - one.observed_at) > 60_000 && <small class="faint">{t('timeline.acted', { time: exactly(one.at) })}</small>}</td>
            <td><span class="mark-line"><EventMark event={one} size={13} /><b>{word('decision', one.decision)}</b></span></td>
            <td>{one.purposes.map((purpose) => word('purpose', purpose.split('@')[0] ?? '')).join(', ')}<small class="faint">{one.scope}</small></td>
            <td class="wrap">{one.system ? titles.get(one.system) ?? one.system : t('timeline.hub')}{one.actor && <small class="faint">{one.actor}</small>}</td>
            <td class="wrap">{evidenceOf(one)}</td>
          </tr>
        ))}</tbody>
      </table>
    </section>
  );
}

function evidenceOf(event: LedgerEvent): JSX.Element {
  const proof = event.evidence;
  if (!proof) return <span class="faint">{event.decision === 'granted' ? t('timeline.no_evidence') : t('timeline.no_need')}</span>;
  const parts = [proof.source, proof.notice_id, proof.method && word('method', proof.method), proof.captured_at ? exactly(proof.captured_at) : ''];
  return <>{parts.filter(Boolean).join(', ')}</>;
}
