// SPDX-License-Identifier: Apache-2.0
// The marks of the interface. Each stands beside a word or number that says the same, so none has a name of its own.
import type { ComponentChildren, JSX } from 'preact';

type Props = { size?: number; colour?: string };

function Glyph({ size = 12, colour = 'var(--ink2)', children }: Props & { children: ComponentChildren }): JSX.Element {
  return (
    <svg class="glyph" width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" style={{ color: colour }} stroke-width="1.6" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const Logo = (): JSX.Element => (
  <svg class="glyph logo" width="22" height="16" viewBox="0 0 22 16" fill="none" stroke-width="2" aria-hidden="true" focusable="false">
    <circle cx="8" cy="8" r="6" stroke="var(--ink)" />
    <circle cx="14" cy="8" r="6" stroke="var(--accent)" />
  </svg>
);

// Severity
export const Blocker = (p: Props): JSX.Element => (
  <Glyph colour="var(--unsafeguarded)" {...p}><path d="M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z" fill="currentColor" stroke="none" /><path d="M5 8h6" stroke="var(--surface)" stroke-width="2" /></Glyph>
);
export const High = (p: Props): JSX.Element => <Glyph colour="var(--ink)" {...p}><path d="M8 1.5 14.5 8 8 14.5 1.5 8z" fill="currentColor" stroke="none" /></Glyph>;
export const Medium = (p: Props): JSX.Element => <Glyph colour="var(--ink)" {...p}><path d="M8 2.2 13.8 8 8 13.8 2.2 8z" /></Glyph>;
export const Low = (p: Props): JSX.Element => <Glyph {...p}><path d="M3 8h10" stroke-width="2" /></Glyph>;

// States of a system
export const Running = (p: Props): JSX.Element => <Glyph colour="var(--adequate)" {...p}><circle cx="8" cy="8" r="6" fill="currentColor" stroke="none" /></Glyph>;
export const Paused = (p: Props): JSX.Element => <Glyph colour="var(--ink)" {...p}><path d="M5.5 3v10M10.5 3v10" stroke-width="2.6" /></Glyph>;
export const Stopped = (p: Props): JSX.Element => <Glyph colour="var(--unsafeguarded)" {...p}><path d="M3 3h10v10H3z" fill="currentColor" stroke="none" /></Glyph>;
export const Half = (p: Props): JSX.Element => <Glyph colour="var(--safeguarded)" {...p}><circle cx="8" cy="8" r="5.6" /><path d="M8 2.4a5.6 5.6 0 0 1 0 11.2z" fill="currentColor" stroke="none" /></Glyph>;
export const Dotted = (p: Props): JSX.Element => <Glyph {...p}><circle cx="8" cy="8" r="5.8" stroke-dasharray="2.4 2.1" /></Glyph>;
export const Down = (p: Props): JSX.Element => <Glyph colour="var(--unsafeguarded)" {...p}><path d="M8 1.8 15 14H1z" fill="currentColor" stroke="none" /><path d="M8 6v4M8 11.4v1.4" stroke="var(--surface)" stroke-width="1.5" /></Glyph>;

// Decisions
export const Granted = (p: Props): JSX.Element => <Glyph colour="var(--ink)" {...p}><circle cx="8" cy="8" r="6.6" /><path d="m5.2 8.2 2 2 3.6-4" /></Glyph>;
export const Restricted = (p: Props): JSX.Element => <Glyph colour="var(--ink)" {...p}><circle cx="8" cy="8" r="7.2" fill="currentColor" stroke="none" /><path d="M4.6 8h6.8" stroke="var(--surface)" stroke-width="2" /></Glyph>;
export const Unproven = (p: Props): JSX.Element => <Glyph colour="var(--ink)" {...p}><circle cx="8" cy="8" r="6.6" stroke-dasharray="2.4 2" /><path d="m5.6 8.2 1.7 1.7 3-3.4" stroke-width="1.3" /></Glyph>;
export const Other = (p: Props): JSX.Element => <Glyph {...p}><circle cx="8" cy="8" r="2.4" fill="currentColor" stroke="none" /></Glyph>;

// Deliveries
export const Sent = (p: Props): JSX.Element => <Glyph {...p}><circle cx="8" cy="8" r="4" fill="var(--surface)" /></Glyph>;
export const Verified = (p: Props): JSX.Element => <Glyph colour="var(--ink2)" {...p}><rect x="2.5" y="2.5" width="11" height="11" rx="2" fill="currentColor" stroke="none" /><path d="m5.2 8.2 2 2 3.6-4" stroke="var(--surface)" /></Glyph>;

// Signs
export const Search = (p: Props): JSX.Element => <Glyph size={14} {...p}><circle cx="7" cy="7" r="4.6" /><path d="m10.5 10.5 3.5 3.5" /></Glyph>;
export const Chevron = (p: Props): JSX.Element => <Glyph size={10} {...p}><path d="m3.5 6 4.5 4.5L12.5 6" stroke-width="1.9" /></Glyph>;
export const Right = (p: Props): JSX.Element => <Glyph size={10} {...p}><path d="M6 3.5 10.5 8 6 12.5" stroke-width="1.9" /></Glyph>;
export const Close = (p: Props): JSX.Element => <Glyph size={14} {...p}><path d="m3.5 3.5 9 9M12.5 3.5l-9 9" /></Glyph>;
export const Menu = (p: Props): JSX.Element => <Glyph size={20} colour="var(--ink)" {...p}><path d="M2 4h12M2 8h12M2 12h12" stroke-width="1.3" /></Glyph>;
export const PagesIcon = {
  overview: <Glyph size={20} colour="currentColor"><path d="M2.5 7 8 2.5 13.5 7v6.5h-11z" stroke-width="1.2" /><path d="M6.5 13.5v-4h3v4" stroke-width="1.2" /></Glyph>,
  review: <Glyph size={20} colour="currentColor"><rect x="3" y="2" width="10" height="12" rx="1.5" stroke-width="1.2" /><path d="m5.5 6 1.2 1.2L9 5M5.5 10.5h5" stroke-width="1.2" /></Glyph>,
  people: <Glyph size={20} colour="currentColor"><circle cx="8" cy="5.5" r="3" stroke-width="1.2" /><path d="M2.5 14a5.5 5.5 0 0 1 11 0" stroke-width="1.2" /></Glyph>,
  systems: <Glyph size={20} colour="currentColor"><rect x="2" y="2.5" width="12" height="4.5" rx="1" stroke-width="1.2" /><rect x="2" y="9" width="12" height="4.5" rx="1" stroke-width="1.2" /><path d="M4.5 4.8h1.5M4.5 11.2h1.5" stroke-width="1.2" /></Glyph>,
  deliveries: <Glyph size={20} colour="currentColor"><path d="M2 8h10M8.5 4.5 12 8l-3.5 3.5" stroke-width="1.2" /><path d="M14 2.5v11" stroke-width="1.2" /></Glyph>,
  settings: <Glyph size={20} colour="currentColor"><path d="M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7" stroke-width="1.2" /><circle cx="10.5" cy="4.5" r="1.6" stroke-width="1.2" /><circle cx="5.5" cy="11.5" r="1.6" stroke-width="1.2" /></Glyph>,
};
