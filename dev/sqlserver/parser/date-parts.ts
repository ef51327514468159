import { SqlFault } from './sql-fault.ts';
import type { DatePart, DatePartCall } from './syntax.ts';

const parts: Readonly<Record<DatePart, readonly string[]>> = {
  year: ['year', 'yy', 'yyyy'],
  quarter: ['quarter', 'qq', 'q'],
  month: ['month', 'mm', 'm'],
  dayofyear: ['dayofyear', 'dy', 'y'],
  day: ['day', 'dd', 'd'],
  week: ['week', 'wk', 'ww'],
  weekday: ['weekday', 'dw', 'w'],
  hour: ['hour', 'hh'],
  minute: ['minute', 'mi', 'n'],
  second: ['second', 'ss', 's'],
  millisecond: ['millisecond', 'ms'],
  microsecond: ['microsecond', 'mcs'],
  nanosecond: ['nanosecond', 'ns'],
  tzoffset: ['tzoffset', 'tz'],
  iso_week: ['iso_week', 'isowk', 'isoww'],
};

const byWord: ReadonlyMap<string, DatePart> = new Map(
  (Object.keys(parts) as DatePart[]).flatMap((part) => parts[part].map((word) => [word, part] as const)),
);

/** The date part that a word or its abbreviation names ("DATEPART (Transact-SQL)"); 155 for other words. */
export function datePartNamed(word: string, call: DatePartCall['name'], line: number): DatePart {
  const part = byWord.get(word.toLowerCase());
  if (part) return part;
  throw new SqlFault(155, 15, `'${word}' is not a recognized ${call.toLowerCase()} option.`, line);
}
