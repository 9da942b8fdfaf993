// SPDX-License-Identifier: Apache-2.0
// The language of the screen: messages, numbers, dates. Times are the reader's own zone.
import { en } from './en.ts';
import { type Args, formatMessage, spanParts } from './format.ts';

export type Key = keyof typeof en;
export type Messages = Record<Key, string>;
export const languages = { en: 'English', fr: 'Français', it: 'Italiano' } as const;
export type Language = keyof typeof languages;

let language: Language = 'en';
let messages: Messages = en;
/** English with the day first and 24 hours: the hub's users are European. */
const locales = { en: 'en-GB', fr: 'fr-FR', it: 'it-IT' } as const;
const locale = (): string => locales[language];
const kStored = 'concordat.language';

export const currentLanguage = (): Language => language;

export function t(key: Key, args: Args = {}): string {
  return formatMessage(messages[key], args, locale());
}

/** Has the dictionary such a key? Codes of the hub are shown as they are where it has not. */
export function word(prefix: string, code: string): string {
  const key = `${prefix}.${code}` as Key;
  return messages[key] ?? readable(code);
}

/** "EVENT_INVITES" as "Event invites". */
function readable(code: string): string {
  const words = code.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export async function setLanguage(wanted: Language): Promise<void> {
  if (wanted === 'fr') messages = (await import('./fr.ts')).fr;
  else if (wanted === 'it') messages = (await import('./it.ts')).it;
  else messages = en;
  language = wanted;
  localStorage.setItem(kStored, wanted);
  document.documentElement.lang = wanted;
}

/** What was chosen here before, else the first of the browser's languages that there is. */
export function preferredLanguage(): Language {
  const wishes = [localStorage.getItem(kStored) ?? '', ...navigator.languages.map((one) => one.slice(0, 2))];
  return wishes.find((one): one is Language => one in languages) ?? 'en';
}

export const number = (value: number): string => new Intl.NumberFormat(locale()).format(value);

export function span(ms: number): string {
  return spanParts(ms).map(({ unit, value }) => `${number(value)}\u00a0${t(`unit.${unit}`)}`).join(' ');
}

const isToday = (at: Date): boolean => at.toDateString() === new Date().toDateString();

/** "16:40:12" today, else "21 Nov 16:40", with the year if it is another. */
export function when(ms: number): string {
  if (!ms) return t('time.never');
  const at = new Date(ms);
  if (isToday(at)) return new Intl.DateTimeFormat(locale(), { timeStyle: 'medium' }).format(at);
  const isThisYear = at.getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(locale(), {
    day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(at);
}

export const clockTime = (ms: number): string => new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit' }).format(ms);
export const day = (ms: number): string => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).format(ms);
/** Day and time to the second: for a ledger. */
export const exactly = (ms: number): string => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(ms);
