// SPDX-License-Identifier: Apache-2.0
import type { Schemas } from '../api/client.ts';

/** The stages of one attempt as one row: what became of it, newest first, as they come. */
export function attemptsOf(items: Schemas['Delivery'][]): Schemas['Delivery'][] {
  const found = new Map<string, Schemas['Delivery']>();
  for (const one of items) {
    const key = [one.subject, one.system, one.object, one.record, one.generation].join(' ');
    // What was only sent or accepted gives way to what came of it; a refusal or a new try stays told.
    if (!found.has(key)) found.set(key, one);
    else if (one.stage === 'retry' || one.stage === 'parked') found.set(`${key} ${one.id}`, one);
  }
  return [...found.values()];
}
