// SPDX-License-Identifier: Apache-2.0
// What needs no page: messages, spans, lists that do not jump, a person's timeline.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { merged } from '../../hub/web/src/api/merged.ts';
import { attemptsOf } from '../../hub/web/src/pages/attempts.ts';
import { columnSince, momentsOf, timelineOf } from '../../hub/web/src/pages/timeline_model.ts';
import { en } from '../../hub/web/src/text/en.ts';
import { argumentsOf, formatMessage, masked, spanParts } from '../../hub/web/src/text/format.ts';
import { fr } from '../../hub/web/src/text/fr.ts';
import { it } from '../../hub/web/src/text/it.ts';

describe('messages', () => {
  test('a plural takes the branch of its language', () => {
    const message = '{n, plural, =0 {none} one {# day} other {# days}} left';
    assert.equal(formatMessage(message, { n: 0 }, 'en-GB'), 'none left');
    assert.equal(formatMessage(message, { n: 1 }, 'en-GB'), '1 day left');
    assert.equal(formatMessage(message, { n: 1200 }, 'en-GB'), '1,200 days left');
    assert.equal(formatMessage('{n, plural, one {# jour} other {# jours}}', { n: 0 }, 'fr-FR'), '0 jour');
  });
  test('branches may hold further arguments', () => {
    const message = '{n, plural, one {# system with {m, plural, one {# record} other {# records}}} other {# systems}} of {who}';
    assert.equal(formatMessage(message, { n: 1, m: 2, who: 'Ada' }, 'en-GB'), '1 system with 2 records of Ada');
  });
  test('select falls back to other, and braces in values stay text', () => {
    assert.equal(formatMessage('{x, select, a {A} other {Z}}', { x: 'b' }, 'en-GB'), 'Z');
    assert.equal(formatMessage('{x}', { x: '{y}' }, 'en-GB'), '{y}');
  });
  test('every language has the same keys and asks for the same arguments', () => {
    for (const other of [fr, it]) {
      assert.deepEqual(Object.keys(other).sort(), Object.keys(en).sort());
      for (const [key, message] of Object.entries(en)) assert.deepEqual([...argumentsOf(other[key])].sort(), [...argumentsOf(message)].sort(), key);
    }
  });
  test('every message can be formatted', () => {
    for (const dictionary of [en, fr, it])
      for (const [key, message] of Object.entries(dictionary))
        for (const n of [0, 1, 2]) {
          const args = Object.fromEntries([...argumentsOf(message)].map((name) => [name, n]));
          assert.doesNotMatch(formatMessage(message, args, 'en-GB'), /[{}]/, key);
        }
  });
});

describe('values', () => {
  test('a span is told in two units at most', () => {
    const text = (ms) => spanParts(ms).map(({ unit, value }) => `${value} ${unit}`).join(' ');
    assert.equal(text(42), '42 ms');
    assert.equal(text(41_000), '41 s');
    assert.equal(text(14 * 60_000), '14 min');
    assert.equal(text(51 * 3_600_000), '2 d 3 h');
    assert.equal(text(40 * 86_400_000), '40 d');
  });
  test('an identifier is hinted at, never shown', () => {
    assert.equal(masked('email', 'ada@example.org'), 'a•••@example.org');
    assert.equal(masked('phone', '+33612345678'), '+33•••78');
    assert.equal(masked('external', '12'), '••••');
  });
});

describe('a list', () => {
  const shown = { at: '/x', items: [{ id: 'b', v: 1 }, { id: 'a', v: 1 }], next: '', fresh: [], error: 'was' };
  test('changes known rows in place and keeps new ones aside', () => {
    const now = merged(shown, { items: [{ id: 'c', v: 1 }, { id: 'b', v: 2 }, { id: 'a', v: 1 }], next: '' }, false);
    assert.deepEqual(now.items, [{ id: 'b', v: 2 }, { id: 'a', v: 1 }]);
    assert.deepEqual(now.fresh, [{ id: 'c', v: 1 }]);
    assert.equal(now.error, '');
  });
  test('drops what is gone, unless it may only have moved to a later page', () => {
    assert.deepEqual(merged(shown, { items: [{ id: 'a', v: 1 }], next: '' }, false).items, [{ id: 'a', v: 1 }]);
    assert.equal(merged(shown, { items: [{ id: 'a', v: 1 }], next: 'a' }, false).items.length, 2);
    assert.equal(merged(shown, { items: [], next: '' }, true).items.length, 2);
  });
});

