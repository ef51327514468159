import { notSupported } from '../parser/sql-fault.ts';
import type { Typed } from '../types/contract.ts';
import { ticksOf } from '../types/convert-moment.ts';
import { plainNumber } from '../types/convert-number.ts';
import { familyOf } from '../types/sql-types.ts';
import { fromText, quote } from '../types/typed-sql.ts';
import { invalidArgument } from './built-in.ts';

/**
 * What cultures of Windows say: the marks of thousands and of the fraction, amounts of money above and below zero (`n` is the
 * number), and the standard patterns d, D, t and T of moments.
 */
const cultures: Readonly<Record<string, string>> = {
  'en-us': ',.|$n|($n)|M/d/yyyy|dddd, MMMM d, yyyy|h:mm tt|h:mm:ss tt',
  iv: ',.|¤n|(¤n)|MM/dd/yyyy|dddd, dd MMMM yyyy|HH:mm|HH:mm:ss',
  'es-ar': ".,|$ n|-$ n|d/M/yyyy|dddd, d 'de' MMMM 'de' yyyy|HH:mm|HH:mm:ss",
  'es-es': ".,|n €|-n €|dd/MM/yyyy|dddd, d 'de' MMMM 'de' yyyy|H:mm|H:mm:ss",
};
const months = 'enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre';
const days = 'domingo,lunes,martes,miércoles,jueves,viernes,sábado';

interface Culture {
  isSpanish: boolean;
  money: readonly [string, string];
  moments: Readonly<Record<string, string>>;
}

function cultureOf(name: string): Culture {
  const words = cultures[name]?.split('|');
  if (!words) throw notSupported(`FORMAT in another culture than ${Object.keys(cultures).join(', ')}`);
  const [marks, above = '', below = '', d = '', D = '', t = '', T = ''] = words;
  const moments = {
    ...{ d, D, t, T, f: `${D} ${t}`, F: `${D} ${T}`, g: `${d} ${t}`, G: `${d} ${T}` },
    ...{ s: "yyyy-MM-dd'T'HH:mm:ss", u: "yyyy-MM-dd HH:mm:ss'Z'" },
  };
  return { isSpanish: marks === '.,', money: [above, below], moments };
}

/** FORMAT for the patterns and cultures that reports use; both must be literals. */
export function translateFormat(value: Typed, format: Typed, named?: Typed): Typed {
  const pattern = format.constant;
  if (pattern === undefined) throw notSupported('FORMAT with a pattern that is not a literal');
  const culture = cultureOf(named ? (named.constant?.toLowerCase() ?? '') : 'en-us');
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

const inMarks = (digits: string, { isSpanish }: Culture): string =>
  isSpanish ? `translate(${digits}, ',.', '.,')` : digits;

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
function momentFormat(value: Typed, format: string, { moments, isSpanish }: Culture): string {
  const pattern = moments[format] ?? format;
  if (pattern.length < 2 || pattern.includes('%')) throw notSupported(`FORMAT with ${format}`);
  const ticks = ticksOf(value) ?? value.sql;
  const moment = `tsql.timestamp_of(${ticks})`;
  const named = (list: string, field: string): string =>
    `split_part('${list}', ',', extract(${field} FROM ${moment})::int${field === 'dow' ? ' + 1' : ''})`;
  const parts: string[] = [];
  for (const [run] of pattern.matchAll(/([a-zA-Z])\1*|'[^']*'|"[^"]*"|\\.|[^a-zA-Z'"\\]+/g)) {
    const letter = letters[run] ?? (/^[MdHhms]$/.test(run) ? `FM${letters[run + run] ?? ''}` : undefined);
    if (isSpanish && /^(MMM|ddd|tt)$/.test(run)) throw notSupported(`FORMAT with ${run} in Spanish`);
    if (isSpanish && run === 'MMMM') parts.push(named(months, 'month'));
    else if (isSpanish && run === 'dddd') parts.push(named(days, 'dow'));
    else if (/^f{1,7}$/.test(run)) parts.push(`tsql.fraction(${ticks}, ${run.length})`);
    else if (run === 'zzz' && value.type.name === 'datetimeoffset')
      parts.push(`tsql.zone_text(tsql.zone_minutes(${value.sql}))`);
    else if (letter !== undefined) parts.push(`to_char(${moment}, '${letter}')`);
    else if (/^[dfFghHKmMstyz]/.test(run)) throw notSupported(`FORMAT with ${run}`);
    else parts.push(quote(/^['"]/.test(run) ? run.slice(1, -1) : run.replace(/^\\/, '')));
  }
  return parts.join(' || ');
}
