// SPDX-License-Identifier: Apache-2.0
// The pages there are. A page that is not in this list has no link anywhere.
import type { JSX } from 'preact';
import { PagesIcon } from '../marks/marks.tsx';
import { Deliveries } from '../pages/deliveries.tsx';
import { Overview } from '../pages/overview.tsx';
import { People } from '../pages/people.tsx';
import { Review } from '../pages/review.tsx';
import { SettingsPage } from '../pages/settings.tsx';
import { Systems } from '../pages/systems.tsx';
import type { Key } from '../text/index.ts';
import type { Route } from './route.ts';

export type PageEntry = { page: string; title: Key; icon: JSX.Element; view: (props: { route: Route }) => JSX.Element; isInMenu?: boolean };

export const pages: PageEntry[] = [
  { page: '', title: 'nav.overview', icon: PagesIcon.overview, view: Overview },
  { page: 'review', title: 'nav.review', icon: PagesIcon.review, view: Review },
  { page: 'people', title: 'nav.people', icon: PagesIcon.people, view: People },
  { page: 'systems', title: 'nav.systems', icon: PagesIcon.systems, view: Systems },
  { page: 'deliveries', title: 'nav.deliveries', icon: PagesIcon.deliveries, view: Deliveries },
  { page: 'settings', title: 'nav.settings', icon: PagesIcon.settings, view: SettingsPage, isInMenu: true },
];

export const pageOf = (route: Route): PageEntry | undefined => pages.find((one) => one.page === route.page);