const delivery = (change) => ({ id: 'd', subject: 's', system: 'crm', object: 'contact', record: '1', generation: 1, at: 0, stage: 'verified', slots: ['contact.email=deny'], message: '', latency_ms: 0, ...change });
const event = (change) => ({ id: 'e', scope: 'lyon', purposes: ['NEWSLETTER'], channels: ['email'], decision: 'withdrawn', at: null, observed_at: 0, system: 'crm', slot: '', actor: '', reason: '', record: null, evidence: null, ...change });

describe('deliveries', () => {
  test('of one write only what came of it is shown, and every refusal', () => {
    const rows = attemptsOf([delivery({ id: '4' }), delivery({ id: '3', stage: 'accepted' }), delivery({ id: '2', stage: 'retry' }), delivery({ id: '1', generation: 0 })]);
    assert.deepEqual(rows.map((one) => one.id), ['4', '2', '1']);
  });
});

describe('a timeline', () => {
  const key = { scope: 'lyon', purpose: 'NEWSLETTER', channel: 'email' };
  const covers = new Map([['crm', [{ slot: 'contact.email', purposes: ['NEWSLETTER'], channels: ['email'] }, { slot: 'contact.sms', purposes: ['NEWSLETTER'], channels: ['sms'] }]]]);
  const entries = (...all) => all.map((one) => ({ at: one.observed_at ?? one.at, kind: one.stage ? 'delivery' : 'event', system: one.system, text: '', ...(one.stage ? { delivery: one } : { event: one }) }));

  test('puts what a first read sees within seconds into one moment, named after the refusal', () => {
    const moments = momentsOf([event({ decision: 'granted', observed_at: 0 }), event({ observed_at: 900, system: 'other' }), event({ observed_at: 3_600_000 })]);
    assert.deepEqual(moments.map((one) => [one.at, one.decision, one.events.length]), [[0, 'withdrawn', 2], [3_600_000, 'withdrawn', 1]]);
  });
  test('shows a delivery under the moment it follows, by its slots', () => {
    const found = timelineOf(entries(event({ decision: 'granted', system: '' }), event({ observed_at: 100_000, system: 'other' }),
      delivery({ at: 101_000, stage: 'accepted' }), delivery({ at: 102_000, latency_ms: 2000 }), delivery({ at: 103_000, slots: ['contact.sms=deny'] })), key, ['crm'], covers, false);
    assert.deepEqual(found.rows.map((row) => row.system), ['', 'crm', 'other']);
    assert.equal(found.rows[1].cells[0].attempt, null);
    assert.deepEqual(found.rows[1].cells[1].attempt, { sentAt: 101_000, verifiedAt: 102_000, latencyMs: 2000, tries: 0, end: 'verified' });
  });
  test('never borrows a consent of another purpose or controller, but shows the wider refusal that decides', () => {
    const all = entries(event({ decision: 'granted', purposes: ['OTHER'] }), event({ decision: 'granted', scope: 'torino', observed_at: 1 }), event({ purposes: ['OTHER'], observed_at: 2 }));
    assert.equal(timelineOf(all, key, [], covers, false).events.length, 0);
    assert.deepEqual(timelineOf(all, key, [], covers, true).events.map((one) => one.decision), ['withdrawn']);
  });
  test('knows the column since which the answer holds', () => {
    const moments = momentsOf([event({ observed_at: 0 }), event({ observed_at: 100_000 }), event({ observed_at: 200_000 })]);
    assert.equal(columnSince(moments, 100_000), 1);
    assert.equal(columnSince(moments, 900_000), 2);
  });
});
