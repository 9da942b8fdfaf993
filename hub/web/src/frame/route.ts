// SPDX-License-Identifier: Apache-2.0
// Where the reader is: "#/people/ID?key=…". The part after # never reaches a server's log.
import { useEffect, useState } from 'preact/hooks';

export type Route = { page: string; id: string; query: Record<string, string> };

export function routeOf(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page = '', id = ''] = path.split('/').map(decoded);
  return { page, id, query: Object.fromEntries(new URLSearchParams(search)) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function linkTo(page: string, id = '', query: Record<string, string> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  return `#/${page}${id ? `/${encodeURIComponent(id)}` : ''}${given.length ? `?${new URLSearchParams(given).toString()}` : ''}`;
}

export function go(page: string, id = '', query: Record<string, string> = {}): void {
  location.hash = linkTo(page, id, query);
}

/** The same place, told otherwise: the way back is not lengthened. */
export function replace(page: string, id = '', query: Record<string, string> = {}): void {
  history.replaceState(null, '', linkTo(page, id, query));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const follow = (): void => setRoute(routeOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}
