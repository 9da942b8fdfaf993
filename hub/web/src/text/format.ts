// SPDX-License-Identifier: Apache-2.0
// ICU messages, as far as the interface needs them: {name}, {n, number}, plural with =n and #, select.

export type Args = Record<string, string | number | undefined>;

/** The message with its parts filled in. Unknown arguments show as their name in braces, so that a test sees them. */
export function formatMessage(message: string, args: Args, locale: string): string {
  return render(message, args, locale, null);
}

function render(message: string, args: Args, locale: string, count: number | null): string {
  let text = '';
  for (let at = 0; at < message.length; ) {
    const sign = message[at];
    if (sign === '{') {
      const end = closing(message, at);
      text += argument(message.slice(at + 1, end), args, locale);
      at = end + 1;
    } else {
      text += sign === '#' && count !== null ? new Intl.NumberFormat(locale).format(count) : sign;
      at += 1;
    }
  }
  return text;
}

/** Where the brace that opens at `from` closes. */
function closing(message: string, from: number): number {
  let depth = 0;
  for (let at = from; at < message.length; at++) {
    if (message[at] === '{') depth += 1;
    if (message[at] === '}' && --depth === 0) return at;
  }
  throw new Error(`unclosed brace in "${message}"`);
}

function argument(inside: string, args: Args, locale: string): string {
  const [, name = '', kind, rest = ''] = /^\s*(\w+)\s*(?:,\s*(\w+)\s*,?\s*([^]*))?$/.exec(inside) ?? [];
  const value = args[name];
  if (value === undefined) return `{${name}}`;
  if (!kind) return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value;
  if (kind === 'number') return new Intl.NumberFormat(locale).format(Number(value));
  const choices = branches(rest);
  if (kind === 'select') return render(choices.get(String(value)) ?? choices.get('other') ?? '', args, locale, null);
  if (kind !== 'plural') throw new Error(`"${kind}" is no kind of argument`);
  const count = Number(value);
  const branch = choices.get(`=${count}`) ?? choices.get(new Intl.PluralRules(locale).select(count)) ?? choices.get('other');
  return render(branch ?? '', args, locale, count);
}

function branches(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('{', at);
    if (open < 0) break;
    const end = closing(text, open);
    found.set(text.slice(at, open).trim(), text.slice(open + 1, end));
    at = end + 1;
  }
  return found;
}

/** The names a message asks for: every language must ask for the same. */
export function argumentsOf(message: string): Set<string> {
  const names = new Set<string>();
  for (const [, name] of message.matchAll(/\{\s*(\w+)\s*(?=[,}])/g)) if (name) names.add(name);
  return names;
}

export type Unit = 'ms' | 's' | 'min' | 'h' | 'd';

/** A span of time in two units at most: "41 s", "14 min", "2 d 3 h". */
export function spanParts(ms: number): { unit: Unit; value: number }[] {
  if (ms < 1000) return [{ unit: 'ms', value: Math.max(0, Math.round(ms)) }];
  const seconds = Math.round(ms / 1000);
  if (seconds < 100) return [{ unit: 's', value: seconds }];
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return [{ unit: 'min', value: minutes }];
  const hours = Math.round(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days === 0) return [{ unit: 'h', value: hours }];
  const rest = hours % 24;
  return [{ unit: 'd', value: days }, ...(rest && days < 10 ? [{ unit: 'h' as const, value: rest }] : [])];
}

/** A hint of an identifier, enough to recognise it: "a•••@example.org", "+33 •• •• 78". */
export function masked(kind: string, value: string): string {
  const at = value.lastIndexOf('@');
  if (kind === 'email' && at > 0) return `${value[0]}•••${value.slice(at)}`;
  if (value.length <= 4) return '••••';
  return `${value.slice(0, 3)}•••${value.slice(-2)}`;
}
