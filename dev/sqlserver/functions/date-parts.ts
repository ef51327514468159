import type { SqlType } from '../contract.ts';
import { SqlFault, notSupported } from '../parser/sql-fault.ts';
import type { DatePart, DatePartCall } from '../parser/syntax.ts';
import type { Typed } from '../types/contract.ts';
import { ticksOf } from '../types/convert-moment.ts';
import { convertTo } from '../types/convert.ts';
import { familyOf, isText } from '../types/type-families.ts';
import { fromText } from '../types/typed-sql.ts';

const ticksPer: Readonly<Partial<Record<DatePart, number>>> = {
  week: 6_048_000_000_000,
  day: 864_000_000_000,
  dayofyear: 864_000_000_000,
  weekday: 864_000_000_000,
  hour: 36_000_000_000,
  minute: 600_000_000,
  second: 10_000_000,
  millisecond: 10_000,
  microsecond: 10,
};
const monthsPer: Readonly<Partial<Record<DatePart, number>>> = { year: 12, quarter: 3, month: 1 };
const clockParts: ReadonlySet<DatePart> = new Set([
  'hour',
  'minute',
  'second',
  'millisecond',
  'microsecond',
  'nanosecond',
]);

/** DATEADD, DATEDIFF, DATEPART and DATENAME. */
export function translateDatePart(call: DatePartCall, values: readonly Typed[]): Typed {
  const { name, line } = call;
  const wanted = name === 'DATEPART' || name === 'DATENAME' ? 2 : 3;
  if (values.length !== wanted - 1) {
    throw new SqlFault(174, 15, `The ${name.toLowerCase()} function requires ${wanted} argument(s).`, line);
  }
  const [first, second] = values;
  if (!first) throw notSupported(name, line);
  if (!second) return name === 'DATENAME' ? dateName(call, first) : datePart(call, first);
  return name === 'DATEADD' ? dateAdd(call, first, second) : dateDifference(call, first, second);
}

function isMoment(type: SqlType): boolean {
  return ['date', 'time', 'datetime', 'moment', 'offset'].includes(familyOf(type));
}

/** A date or time; text and numbers become the given type. */
function momentOf(value: Typed, type: SqlType): Typed {
  return isMoment(value.type) && !value.untypedNull ? value : convertTo(value, type, 'implicit');
}

function checkPart({ part, name, line }: DatePartCall, type: SqlType): void {
  const wrong = type.name === 'date' ? clockParts.has(part) : type.name === 'time' && !clockParts.has(part);
  const never = name === 'DATEADD' || name.startsWith('DATEDIFF') ? ['tzoffset', 'iso_week'] : [];
  const noZone = part === 'tzoffset' && type.name !== 'datetimeoffset';
  if (!wrong && !never.includes(part) && !noZone) return;
  const message = `The datepart ${part} is not supported by date function ${name.toLowerCase()} for data type ${type.name}.`;
  throw new SqlFault(9810, 16, message, line);
}

function dateAdd(call: DatePartCall, count: Typed, given: Typed): Typed {
  const value = momentOf(given, { name: 'datetime' });
  const { type } = value;
  checkPart(call, type);
  const number = convertTo(
    count,
    { name: 'int' },
    count.type.name === 'decimal' ? 'explicit' : 'implicit',
  ).sql;
  const ticks = ticksOf(value) ?? value.sql;
  const moved = movedTicks(call.part, type.name === 'time' ? value.sql : ticks, number);
  if (type.name === 'time') {
    return {
      sql: `tsql.round_time(((${moved}) % 864000000000 + 864000000000) % 864000000000, ${type.scale})`,
      type,
      nullable: true,
    };
  }
  const lowest = type.name === 'datetime' ? '552877920000000000' : '0';
  const checked = `tsql.within_calendar(${moved}, ${lowest}, '${type.name}')`;
  if (type.name === 'datetimeoffset') {
    const zone = `tsql.zone_minutes(${value.sql})`;
    return {
      sql: `tsql.offset_moment(${checked} - ${zone} * 600000000::bigint, ${zone})`,
      type,
      nullable: true,
    };
  }
  return convertTo({ sql: checked, type: { name: 'datetime2', scale: 7 }, nullable: true }, type, 'explicit');
}

function movedTicks(part: DatePart, ticks: string, number: string): string {
  const months = monthsPer[part];
  if (months !== undefined) return `tsql.add_months(${ticks}, ${number} * ${months}::bigint)`;
  if (part === 'nanosecond') return `(${ticks} + round(${number} / 100.0)::bigint)`;
  const size = ticksPer[part];
  if (size === undefined) throw notSupported(`DATEADD with ${part}`);
  return `tsql.add_ticks(${ticks}, ${number}, ${size})`;
}

