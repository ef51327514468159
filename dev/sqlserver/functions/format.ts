import { notSupported } from '../parser/sql-fault.ts';
import type { Typed } from '../types/contract.ts';
import { plainNumber } from '../types/convert-number.ts';
import { ticksOf } from '../types/convert-moment.ts';
import { invalidArgument } from './arguments.ts';
import { fromText, quote } from '../types/typed-sql.ts';

const cultures: ReadonlySet<string> = new Set(['', 'en-us']);

/** FORMAT for the patterns that reports use, in the culture en-US; the pattern must be a literal. */
export function translateFormat(value: Typed, format: Typed, culture: Typed | undefined): Typed {
  if (format.constant === undefined) throw notSupported('FORMAT with a pattern that is not a literal');
  if (culture && !cultures.has(culture.constant?.toLowerCase() ?? '?')) {
    throw notSupported('FORMAT in another culture than en-US');
  }
  const number = plainNumber(value);
  const isNumber = number !== undefined && value.type.name !== 'datetime' && value.type.name !== 'bit';
  const ticks = ticksOf(value);
  if (!isNumber && (ticks === undefined || value.type.name === 'time'))
    throw invalidArgument(value.type, 1, 'format');
  const sql = isNumber
    ? numberFormat(number, format.constant)
    : momentFormat(ticks ?? value.sql, format.constant);
  return fromText(sql, { name: 'nvarchar', length: 4000 }, true);
}

/** Custom patterns of zeros with or without thousands, and the standard formats N, F, D and P. */
function numberFormat(number: string, format: string): string {
  const standard = /^([NFDP])(\d{0,2})$/i.exec(format);
  if (standard) return standardNumber(number, standard[1]?.toUpperCase() ?? '', standard[2] ?? '');
  const custom = /^(#,##)?(0+)(?:\.(0+))?$/.exec(format);
  if (!custom) throw notSupported(`FORMAT with ${format}`);
  const [, thousands, whole = '', fraction = ''] = custom;
  return written(number, fraction.length, thousands !== undefined, whole.length);
}

function standardNumber(number: string, letter: string, digits: string): string {
  const count = digits === '' ? 2 : Number(digits);
  if (letter === 'N') return written(number, count, true, 1);
  if (letter === 'F') return written(number, count, false, 1);
  if (letter === 'P') return `${written(`(${number} * 100)`, count, true, 1)} || '%'`;
  return written(number, 0, false, Math.max(Number(digits), 1));
}

/** Halves are rounded away from zero, as .NET formats decimals. */
function written(number: string, decimals: number, thousands: boolean, whole: number): string {
  const zeros = '0'.repeat(whole);
  const digits = thousands ? '999,999,999,999,999,999,999,999,' : '99999999999999999999999999999';
  const padded = thousands
    ? `${digits}${zeros.length > 3 ? zeros : `99${zeros}`.slice(-3)}`
    : `${digits}${zeros}`;
  if (thousands && whole > 3) throw notSupported('FORMAT with thousands and leading zeros');
  const pattern = `FM${padded}${decimals > 0 ? `.${'0'.repeat(decimals)}` : ''}`;
  return `to_char(round(${number}, ${decimals}), '${pattern}')`;
}

/** .NET's date letters and what PostgreSQL's to_char calls them; `f` is handled apart. */
const letters: Readonly<Record<string, string>> = {
  yyyy: 'YYYY',
  yy: 'YY',
  MMMM: 'FMMonth',
  MMM: 'Mon',
  MM: 'MM',
  M: 'FMMM',
  dddd: 'FMDay',
  ddd: 'Dy',
  dd: 'DD',
  d: 'FMDD',
  HH: 'HH24',
  H: 'FMHH24',
  hh: 'HH12',
  h: 'FMHH12',
  mm: 'MI',
  m: 'FMMI',
  ss: 'SS',
  s: 'FMSS',
  tt: 'AM',
};

const standardMoments: Readonly<Record<string, string>> = {
  d: 'M/d/yyyy',
  D: 'dddd, MMMM d, yyyy',
  s: "yyyy-MM-dd'T'HH:mm:ss",
};

/** Each run of letters becomes a to_char of its own, so that nothing else of the pattern is read as a letter. */
function momentFormat(ticks: string, format: string): string {
  const pattern = standardMoments[format] ?? (format.length === 1 ? undefined : format);
  if (pattern === undefined) throw notSupported(`FORMAT with ${format}`);
  const parts: string[] = [];
  for (const [run] of pattern.matchAll(/([a-zA-Z])\1*|'[^']*'|\\.|[^a-zA-Z'\\]+/g)) {
    const letter = letters[run];
    if (/^f{1,7}$/.test(run)) parts.push(`tsql.fraction(${ticks}, ${run.length})`);
    else if (letter !== undefined) parts.push(`to_char(tsql.timestamp_of(${ticks}), '${letter}')`);
    else if (/^[a-zA-Z]/.test(run)) throw notSupported(`FORMAT with ${run}`);
    else parts.push(quote(run.startsWith("'") ? run.slice(1, -1) : run.replace(/^\\/, '')));
  }
  return parts.join(' || ');
}
