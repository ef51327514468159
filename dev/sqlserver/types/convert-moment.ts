import type { SqlType } from '../contract.ts';
import { SqlFault, notSupported } from '../parser/sql-fault.ts';
import type { Typed } from './contract.ts';
import { plainNumber, withinRange } from './convert-number.ts';
import type { Conversion } from './convert.ts';
import { familyOf, scaleOf, typeName } from './sql-types.ts';
import { textOf } from './typed-sql.ts';

export const ticksTo1900 = '599266080000000000';
const ticksPerDay = '864000000000';

/** The local time of a date or time value in 100 ns since 0001-01-01; undefined for other types. */
export function ticksOf({ sql, type }: Typed): string | undefined {
  switch (familyOf(type)) {
    case 'date':
      return `tsql.ticks_of_day(${sql})`;
    case 'time':
      return `(${ticksTo1900} + ${sql})`;
    case 'datetime':
    case 'moment':
      return sql;
    case 'offset':
      return `tsql.local_ticks(${sql})`;
    default:
      return undefined;
  }
}

export function toMoment({ value, from, type, to, quiet, style }: Conversion): string | undefined {
  if ((from === 'date' && to === 'time') || (from === 'time' && to === 'date')) return undefined;
  const { sql } = value;
  const scale = scaleOf(type);
  const source = typeName(value.type);
  const text =
    from === 'text' &&
    `${textOf(value)}, '${source}', ${to === 'offset' ? scale : `'${type.name}'`}, '${orderOf(style)}', ${quiet}`;
  if (text && to === 'offset') return `tsql.text_offset_moment(${text})`;
  const days = to === 'datetime' ? plainNumber(value) : undefined;
  const since1900 = days && `(${ticksTo1900} + ${days} * ${ticksPerDay})::bigint`;
  const ticks = text ? `tsql.text_ticks(${text})` : (since1900 ?? ticksOf(value));
  if (ticks === undefined) return undefined;
  const isExact = scale === 7 || ('scale' in value.type && value.type.scale <= scale);
  switch (to) {
    case 'date':
      return `tsql.day_of(${ticks})`;
    case 'time':
      return isExact ? `${ticks} % ${ticksPerDay}` : `tsql.round_time(${ticks} % ${ticksPerDay}, ${scale})`;
    case 'datetime':
      return oldMoment(ticks, type, days ? [8115, 'expression', type.name] : [242, source, type.name], quiet);
    case 'offset': {
      if (from !== 'offset') return `tsql.offset_moment(tsql.round_ticks(${ticks}, ${scale}), 0)`;
      const instant = `tsql.round_ticks(tsql.instant_ticks(${sql}), ${scale})`;
      return isExact ? sql : `tsql.offset_moment(${instant}, tsql.zone_minutes(${sql}))`;
    }
    default:
      return isExact ? ticks : `tsql.round_ticks(${ticks}, ${scale})`;
  }
}

/** Ticks rounded as DATETIME or SMALLDATETIME are: to a 300th of a second, or to minutes (29.999 seconds are half of one). */
export function oldMoment(
  ticks: string,
  type: SqlType,
  fault: Parameters<typeof withinRange>[2],
  quiet = false,
): string {
  const isLong = type.name === 'datetime';
  const rounded = isLong ? `tsql.in_300ths(${ticks})` : `(${ticks} + 300010000) / 600000000 * 600000000`;
  return `${withinRange(rounded, type, fault, quiet)}::bigint`;
}

const dayFirst: ReadonlySet<number> = new Set([3, 4, 5, 103, 104, 105]);
const monthFirst: ReadonlySet<number> = new Set([
  0, 1, 10, 20, 21, 23, 100, 101, 110, 111, 112, 120, 121, 126, 127,
]);

/** In which order a style reads day and month. */
function orderOf(style = 0): 'mdy' | 'dmy' {
  if (dayFirst.has(style)) return 'dmy';
  if (monthFirst.has(style)) return 'mdy';
  throw notSupported(`style ${style} of CONVERT for dates in text`);
}

/** "Date and time styles" of CONVERT: day, what joins, clock. `~` is the fraction with its point. */
const forms: Readonly<Record<number, readonly [day: string, join?: string, clock?: string]>> = {
  23: ['YYYY-MM-DD'],
  101: ['MM/DD/YYYY'],
  102: ['YYYY.MM.DD'],
  103: ['DD/MM/YYYY'],
  104: ['DD.MM.YYYY'],
  105: ['DD-MM-YYYY'],
  106: ['DD Mon YYYY'],
  107: ['Mon DD, YYYY'],
  108: ['', '', 'HH24:MI:SS'],
  110: ['MM-DD-YYYY'],
  111: ['YYYY/MM/DD'],
  112: ['YYYYMMDD'],
  120: ['YYYY-MM-DD', ' ', 'HH24:MI:SS'],
  121: ['YYYY-MM-DD', ' ', 'HH24:MI:SS~'],
  126: ['YYYY-MM-DD', '"T"', 'HH24:MI:SS~'],
};

/** Styles up to 12 are those from 101 with years of two digits; 20 and 21 are 120 and 121. */
function formOf(style: number): readonly [day: string, join: string, clock: string] {
  const [day = '', join = '', clock = ''] =
    forms[style] ?? (style <= 21 ? forms[style + 100] : undefined) ?? [];
  return [style <= 12 ? day.replace('YYYY', 'YY') : day, join, clock];
}

/** A date or time as PostgreSQL `text`. Without a style: 0 for the old types, 121 for the others. */
export function momentText(value: Typed, given: number | undefined): string {
  const { sql, type } = value;
  const [family, name] = [familyOf(type), type.name];
  const style = given ?? (family === 'datetime' ? 0 : 121);
  const zone = (space: string): string =>
    family === 'offset' ? ` || '${space}' || tsql.zone_text(tsql.zone_minutes(${sql}))` : '';
  const local = ticksOf(value) ?? sql;
  if (style === 0 || style === 100) {
    const text = `tsql.legacy_text(${local}, ${family !== 'time'}, ${family !== 'date'})`;
    return family === 'time' ? `ltrim(${text})` : `${text}${zone(' ')}`;
  }
  const isUtc = style === 127 && family === 'offset';
  const ticks = isUtc
    ? `tsql.instant_ticks(${sql})`
    : name === 'datetime'
      ? `tsql.round_ticks(${local}, 3)`
      : local;
  const [day, join, clock] = formOf(isUtc ? 126 : style);
  const pattern = family === 'date' ? day : family === 'time' ? clock : `${day}${join}${clock}`;
  if (pattern === '') {
    throw new SqlFault(
      281,
      16,
      `${style} is not a valid style number when converting from ${name} to a character string.`,
    );
  }
  const digits = 'scale' in type ? type.scale : 3;
  const shown = style === 126 ? `CASE WHEN ${ticks} % 10000000 = 0 THEN 0 ELSE ${digits} END` : digits;
  const text = `tsql.moment_text(${ticks}, '${pattern}${isUtc ? '"Z"' : ''}', ${shown})`;
  return day && clock && !isUtc ? `${text}${zone(style === 126 ? '' : ' ')}` : text;
}
export { scaleOf } from './sql-types.ts';
