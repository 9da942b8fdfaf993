// SPDX-License-Identifier: Apache-2.0
// How a list takes in what is new without jumping. Pure.

/** What is shown, and what waits until it is asked for. */
export type Shown<Item> = { at: string; items: Item[] | null; next: string; fresh: Item[]; error: string };

/** Known rows in their place with their new values; unknown ones kept aside. A row that the first page no longer has is gone. */
export function merged<Item extends { id: string }>(
  before: Shown<Item>, page: { items: Item[]; next: string }, keepGone: boolean,
): Shown<Item> {
  const now = new Map(page.items.map((item) => [item.id, item]));
  const known = new Set(before.items?.map((item) => item.id));
  const items = (before.items ?? []).flatMap((item) => {
    const found = now.get(item.id);
    return found ? [found] : keepGone || before.next !== '' || page.next !== '' ? [item] : [];
  });
  return { ...before, items, error: '', fresh: page.items.filter((item) => !known.has(item.id)) };
}
