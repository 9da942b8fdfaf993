// SPDX-License-Identifier: Apache-2.0
// Purposes, channels and scopes in use: those that the connected systems have slots for.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/client.ts';
import type { Cover } from './timeline_model.ts';

export type Vocabulary = { purposes: string[]; channels: string[]; scopes: string[]; covers: Map<string, Cover[]>; titles: Map<string, string> };
const none: Vocabulary = { purposes: [], channels: [], scopes: [], covers: new Map(), titles: new Map() };
let read: Promise<Vocabulary> | null = null;

async function load(): Promise<Vocabulary> {
  const systems = (await get('/v1/systems')).items;
  const details = await Promise.all(systems.map((one) => get('/v1/systems/{system}', { system: one.system })));
  const slots = details.flatMap((one) => one.slots);
  return {
    purposes: [...new Set(slots.flatMap((one) => one.purposes))],
    channels: [...new Set(slots.flatMap((one) => one.channels))],
    scopes: [...new Set(systems.map((one) => one.controller))],
    covers: new Map(details.map((one) => [one.system, one.slots])),
    titles: new Map(systems.map((one) => [one.system, one.title])),
  };
}

/** What people call a system. */
export function useTitleOf(): (system: string) => string {
  const { titles } = useVocabulary();
  return (system) => titles.get(system) ?? system;
}

/** Read once for the page's life: manifests change when the hub starts. */
export function useVocabulary(): Vocabulary {
  const [found, setFound] = useState(none);
  useEffect(() => {
    read ??= load();
    read.then(setFound, () => { read = null; });
  }, []);
  return found;
}