/** Boundaries crossed, of the UTC times where an offset is known. */
function dateDifference(call: DatePartCall, first: Typed, second: Typed): Typed {
  const [start, end] = [first, second].map((value) => momentOf(value, { name: 'datetime2', scale: 7 }));
  if (!start || !end) throw notSupported(call.name);
  checkPart(call, start.type);
  checkPart(call, end.type);
  const difference = `(${boundary(call.part, end)} - ${boundary(call.part, start)})`;
  if (call.name === 'DATEDIFF_BIG') {
    return { sql: `(${difference}::bigint)`, type: { name: 'bigint' }, nullable: true };
  }
  return { sql: `tsql.fit_difference(${difference}::numeric)`, type: { name: 'int' }, nullable: true };
}

function boundary(part: DatePart, value: Typed): string {
  const { type, sql } = value;
  const local = ticksOf(value) ?? sql;
  const exact = type.name === 'datetimeoffset' ? `tsql.instant_ticks(${sql})` : local;
  const ticks = type.name === 'datetime' && clockParts.has(part) ? `tsql.round_ticks(${exact}, 3)` : exact;
  const months = `tsql.months_of(${ticks})`;
  switch (part) {
    case 'year':
      return `(${months} / 12)`;
    case 'quarter':
      return `(${months} / 3)`;
    case 'month':
      return months;
    case 'week':
      return `((${ticks} / 864000000000 + 1) / 7)`;
    case 'nanosecond':
      return `(${ticks}::numeric * 100)`;
    case 'day':
    case 'dayofyear':
    case 'weekday':
    case 'hour':
    case 'minute':
    case 'second':
    case 'millisecond':
    case 'microsecond':
    case 'tzoffset':
    case 'iso_week':
      return `(${ticks} / ${ticksPer[part] ?? 1})`;
  }
}

const int: SqlType = { name: 'int' };

function datePart(call: DatePartCall, given: Typed): Typed {
  const value = momentOf(given, { name: 'datetime2', scale: 7 });
  checkPart(call, value.type);
  return { sql: `(${partText(call.part, value)})::integer`, type: int, nullable: true };
}

function partText(part: DatePart, value: Typed): string {
  const local = ticksOf(value) ?? value.sql;
  const ticks = value.type.name === 'datetime' ? `tsql.round_ticks(${local}, 3)` : local;
  const day = `tsql.day_of(${ticks})`;
  switch (part) {
    case 'year':
    case 'quarter':
    case 'month':
    case 'day':
      return `extract(${part} FROM ${day})`;
    case 'dayofyear':
      return `extract(doy FROM ${day})`;
    case 'week':
      return `tsql.us_week(${day})`;
    case 'iso_week':
      return `extract(week FROM ${day})`;
    case 'weekday':
      return `extract(dow FROM ${day}) + 1`;
    case 'tzoffset':
      return `tsql.zone_minutes(${value.sql})`;
    case 'hour':
      return `${ticks} / 36000000000 % 24`;
    case 'minute':
      return `${ticks} / 600000000 % 60`;
    case 'second':
      return `${ticks} / 10000000 % 60`;
    case 'millisecond':
      return `${ticks} % 10000000 / 10000`;
    case 'microsecond':
      return `${ticks} % 10000000 / 10`;
    case 'nanosecond':
      return `${ticks} % 10000000 * 100`;
  }
}

function dateName(call: DatePartCall, given: Typed): Typed {
  const value = momentOf(given, { name: 'datetime2', scale: 7 });
  checkPart(call, value.type);
  const type: SqlType = { name: 'nvarchar', length: 30 };
  const moment = `tsql.timestamp_of(${ticksOf(value) ?? value.sql})`;
  if (call.part === 'month') return fromText(`to_char(${moment}, 'FMMonth')`, type, true);
  if (call.part === 'weekday') return fromText(`to_char(${moment}, 'FMDay')`, type, true);
  if (call.part === 'tzoffset')
    return fromText(`tsql.zone_text(tsql.zone_minutes(${value.sql}))`, type, true);
  return fromText(`(${partText(call.part, value)})::integer::text`, type, true);
}

/** YEAR, MONTH and DAY. */
export function partOf(part: 'year' | 'month' | 'day', value: Typed, line: number): Typed {
  const call: DatePartCall = { kind: 'datePart', name: 'DATEPART', part, arguments: [], line };
  return datePart(
    call,
    isText(value.type) ? convertTo(value, { name: 'datetime2', scale: 7 }, 'implicit') : value,
  );
}
