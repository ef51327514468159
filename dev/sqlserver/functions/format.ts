import { notSupported } from '../parser/sql-fault.ts';
import type { Typed } from '../types/contract.ts';
import { ticksOf } from '../types/convert-moment.ts';
import { plainNumber } from '../types/convert-number.ts';
import { familyOf } from '../types/sql-types.ts';
import { fromText, quote } from '../types/typed-sql.ts';
import { invalidArgument } from './built-in.ts';

/** What a culture of Windows says of numbers and moments. */
interface Culture {
  /** What stands between thousands, and before the fraction. */
  marks: ',.' | '.,';
  /** Amounts of money, above and below zero: `n` is the number. */
  money: readonly [string, string];
  /** The standard patterns of moments that have one of their own. */
  moments: Readonly<Record<'d' | 'D' | 't' | 'T', string>>;
  /** Absent = the English ones. */
  names?: { months: string; days: string };
}

const spanish = {
  marks: '.,',
  names: {
    months: 'enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre',
    days: 'domingo,lunes,martes,miércoles,jueves,viernes,sábado',
  },
} as const;
const longSpanish = "dddd, d 'de' MMMM 'de' yyyy";
const cultures: Readonly<Record<string, Culture>> = {
  'en-us': {
    marks: ',.',
    money: ['$n', '($n)'],
    moments: { d: 'M/d/yyyy', D: 'dddd, MMMM d, yyyy', t: 'h:mm tt', T: 'h:mm:ss tt' },
  },
  iv: {
    marks: ',.',
    money: ['¤n', '(¤n)'],
    moments: { d: 'MM/dd/yyyy', D: 'dddd, dd MMMM yyyy', t: 'HH:mm', T: 'HH:mm:ss' },
  },
  'es-ar': {
    ...spanish,
    money: ['$ n', '-$ n'],
    moments: { d: 'd/M/yyyy', D: longSpanish, t: 'HH:mm', T: 'HH:mm:ss' },
  },
  'es-es': {
    ...spanish,
    money: ['n €', '-n €'],
    moments: { d: 'dd/MM/yyyy', D: longSpanish, t: 'H:mm', T: 'H:mm:ss' },
  },
};

/** FORMAT for the patterns and cultures that reports use; both must be literals. */
export function translateFormat(value: Typed, format: Typed, named?: Typed): Typed {
  const pattern = format.constant;
  const culture = cultures[named ? (named.constant?.toLowerCase() ?? '') : 'en-us'];
  if (pattern === undefined) throw notSupported('FORMAT with a pattern that is not a literal');
  if (!culture) throw notSupported(`FORMAT in another culture than ${Object.keys(cultures).join(', ')}`);
  if (value.untypedNull || ['text', 'binary', 'uuid', 'bit'].includes(familyOf(value.type)))
    throw invalidArgument(value, 1, 'format');
  if (value.type.name === 'time') throw notSupported('FORMAT of time');
  const number = plainNumber(value);
  const sql =
    number === undefined
      ? momentFormat(value, pattern, culture)
      : numberFormat(value, number, pattern, culture);
  return fromText(sql, { name: 'nvarchar', length: 4000 }, true);
}

/** "Standard numeric format strings" C, D, F, G and N; else "Custom numeric format strings" of one section. */
function numberFormat({ type }: Typed, number: string, format: string, culture: Culture): string {
  const [, letter = '', precision = ''] = /^([CDFGN])(\d{0,2})$/i.exec(format) ?? [];
  const decimals = precision === '' ? 2 : Number(precision);
  const family = familyOf(type);
  switch (letter.toUpperCase()) {
    case 'C':
      return signed(number, '#,##0', decimals, decimals, culture.money, culture);
    case 'N':
      return signed(number, '#,##0', decimals, decimals, ['n', '-n'], culture);
    case 'F':
      return signed(number, '0', decimals, decimals, ['n', '-n'], culture);
    case 'D':
      // What the format is not for gives NULL ("FORMAT (Transact-SQL)").
      if (family !== 'integer') return 'NULL::text';
      return signed(number, '0'.repeat(Number(precision) || 1), 0, 0, ['n', '-n'], culture);
    case 'G':
      if (precision !== '' || family === 'float') throw notSupported(`FORMAT of ${type.name} with ${format}`);
      return inMarks(
        `(${number})::numeric(38, ${'scale' in type ? type.scale : family === 'money' ? 4 : 0})::text`,
        culture,
      );
  }
  const literal = String.raw`((?:'[^']*'|"[^"]*"|\\.|[ $€:/()+-])*)`;
  const custom = new RegExp(`^${literal}([#0][#0,]*|)(?:\\.(0*)(#*))?(%?)${literal}$`).exec(format);
  const [, before = '', whole = '', zeros = '', more = '', percent = '', after = ''] = custom ?? [];
  if (!custom || `${whole}${zeros}${more}` === '' || whole.endsWith(','))
    throw notSupported(`FORMAT with ${format}`);
  const plain = (text: string): string => text.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, '$1$2$3');
  const shown = `${plain(before)}\u0000${percent}${plain(after)}`;
  const scaled = percent ? `${number} * 100` : number;
  const places = zeros.length + more.length;
  return signed(scaled, whole, zeros.length, places, [shown, `-${shown}`], culture, '\u0000');
}

