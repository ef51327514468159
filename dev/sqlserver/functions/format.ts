import { notSupported } from '../parser/sql-fault.ts';
import type { Typed } from '../types/contract.ts';
import { ticksOf } from '../types/convert-moment.ts';
import { plainNumber } from '../types/convert-number.ts';
import { fromText, quote } from '../types/typed-sql.ts';
import { invalidArgument } from './built-in.ts';

/** FORMAT for the patterns that reports use, in the culture en-US; the pattern must be a literal. */
export function translateFormat(value: Typed, format: Typed, culture?: Typed): Typed {
  const pattern = format.constant;
  if (pattern === undefined) throw notSupported('FORMAT with a pattern that is not a literal');
  if (culture && !['', 'en-us'].includes(culture.constant?.toLowerCase() ?? '?'))
    throw notSupported('FORMAT in another culture than en-US');
  const [ticks, number] = [ticksOf(value), plainNumber(value)];
  const isMoment = ticks !== undefined && value.type.name !== 'time';
  if (!isMoment && (number === undefined || value.type.name === 'bit'))
    throw invalidArgument(value, 1, 'format');
  const sql = isMoment ? momentFormat(ticks, pattern) : numberFormat(number ?? 'NULL', pattern);
  return fromText(sql, { name: 'nvarchar', length: 4000 }, true);
}

/** Zeros with or without thousands, and the standard formats N, F and D. Halves are rounded away from zero. */
function numberFormat(number: string, format: string): string {
  const [, letter, precision = ''] = /^([NFD])(\d{0,2})$/i.exec(format) ?? [];
  const decimals = precision === '' ? 2 : Number(precision);
  const kind = letter?.toUpperCase();
  if (kind === 'N') return written(number, '#,##0', decimals);
  if (kind === 'F') return written(number, '0', decimals);
  if (kind === 'D') return written(number, '0'.repeat(Number(precision) || 1), 0);
  const [, whole, fraction = ''] = /^(#,##0|0+)(?:\.(0+))?$/.exec(format) ?? [];
  if (whole === undefined) throw notSupported(`FORMAT with ${format}`);
  return written(number, whole, fraction.length);
}

function written(number: string, whole: string, decimals: number): string {
  const digits = whole === '#,##0' ? `${'999,'.repeat(8)}990` : `${'9'.repeat(29)}${whole}`;
  const pattern = `FM${digits}${decimals > 0 ? `.${'0'.repeat(decimals)}` : ''}`;
  return `to_char(round(${number}, ${decimals}), '${pattern}')`;
}

/** .NET's date letters and what PostgreSQL's to_char calls them; one letter is two without the leading zero. */
const letters: Readonly<Record<string, string>> = {
  yyyy: 'YYYY',
  yy: 'YY',
  MMMM: 'FMMonth',
  MMM: 'Mon',
  MM: 'MM',
  dddd: 'FMDay',
  ddd: 'Dy',
  dd: 'DD',
  HH: 'HH24',
  hh: 'HH12',
  mm: 'MI',
  ss: 'SS',
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
    const letter = letters[run] ?? (/^[MdHhms]$/.test(run) ? `FM${letters[run + run] ?? ''}` : undefined);
    if (/^f{1,7}$/.test(run)) parts.push(`tsql.fraction(${ticks}, ${run.length})`);
    else if (letter !== undefined) parts.push(`to_char(tsql.timestamp_of(${ticks}), '${letter}')`);
    else if (/^[a-zA-Z]/.test(run)) throw notSupported(`FORMAT with ${run}`);
    else parts.push(quote(run.startsWith("'") ? run.slice(1, -1) : run.replace(/^\\/, '')));
  }
  return parts.join(' || ');
}
