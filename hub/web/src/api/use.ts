// SPDX-License-Identifier: Apache-2.0
// What pages read: loaded once, loaded anew when the hub says that it changed, at most once a second.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Got, type GetPath, address, get } from './client.ts';
import { type Kind, onChange } from './live.ts';
import { merged, type Shown } from './merged.ts';

const kPauseMs = 1000;

type Parts = Record<string, string>;
export type Loaded<T> = { data: T | null; error: string; reload: () => void };

/** Calls `act` after changes of these kinds, gathered over a second. */
export function useChanges(kinds: Kind[], act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  const names = kinds.join();
  useEffect(() => {
    let timer = 0;
    const stop = onChange(names.split(',') as Kind[], () => {
      if (timer) return;
      timer = window.setTimeout(() => { timer = 0; latest.current(); }, kPauseMs);
    });
    return () => { stop(); window.clearTimeout(timer); };
  }, [names]);
}

export function useGet<P extends GetPath>(path: P, options: { parts?: Parts; query?: Parts; on?: Kind[]; skip?: boolean } = {}): Loaded<Got<P>> {
  const [state, setState] = useState<{ at: string; data: Got<P> | null; error: string }>({ at: '', data: null, error: '' });
  const at = options.skip ? '' : address(path, options.parts, options.query);
  const asked = useRef(0);
  const load = useCallback(() => {
    if (!at) return;
    const mine = ++asked.current;
    get(path, options.parts, options.query).then(
      (data) => { if (mine === asked.current) setState({ at, data, error: '' }); },
      (error: Error) => { if (mine === asked.current) setState((before) => ({ at, data: before.at === at ? before.data : null, error: error.message })); },
    );
  }, [at]);
  useEffect(load, [load]);
  useChanges(options.on ?? [], load);
  return { data: state.at === at ? state.data : null, error: state.at === at ? state.error : '', reload: load };
}

type ListPath = { [P in GetPath]: Got<P> extends { items: unknown[]; next: string } ? P : never }[GetPath];
type ItemOf<P extends ListPath> = Got<P> extends { items: (infer Item)[] } ? Item & { id: string } : never;
export type List<Item> = {
  items: Item[] | null; error: string; waiting: number; next: string;
  showWaiting: () => void; more: () => void; reload: () => void;
};

const nothing = { at: '', items: null, next: '', fresh: [], error: '' };

/** A list that does not jump: known rows change in place, new ones wait until they are asked for. */
export function useList<P extends ListPath>(path: P, query: Parts, on: Kind[], options: { keepGone?: boolean; skip?: boolean } = {}): List<ItemOf<P>> {
  type Item = ItemOf<P>;
  const [shown, setShown] = useState<Shown<Item>>(nothing);
  const at = options.skip ? '' : address(path, {}, query);
  const read = useCallback(
    async (after: string) => (await get(path, {}, { ...query, after })) as unknown as { items: Item[]; next: string }, [at]);
  const fail = useCallback((error: Error) => setShown((before) => ({ ...(before.at === at ? before : nothing), at, error: error.message })), [at]);
  const load = useCallback(() => {
    if (at) read('').then((page) => setShown({ at, items: page.items, next: page.next, fresh: [], error: '' }), fail);
  }, [at]);
  useEffect(load, [load]);
  useChanges(on, () => {
    if (at) read('').then((page) => setShown((before) => before.at === at && before.items ? merged(before, page, options.keepGone ?? false) : { at, ...page, fresh: [], error: '' }), fail);
  });
  const more = useCallback(() => {
    if (shown.next) read(shown.next).then((page) => setShown((before) => ({ ...before, items: [...(before.items ?? []), ...page.items], next: page.next })), fail);
  }, [at, shown.next]);
  const isMine = shown.at === at;
  return {
    items: isMine ? shown.items : null, error: isMine ? shown.error : '', waiting: isMine ? shown.fresh.length : 0, next: isMine ? shown.next : '',
    showWaiting: load, more, reload: load,
  };
}
