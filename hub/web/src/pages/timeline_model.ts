// SPDX-License-Identifier: Apache-2.0
// A person's history as a picture: moments across, places down. Pure, so that it is tested without a page.
import type { Schemas } from '../api/client.ts';

type Entry = Schemas['HistoryList']['items'][number];
type Delivery = Schemas['Delivery'];
export type Key = { scope: string; purpose: string; channel: string };
/** The part of a ledger's entry that the picture needs. */
export type LedgerEvent = {
  id: string; scope: string; purposes: string[]; channels: string[]; decision: string; at: number | null; observed_at: number;
  system: string; slot: string; actor: string; reason: string; record: { object: string; id: string } | null;
  evidence: { source: string; notice_id: string; method: string; captured_at: number | null; confirmed_at: number | null; held: boolean } | null;
};
export type Cover = { slot: string; purposes: string[]; channels: string[] };
export type Attempt = { sentAt: number; verifiedAt: number; latencyMs: number; tries: number; end: 'verified' | 'parked' | 'under_way' | 'gone' };
export type Cell = { events: LedgerEvent[]; attempt: Attempt | null };
export type Moment = { at: number; decision: string; events: LedgerEvent[] };
export type Timeline = { moments: Moment[]; rows: { system: string; cells: Cell[] }[]; events: LedgerEvent[] };

/** Events this near to each other are one moment: systems that were read together. */
const kMomentMs = 2_000;
const restrictive = new Set(['refused', 'withdrawn', 'objected']);
const structural = new Set(['merged', 'unmerged', 'erased', 'voided', 'invalidated', 'expired']);

export function concerns(event: LedgerEvent, key: Key, isWide: boolean): boolean {
  if (structural.has(event.decision)) return true;
  if (!event.channels.includes(key.channel) && !event.channels.includes('any')) return false;
  const isPurpose = event.purposes.some((one) => one.split('@')[0] === key.purpose);
  // A no may be spread to other scopes and covers narrower purposes; a yes is neither.
  if (restrictive.has(event.decision)) return isPurpose || isWide;
  return isPurpose && event.scope === key.scope;
}

export function isRestrictive(event: { decision: string }): boolean {
  return restrictive.has(event.decision);
}

/** Of what a moment is named after: a restriction before anything else. */
function nameOf(events: LedgerEvent[]): string {
  return (events.find(isRestrictive) ?? events.find((one) => structural.has(one.decision)) ?? events[0])?.decision ?? '';
}

export function momentsOf(events: LedgerEvent[]): Moment[] {
  const moments: Moment[] = [];
  for (const event of [...events].sort((a, b) => a.observed_at - b.observed_at)) {
    const last = moments.at(-1);
    const previous = last?.events.at(-1);
    // A candidate is a moment of its own: it answers what was there before.
    const isAnswer = event.decision === 'candidate' || previous?.decision === 'candidate' || (isRestrictive(event) !== isRestrictive(previous ?? event) && event.system === previous?.system);
    if (last && previous && !isAnswer && event.observed_at - previous.observed_at <= kMomentMs)
      last.events.push(event);
    else moments.push({ at: event.observed_at, decision: '', events: [event] });
  }
  return moments.map((one) => ({ ...one, decision: nameOf(one.events) }));
}

function slotMatches(covers: Cover[], key: Key): (slot: string) => boolean {
  const ofChannel = covers.filter((one) => one.channels.includes(key.channel) || one.channels.includes('any'));
  const exact = ofChannel.filter((one) => one.purposes.includes(key.purpose));
  const names = new Set((exact.length ? exact : ofChannel).map((one) => one.slot));
  return (text) => names.has(text.split('=')[0] ?? '');
}

function attemptOf(deliveries: Delivery[]): Attempt | null {
  const first = deliveries[0];
  if (!first) return null;
  const verified = deliveries.find((one) => one.stage === 'verified' || one.stage === 'restored');
  const last = deliveries[deliveries.length - 1] ?? first;
  return {
    sentAt: first.at, verifiedAt: verified?.at ?? 0, latencyMs: verified?.latency_ms ?? 0,
    tries: deliveries.filter((one) => one.stage === 'retry' || one.stage === 'unknown').length,
    end: verified ? 'verified' : last.stage === 'parked' ? 'parked' : last.stage === 'gone' ? 'gone' : 'under_way',
  };
}

/** A permission that nothing proves is no event, but it is part of the story: what a system showed, and that it was put right. */
function candidatesOf(entries: Entry[]): LedgerEvent[] {
  return entries.flatMap(({ inbox, at }) => {
    if (inbox?.kind !== 'candidate') return [];
    const details = inbox.details as { purposes?: string[]; channels?: string[]; scope?: string; slot?: string };
    return [{
      id: inbox.id, scope: details.scope ?? '', purposes: details.purposes ?? [], channels: details.channels ?? [], decision: 'candidate', at: null, observed_at: at,
      system: inbox.system, slot: details.slot ?? '', actor: '', reason: '', record: null, evidence: null,
    }];
  });
}

/** `systems`: where the person is known. `isWide`: the answer came from a wider restriction, so those are shown too. */
export function timelineOf(entries: Entry[], key: Key, systems: string[], covers: Map<string, Cover[]>, isWide: boolean): Timeline {
  const events = entries.flatMap((one) => (one.event ? [one.event as unknown as LedgerEvent] : [])).filter((one) => concerns(one, key, isWide));
  const moments = momentsOf([...events, ...candidatesOf(entries).filter((one) => concerns(one, key, isWide))]);
  const deliveries = entries.flatMap((one) => (one.delivery ? [one.delivery] : []));
  const places = [...new Set([...(events.some((one) => !one.system) ? [''] : []), ...systems, ...events.map((one) => one.system).filter(Boolean)])];
  const rows = places.map((system) => {
    const matches = slotMatches(covers.get(system) ?? [], key);
    const mine = deliveries.filter((one) => one.system === system && one.slots.some(matches));
    return {
      system,
      cells: moments.map((moment, at) => {
        const end = moments[at + 1]?.at ?? Infinity;
        return {
          events: moment.events.filter((one) => one.system === system),
          attempt: attemptOf(mine.filter((one) => one.at >= moment.at && one.at < end)),
        };
      }),
    };
  });
  return { moments, rows, events };
}

/** The column from which the present answer holds. */
export function columnSince(moments: Moment[], since: number): number {
  const found = moments.findIndex((one) => one.at >= since - kMomentMs);
  return found < 0 ? Math.max(0, moments.length - 1) : found;
}
