/** The rows of the Markdown tables whose first heading is given, as trimmed cells. */
export function rowsOfTable(markdown: string, firstHeading: string): string[][] {
  const rows: string[][] = [];
  let inside = false;
  for (const line of markdown.split('\n')) {
    const cells = line.startsWith('|')
      ? line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim())
      : null;
    if (cells === null) inside = false;
    else if (cells[0] === firstHeading) inside = true;
    else if (inside && !/^:?-+:?$/.test(cells[0] ?? '')) rows.push(cells);
  }
  return rows;
}
