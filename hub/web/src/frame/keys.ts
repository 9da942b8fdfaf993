// SPDX-License-Identifier: Apache-2.0
// Single-key commands: they work only while no field has the focus, and can be switched off.
import { useEffect, useRef } from 'preact/hooks';

const kStored = 'concordat.keys';

export const areKeysOn = (): boolean => localStorage.getItem(kStored) !== 'off';
export function setKeys(on: boolean): void {
  localStorage.setItem(kStored, on ? 'on' : 'off');
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** `keys` by what the keyboard says: "/", "?", "j". Nothing happens while a dialog is open. */
export function useKeys(keys: Record<string, () => void>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
      const isSingle = event.key.length === 1;
      const act = latest.current[isSingle ? event.key.toLowerCase() : event.key];
      if (!act || (isSingle && !areKeysOn())) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

/** J and K move the focus among the elements that `selector` finds. */
export function useRowKeys(selector: string): void {
  const move = (step: number) => (): void => {
    const rows = [...document.querySelectorAll<HTMLElement>(selector)];
    const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
    rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))]?.focus();
  };
  useKeys({ j: move(1), k: move(-1) });
}
