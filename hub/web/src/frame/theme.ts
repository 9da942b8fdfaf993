// SPDX-License-Identifier: Apache-2.0
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
const kStored = 'concordat.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(kStored);
  return themes.find((one) => one === stored) ?? 'system';
}

export function applyTheme(theme: Theme = chosenTheme()): void {
  localStorage.setItem(kStored, theme);
  document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
}

dark.addEventListener('change', () => applyTheme());
