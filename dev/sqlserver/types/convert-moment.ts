import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Typed } from './contract.ts';
import type { Overflow } from './convert-number.ts';
import { plainNumber, withinRange } from './convert-number.ts';
import type { Conversion } from './convert.ts';
import type { Family } from './sql-types.ts';
import { familyOf, scaleOf, typeName } from './sql-types.ts';
import { textOf } from './typed-sql.ts';

export const ticksTo1900 = '599266080000000000';
const ticksPerDay = '864000000000';

const ticksTexts: Readonly<Partial<Record<Family, string>>> = {
  date: 'tsql.ticks_of_day($)',
  time: `(${ticksTo1900} + $)`,
  datetime: '$',
  moment: '$',
  offset: 'tsql.local_ticks($)',
};

/** The local time of a date or time value in 100 ns since 0001-01-01; undefined for other types. */
export function ticksOf({ sql, type }: Typed): string | undefined {
  return ticksTexts[familyOf(type)]?.replace('$', () => sql);
}

export function toMoment({ value, from, type, to, quiet, style = 0 }: Conversion): string | undefined {
  if ((from === 'date' && to === 'time') || (from === 'time' && to === 'date')) return undefined;
  const { sql } = value;
  const [scale, source] = [scaleOf(type), typeName(value.type)];
  const days = to === 'datetime' ? plainNumber(value) : undefined;
  // Ten million days are as far out of the range as more of them, which no bigint holds.
  const near = `least(greatest(${days}, -1000000), 10000000)`;
  let ticks = days ? `(${ticksTo1900} + ${near} * ${ticksPerDay})::bigint` : ticksOf(value);
  if (from === 'text') {
    const how = `'${orderOf(style)}', ${quiet}`;
    if (to === 'offset') return `tsql.text_offset_moment(${textOf(value)}, '${source}', ${scale}, ${how})`;
    ticks = `tsql.text_ticks(${textOf(value)}, '${source}', '${type.name}', ${how})`;
  }
  if (ticks === undefined) return undefined;
  const isExact = scale === 7 || ('scale' in value.type && value.type.scale <= scale);
  const local = to === 'time' ? `${ticks} % ${ticksPerDay}` : ticks;
  const rounded = isExact ? local : `tsql.round_ticks(${local}, ${scale})`;
  if (to === 'date') return `tsql.day_of(${ticks})`;
  if (to === 'time') return `${rounded} % ${ticksPerDay}`;
  if (to === 'moment') return rounded;
  if (to === 'datetime') {
    return oldMoment(ticks, type, days ? [8115, 'expression', type.name] : [242, source, type.name], quiet);
  }
  if (from !== 'offset') return `tsql.offset_moment(${rounded}, 0)`;
  const instant = `tsql.round_ticks(tsql.instant_ticks(${sql}), ${scale})`;
  return isExact ? sql : `tsql.offset_moment(${instant}, tsql.zone_minutes(${sql}))`;
}

/** Ticks rounded as DATETIME or SMALLDATETIME are: to a 300th of a second, or to minutes (29.999 seconds are half of one). */
export function oldMoment(ticks: string, type: SqlType, fault: Overflow, quiet = false): string {
  const isLong = type.name === 'datetime';
  const rounded = isLong ? `tsql.in_300ths(${ticks})` : `(${ticks} + 300010000) / 600000000 * 600000000`;
  return `${withinRange(rounded, type, fault, quiet)}::bigint`;
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
  113: ['DD Mon YYYY', ' ', 'HH24:MI:SS:MS'],
  114: ['', '', 'HH24:MI:SS:MS'],
  120: ['YYYY-MM-DD', ' ', 'HH24:MI:SS'],
  121: ['YYYY-MM-DD', ' ', 'HH24:MI:SS~'],
  126: ['YYYY-MM-DD', '"T"', 'HH24:MI:SS~'],
  127: ['YYYY-MM-DD', '"T"', 'HH24:MI:SS~'],
};
/** Styles of the milliseconds after a colon, which the newer types write otherwise; 22 and the calendar of the Hijra. */
const beyondText = [9, 13, 14, 109, 113, 114, 22, 130, 131];

/** Styles up to 12 are those from 101 with years of two digits; 13, 14, 20 and 21 are 113, 114, 120 and 121. */
function formOf(style: number): readonly [day: string, join: string, clock: string] {
  const known =
    { 24: forms[108], 25: forms[121] }[style] ?? forms[style] ?? forms[style <= 21 ? style + 100 : 0];
  const [day = '', join = '', clock = ''] = known ?? [];
  return [style <= 12 ? day.replace('YYYY', 'YY') : day, join, clock];
}

/** In which order a style reads day and month. */
function orderOf(style: number): 'mdy' | 'dmy' {
  const [day] = beyondText.includes(style) ? [''] : formOf(style);
  if (style === 0 || style === 100 || /^(MM|YYYY)/.test(day)) return 'mdy';
  if (day.startsWith('DD')) return 'dmy';
  throw notSupported(`style ${style} of CONVERT for dates in text`);
}

/** A date or time as PostgreSQL `text`. Without a style: 0 for the old types, 121 for the others. */
export function momentText(value: Typed, given: number | undefined): string {
  const { sql, type } = value;
  const family = familyOf(type);
  const style = given ?? (family === 'datetime' ? 0 : 121);
  const local = ticksOf(value) ?? sql;
  const zone = family === 'offset' ? `tsql.zone_text(tsql.zone_minutes(${sql}))` : "''";
  const shown = type.name === 'datetime' ? `tsql.round_ticks(${local}, 3)` : local;
  if (beyondText.includes(style) && (family !== 'datetime' || style === 22 || style > 114))
    throw notSupported(`${type.name} to text in style ${style} of CONVERT`);
  if ([0, 9, 100, 109].includes(style)) {
    const clock = family === 'date' ? "''" : `':MI${style % 100 === 9 ? ':SS:MS' : ''}AM'`;
    const text = `tsql.legacy_text(${shown}, ${family !== 'time'}, ${clock})`;
    return family === 'time' ? `ltrim(${text})` : family === 'offset' ? `${text} || ' ' || ${zone}` : text;
  }
  const [day, join, clock] = formOf(style);
  const pattern = family === 'date' ? day : family === 'time' ? clock : `${day}${join}${clock}`;
  const isUtc = style === 127 && family === 'offset';
  if (pattern === '') throw sqlError(281, [style, type.name]);
  const ticks = isUtc ? `tsql.instant_ticks(${sql})` : shown;
  const most = 'scale' in type ? type.scale : 3;
  const digits =
    style === 126 || style === 127 ? `CASE WHEN ${ticks} % 10000000 = 0 THEN 0 ELSE ${most} END` : most;
  const text = `tsql.moment_text(${ticks}, '${pattern}${isUtc ? '"Z"' : ''}', ${digits})`;
  const hasZone = family === 'offset' && day && clock && !isUtc;
  return hasZone ? `${text} || '${join === ' ' ? ' ' : ''}' || ${zone}` : text;
}
