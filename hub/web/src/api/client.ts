// SPDX-License-Identifier: Apache-2.0
// Calls of the published API. Paths, bodies and answers are typed by hub/api/openapi.yaml: a wrong one does not compile.
import type { components, paths } from './schema.d.ts';
import { t } from '../text/index.ts';

export type Schemas = components['schemas'];

type Ok<Operation> = Operation extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;
type BodyOf<Operation> = Operation extends { requestBody?: { content: { 'application/json': infer Body } } } ? Body : undefined;
export type GetPath = { [P in keyof paths]: Ok<paths[P]['get']> extends never ? never : P }[keyof paths];
export type PostPath = { [P in keyof paths]: paths[P] extends { post: object } ? P : never }[keyof paths];
export type DeletePath = { [P in keyof paths]: paths[P] extends { delete: object } ? P : never }[keyof paths];
export type Got<P extends GetPath> = Ok<paths[P]['get']>;
type Parts = Record<string, string>;

/** An answer that was no: `message` is the hub's one sentence. */
export class Problem extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

let csrf = '';
let onSignedOut: () => void = () => undefined;

export function rememberSession(session: Schemas['Session']): void {
  csrf = session.csrf;
}
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

export function fill(pattern: string, parts: Parts = {}): string {
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
}

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (method !== 'GET') headers['x-csrf-token'] = csrf;
  if (body !== undefined) headers['content-type'] = 'application/json';
  let reply: Response;
  try {
    reply = await fetch(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } catch {
    throw new Problem(0, t('problem.offline'));
  }
  const answer: unknown = await reply.json().catch(() => ({}));
  if (reply.ok) return answer;
  if (reply.status === 401 && path !== '/v1/session') onSignedOut();
  const detail = (answer as { detail?: unknown }).detail;
  throw new Problem(reply.status, typeof detail === 'string' && detail ? detail : t('problem.status', { status: reply.status }));
}

export async function get<P extends GetPath>(path: P, parts?: Parts, query: Parts = {}): Promise<Got<P>> {
  return (await call('GET', address(path, parts, query))) as Got<P>;
}

export function address(path: string, parts?: Parts, query: Parts = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const tail = given.length ? `?${new URLSearchParams(given).toString()}` : '';
  return fill(path, parts) + tail;
}

export async function post<P extends PostPath>(
  path: P, parts: Parts, body: BodyOf<paths[P]['post']>,
): Promise<Ok<paths[P]['post']>> {
  return (await call('POST', fill(path, parts), body ?? {})) as Ok<paths[P]['post']>;
}

export async function remove<P extends DeletePath>(path: P, parts: Parts = {}): Promise<void> {
  await call('DELETE', fill(path, parts));
}
