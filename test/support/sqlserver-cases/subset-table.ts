import { cases } from './cases.ts';
import { refused } from './refused.ts';
import { subset } from './subset.ts';

const begin = '<!-- Written by `npm run subset`: begin -->';
const end = '<!-- end -->';

/** The README with its table of the subset as the cases have it. Throws when it has no place for it. */
export function withSubsetTable(readme: string): string {
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`The README lacks ${begin} or ${end}`);
  return [before, begin, '\n\n', table(), '\n\n', leftOut(), '\n\n', end, after].join('');
}

function table(): string {
  const lines = Object.entries(subset).map(([line, [part, what]]) => {
    const own = cases.filter((each) => each.line === line);
    const errors = own.filter(({ number }) => number !== undefined);
    return [part, what, `${own.length}`, `${errors.length}`];
  });
  const rows = [['Part', 'What it takes', 'Cases', 'of them errors'], ...lines];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const shown = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  const [heading = [], ...others] = shown;
  return [heading, widths.map((width) => '-'.repeat(width)), ...others]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** What T-SQL has beyond that, in the words of the errors. */
function leftOut(): string {
  const names = refused.filter(({ number }) => number === 40510).map(({ names: name }) => name.slice(2));
  const all = [...new Set(names)].toSorted((a, b) => a.localeCompare(b)).join(', ');
  const sentence = `Refused by name, beside syntax and functions of other databases (${refused.length} cases): ${all}.`;
  return wrapped(sentence, 120);
}

function wrapped(text: string, width: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}
