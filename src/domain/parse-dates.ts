import { Temporal } from 'temporal-polyfill';
import type { ConfigFault } from './config-fault.ts';
import { itemsOf, LONGEST_LIST } from './parse-numbers.ts';

const ISO =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:T|\s+)(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d))?$/;
const LATIN =
  /^(?<day>\d\d)\/(?<month>\d\d)\/(?<year>\d{4})\s+(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d))?$/;

/** The years that SQL Server's DATETIME and DATETIMEOFFSET both hold, with a day to spare for the offset. */
const YEARS = { first: 1753, last: 9998 };

const ALLOWED =
  'fechas con hora, como 2026-03-02 12:49 o 02/03/2026 12:49:00, separadas por comas ' +
  `(hasta ${LONGEST_LIST} caracteres en total)`;

/** cfg_FechasPuntuales: each time once, in order. A bad entry, and a list without any entry, are told in `faults`. */
export function parseDates(text: string | null): {
  entries: readonly Temporal.PlainDateTime[];
  faults: readonly ConfigFault[];
} {
  const items = itemsOf(text);
  const entries = new Map<string, Temporal.PlainDateTime>();
  const faults: ConfigFault[] = [];
  for (const item of items) {
    const entry = parseDate(item);
    if (entry === null) faults.push({ column: 'cfg_FechasPuntuales', value: item, allowed: ALLOWED });
    else entries.set(entry.toString(), entry);
  }
  if (items.length === 0) faults.push({ column: 'cfg_FechasPuntuales', value: text, allowed: ALLOWED });
  return { entries: [...entries.values()].sort((a, b) => Temporal.PlainDateTime.compare(a, b)), faults };
}

function parseDate(item: string): Temporal.PlainDateTime | null {
  const groups = (ISO.exec(item) ?? LATIN.exec(item))?.groups;
  if (groups === undefined) return null;
  const field = (name: string): number => Number(groups[name] ?? 0);
  const year = field('year');
  if (year < YEARS.first || year > YEARS.last || field('second') > 59) return null;
  try {
    return Temporal.PlainDateTime.from(
      {
        year,
        month: field('month'),
        day: field('day'),
        hour: field('hour'),
        minute: field('minute'),
        second: field('second'),
      },
      { overflow: 'reject' },
    );
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
