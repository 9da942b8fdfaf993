// SPDX-License-Identifier: Apache-2.0
// Who is signed in, for pages that show what this person may do.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Schemas } from '../api/client.ts';

export type Session = Schemas['Session'];
export const SessionContext = createContext<Session>({ user: '', role: 'read_only', csrf: '' });

export const useSession = (): Session => useContext(SessionContext);
export const useMayDecide = (): boolean => useSession().role !== 'read_only';
export const useIsAdmin = (): boolean => useSession().role === 'admin';
