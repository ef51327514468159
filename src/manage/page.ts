/** A part of a list, and where it goes on: null at its end. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** Reads one more than was asked for: whether there is one says whether the list goes on. */
export async function pageOf<Item>(
  most: number,
  read: (limit: number) => Promise<readonly Item[]>,
  cursorOf: (last: Item) => string | number,
): Promise<Page<Item>> {
  const found = await read(most + 1);
  const items = found.slice(0, most);
  const last = items.at(-1);
  return { items, next: found.length > most && last !== undefined ? String(cursorOf(last)) : null };
}
