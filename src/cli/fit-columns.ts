interface Column {
  /** Of everything in it. */
  wide: number;
  /** What may be left of it. */
  least: number;
}

/** Widths that fit into so much room, as far as the columns can give way: the widest one gives first. */
export function fitColumns(columns: readonly Column[], room: number): number[] {
  const widths = columns.map(({ wide }) => wide);
  const total = widths.reduce((sum, width) => sum + width, 0);
  for (let over = total - room; over > 0; over -= 1) {
    const giving = columns.flatMap(({ least }, place) => ((widths[place] ?? 0) > least ? [place] : []));
    const widest = Math.max(...giving.map((place) => widths[place] ?? 0));
    const place = giving.findLast((each) => widths[each] === widest);
    if (place === undefined) break;
    widths[place] = widest - 1;
  }
  return widths;
}