/** The number rounded (halves away from zero), in the form for its sign, whose `place` its digits take. */
function signed(
  number: string,
  whole: string,
  zeros: number,
  places: number,
  [above, below]: readonly [string, string],
  culture: Culture,
  place = 'n',
): string {
  const rounded = `round(${number}, ${places})`;
  const least = whole.replace(/[^0]/g, '').length;
  let digits = '';
  for (let left = 30; left > 0; left -= 1)
    digits += `${left <= Math.max(least, 1) ? 0 : 9}${whole.includes(',') && left % 3 === 1 && left > 1 ? ',' : ''}`;
  const fraction = places > 0 ? `.${'0'.repeat(zeros)}${'9'.repeat(places - zeros)}` : '';
  const written = `rtrim(to_char(abs(${rounded}), 'FM${digits}${fraction}'), '.')`;
  const shown = inMarks(least > 0 ? written : `regexp_replace(${written}, '^0(?![0-9])', '')`, culture);
  const around = (form: string): string => {
    const [before = '', after = ''] = form.split(place);
    return `${quote(before)} || ${shown} || ${quote(after)}`;
  };
  return `CASE WHEN ${rounded} < 0 THEN ${around(below)} ELSE ${around(above)} END`;
}

const inMarks = (digits: string, { marks }: Culture): string =>
  marks === ',.' ? digits : `translate(${digits}, ',.', '.,')`;

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

/** Each run of letters becomes a to_char of its own; letters that mean nothing stand for themselves, as in .NET. */
function momentFormat(value: Typed, format: string, { moments, names }: Culture): string {
  const { d, D, t, T } = moments;
  const standard: Readonly<Record<string, string>> = {
    ...moments,
    ...{ f: `${D} ${t}`, F: `${D} ${T}`, g: `${d} ${t}`, G: `${d} ${T}` },
    ...{ s: "yyyy-MM-dd'T'HH:mm:ss", u: "yyyy-MM-dd HH:mm:ss'Z'" },
  };
  const pattern = standard[format] ?? format;
  if (pattern.length < 2 || pattern.includes('%')) throw notSupported(`FORMAT with ${format}`);
  const ticks = ticksOf(value) ?? value.sql;
  const moment = `tsql.timestamp_of(${ticks})`;
  const named = (list: string, field: string): string =>
    `split_part('${list}', ',', extract(${field} FROM ${moment})::int${field === 'dow' ? ' + 1' : ''})`;
  const parts: string[] = [];
  for (const [run] of pattern.matchAll(/([a-zA-Z])\1*|'[^']*'|"[^"]*"|\\.|[^a-zA-Z'"\\]+/g)) {
    const letter = letters[run] ?? (/^[MdHhms]$/.test(run) ? `FM${letters[run + run] ?? ''}` : undefined);
    if (names && /^(MMM|ddd|tt)$/.test(run)) throw notSupported(`FORMAT with ${run} in Spanish`);
    if (names && run === 'MMMM') parts.push(named(names.months, 'month'));
    else if (names && run === 'dddd') parts.push(named(names.days, 'dow'));
    else if (/^f{1,7}$/.test(run)) parts.push(`tsql.fraction(${ticks}, ${run.length})`);
    else if (run === 'zzz' && value.type.name === 'datetimeoffset')
      parts.push(`tsql.zone_text(tsql.zone_minutes(${value.sql}))`);
    else if (letter !== undefined) parts.push(`to_char(${moment}, '${letter}')`);
    else if (/^[dfFghHKmMstyz]/.test(run)) throw notSupported(`FORMAT with ${run}`);
    else parts.push(quote(/^['"]/.test(run) ? run.slice(1, -1) : run.replace(/^\\/, '')));
  }
  return parts.join(' || ');
}
