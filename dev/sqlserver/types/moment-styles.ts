import type { SqlType } from '../contract.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import { ticksOf } from './convert-moment.ts';
import type { Typed } from './contract.ts';

interface Style {
  /** to_char patterns; `~` is the fraction with its point. */
  day?: string;
  join?: string;
  clock?: string;
}

const iso = 'YYYY-MM-DD';
const clock = 'HH24:MI:SS';

/** "CAST and CONVERT (Transact-SQL)", date and time styles. Styles 0 and 100 have a form of their own. */
const styles: ReadonlyMap<number, Style> = new Map([
  [1, { day: 'MM/DD/YY' }],
  [101, { day: 'MM/DD/YYYY' }],
  [2, { day: 'YY.MM.DD' }],
  [102, { day: 'YYYY.MM.DD' }],
  [3, { day: 'DD/MM/YY' }],
  [103, { day: 'DD/MM/YYYY' }],
  [4, { day: 'DD.MM.YY' }],
  [104, { day: 'DD.MM.YYYY' }],
  [5, { day: 'DD-MM-YY' }],
  [105, { day: 'DD-MM-YYYY' }],
  [6, { day: 'DD Mon YY' }],
  [106, { day: 'DD Mon YYYY' }],
  [7, { day: 'Mon DD, YY' }],
  [107, { day: 'Mon DD, YYYY' }],
  [8, { clock }],
  [24, { clock }],
  [108, { clock }],
  [10, { day: 'MM-DD-YY' }],
  [110, { day: 'MM-DD-YYYY' }],
  [11, { day: 'YY/MM/DD' }],
  [111, { day: 'YYYY/MM/DD' }],
  [12, { day: 'YYMMDD' }],
  [112, { day: 'YYYYMMDD' }],
  [20, { day: iso, join: ' ', clock }],
  [120, { day: iso, join: ' ', clock }],
  [21, { day: iso, join: ' ', clock: `${clock}~` }],
  [25, { day: iso, join: ' ', clock: `${clock}~` }],
  [121, { day: iso, join: ' ', clock: `${clock}~` }],
  [23, { day: iso }],
  [126, { day: iso, join: '"T"', clock: `${clock}~` }],
]);

const oldTypes: ReadonlySet<string> = new Set(['datetime', 'smalldatetime']);
const legacyStyles = [0, 9, 100, 109];

/** A date or time as PostgreSQL `text`. Without a style: 0 for the old types, 121 for the others. */
export function momentText(value: Typed, given: number | undefined): string {
  const { type } = value;
  const number = given ?? (oldTypes.has(type.name) ? 0 : 121);
  if (number === 0 || number === 100) return `${legacyText(value)}${zoneText(value, ' ')}`;
  if (type.name === 'datetimeoffset' && number === 127) {
    return `tsql.moment_text(tsql.instant_ticks(${value.sql}), '${iso}"T"${clock}~"Z"', ${type.scale})`;
  }
  const style = styles.get(number);
  const pattern = style && patternFor(type, style);
  if (pattern === undefined || legacyStyles.includes(number)) throw unknownStyle(number, type);
  const text = `tsql.moment_text(${shownTicks(value)}, '${pattern}', ${fractionDigits(value, number)})`;
  return style?.clock !== undefined && style.day !== undefined
    ? `${text}${zoneText(value, number === 126 ? '' : ' ')}`
    : text;
}

function patternFor(type: SqlType, { day, join, clock: time }: Style): string | undefined {
  if (type.name === 'date') return day;
  if (type.name === 'time') return time;
  return day !== undefined && time !== undefined ? `${day}${join ?? ''}${time}` : (day ?? time);
}

function legacyText({ sql, type }: Typed): string {
  const value = `tsql.legacy_text(${ticksOf({ sql, type, nullable: true }) ?? sql}, ${type.name !== 'time'}, ${type.name !== 'date'})`;
  return type.name === 'time' ? `ltrim(${value})` : value;
}

function zoneText({ sql, type }: Typed, space: string): string {
  return type.name === 'datetimeoffset' ? ` || '${space}' || tsql.zone_text(tsql.zone_minutes(${sql}))` : '';
}

/** DATETIME shows whole milliseconds. */
function shownTicks(value: Typed): string {
  const ticks = ticksOf(value) ?? value.sql;
  return value.type.name === 'datetime' ? `tsql.round_ticks(${ticks}, 3)` : ticks;
}

/** Style 126 leaves out a fraction of zero. */
function fractionDigits(value: Typed, style: number): string {
  const { type } = value;
  const digits = 'scale' in type ? type.scale : 3;
  if (style !== 126) return String(digits);
  return `CASE WHEN ${shownTicks(value)} % 10000000 = 0 THEN 0 ELSE ${digits} END`;
}

/** Error 281: SQL Server knows no such style; so do we for those that we leave out. */
function unknownStyle(style: number, type: SqlType): SqlFault {
  return new SqlFault(
    281,
    16,
    `${style} is not a valid style number when converting from ${type.name} to a character string.`,
  );
}
