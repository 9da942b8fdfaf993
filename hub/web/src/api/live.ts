// SPDX-License-Identifier: Apache-2.0
// What changes in the hub, as it changes. One stream for the whole page.

export type Kind = 'event' | 'target' | 'delivery' | 'inbox' | 'incident' | 'system';
const kinds: Kind[] = ['event', 'target', 'delivery', 'inbox', 'incident', 'system'];
const kAgainMs = 5000;

type Listener = { kinds: ReadonlySet<Kind>; act: () => void };
const listeners = new Set<Listener>();
const watchers = new Set<() => void>();
let stream: EventSource | null = null;
let timer = 0;
/** 0 while the stream is up, else when it was last. */
let lostAt = 0;

export const lastUpdate = (): number => lostAt;

export function onChange(of: Kind[], act: () => void): () => void {
  const listener = { kinds: new Set(of), act };
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function onConnection(act: () => void): () => void {
  watchers.add(act);
  return () => watchers.delete(act);
}

function tell(kind: Kind | 'all'): void {
  for (const listener of [...listeners]) if (kind === 'all' || listener.kinds.has(kind)) listener.act();
}

function setLost(at: number): void {
  if ((lostAt === 0) === (at === 0)) return;
  lostAt = at;
  for (const act of watchers) act();
}

export function follow(): void {
  stop();
  const mine = new EventSource('/v1/changes');
  stream = mine;
  for (const kind of kinds) mine.addEventListener(kind, () => tell(kind));
  mine.addEventListener('reset', () => tell('all'));
  mine.addEventListener('open', () => {
    const wasLost = lostAt !== 0;
    setLost(0);
    if (wasLost) tell('all');
  });
  mine.addEventListener('error', () => {
    setLost(Date.now());
    // The browser comes back by itself unless the hub refused; a hub that starts refuses for a moment.
    if (mine.readyState === EventSource.CLOSED) timer = window.setTimeout(follow, kAgainMs);
  });
}

export function stop(): void {
  window.clearTimeout(timer);
  stream?.close();
  stream = null;
}
