import type { SqlType } from '../contract.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { DatePart, DatePartCall } from '../parser/syntax.ts';
import type { Typed } from '../types/contract.ts';
import { ticksOf } from '../types/convert-moment.ts';
import { convertTo } from '../types/convert.ts';
import { familyOf, isText, scaleOf } from '../types/sql-types.ts';
import { textOf, typed } from '../types/typed-sql.ts';
import { asText, invalidArgument } from './built-in.ts';

/** What DATEADD and DATEDIFF count is a number of ticks of 100 ns, or of months. */
interface Part {
  ticks?: number;
  months?: number;
  /** Of the clock: the ticks of the part around it. */
  within?: number;
  /** How DATEPART and DATENAME read it, where that does not follow from the rest. */
  value?: string;
  name?: string;
}

const datetime: SqlType = { name: 'datetime' };
const datetime2: SqlType = { name: 'datetime2', scale: 7 };
const [day, hour, minute, second] = [864_000_000_000, 36_000_000_000, 600_000_000, 10_000_000];

const parts: Readonly<Record<DatePart, Part>> = {
  year: { months: 12 },
  quarter: { months: 3 },
  month: { months: 1, name: "to_char($day::timestamp, 'FMMonth')" },
  dayofyear: { ticks: day, value: 'extract(doy FROM $day)' },
  day: { ticks: day },
  week: { ticks: 7 * day, value: 'tsql.us_week($day)' },
  weekday: { ticks: day, value: 'extract(dow FROM $day) + 1', name: "to_char($day::timestamp, 'FMDay')" },
  hour: { ticks: hour, within: day },
  minute: { ticks: minute, within: hour },
  second: { ticks: second, within: minute },
  millisecond: { ticks: 10_000, within: second },
  microsecond: { ticks: 10, within: second },
  nanosecond: { ticks: 0.01, within: second },
  tzoffset: { value: 'tsql.zone_minutes($stored)', name: 'tsql.zone_text(tsql.zone_minutes($stored))' },
  iso_week: { value: 'extract(week FROM $day)' },
};

/** DATEADD, DATEDIFF, DATEDIFF_BIG, DATEPART and DATENAME. */
export function translateDatePart(call: DatePartCall, values: readonly Typed[]): Typed {
  const isReading = call.name === 'DATEPART' || call.name === 'DATENAME';
  const [one, other, ...more] = values;
  if (one && !other && isReading) return readPart(call, one);
  if (one && other && more.length === 0 && !isReading) {
    return call.name === 'DATEADD' ? dateAdd(call, one, other) : dateDifference(call, one, other);
  }
  const message = `The ${call.name.toLowerCase()} function requires ${isReading ? 2 : 3} argument(s).`;
  throw new SqlFault(174, 15, message, call.line);
}

/** YEAR, MONTH and DAY. */
export function partOf(part: 'year' | 'month' | 'day', value: Typed): Typed {
  return readPart({ kind: 'datePart', name: 'DATEPART', part, arguments: [], line: 0 }, value);
}

/** A date or time that has the part; text becomes the given type, a number the days after 1900 that it is to DATETIME. */
function momentOf({ part, name, line }: DatePartCall, given: Typed, type: SqlType): Typed {
  const read = isText(given.type) ? type : datetime;
  const value = ticksOf(given) === undefined ? convertTo(given, read, 'implicit') : given;
  const { ticks, months, within } = parts[part];
  const isReading = name === 'DATEPART' || name === 'DATENAME';
  const kind = value.type.name;
  const isThere =
    (isReading || ticks !== undefined || months !== undefined) &&
    (kind === 'date' ? within === undefined : kind !== 'time' || within !== undefined) &&
    (part !== 'tzoffset' || kind === 'datetimeoffset');
  if (isThere) return value;
  const message = `The datepart ${part} is not supported by date function ${name.toLowerCase()} for data type ${kind}.`;
  throw new SqlFault(9810, 16, message, line);
}

/** DATETIME shows whole milliseconds. */
function localTicks(value: Typed): string {
  const ticks = ticksOf(value) ?? value.sql;
  return value.type.name === 'datetime' ? `tsql.round_ticks(${ticks}, 3)` : ticks;
}

function readPart(call: DatePartCall, given: Typed): Typed {
  const stored = momentOf(call, given, datetime2);
  const { ticks = 1, within, value, name } = parts[call.part];
  const written = (template: string): string =>
    template
      .replaceAll('$day', () => `tsql.day_of(${ticksOf(stored) ?? stored.sql})`)
      .replaceAll('$stored', () => stored.sql);
  const clock = within && `${localTicks(stored)} % ${within} / ${ticks}`;
  const number = `(${clock ?? written(value ?? `extract(${call.part} FROM $day)`)})::integer`;
  if (call.name === 'DATEPART') return typed(number, { name: 'int' }, true);
  return typed(name ? written(name) : `${number}::text`, { name: 'nvarchar', length: 30 }, true);
}

function dateAdd(call: DatePartCall, count: Typed, given: Typed): Typed {
  const value = momentOf(call, given, datetime);
  const { type } = value;
  const number = convertTo(count, { name: 'int' }, 'implicit').sql;
  const local = ticksOf(value) ?? value.sql;
  const { ticks, months = 0 } = parts[call.part];
  const moved = ticks
    ? `tsql.add_ticks(${local}, ${number}, ${ticks})`
    : `tsql.add_months(${local}, ${number} * ${months}::bigint)`;
  const lowest = type.name === 'datetime' ? '552877920000000000' : '0';
  const checked = `tsql.within_calendar(${moved}, ${lowest}, '${type.name}')`;
  if (type.name !== 'datetimeoffset') return convertTo(typed(checked, datetime2, true), type, 'explicit');
  const zone = `tsql.zone_minutes(${value.sql})`;
  return typed(`tsql.offset_moment(${checked} - ${zone} * ${minute}::bigint, ${zone})`, type, true);
}

/** Boundaries crossed, of the UTC times where an offset is known. */
function dateDifference(call: DatePartCall, start: Typed, end: Typed): Typed {
  const { ticks, months = 1, within } = parts[call.part];
  const [from, to] = [start, end].map((given) => {
    const value = momentOf(call, given, datetime2);
    const local = within === undefined ? (ticksOf(value) ?? value.sql) : localTicks(value);
    const exact = value.type.name === 'datetimeoffset' ? `tsql.instant_ticks(${value.sql})` : local;
    if (!ticks) return `tsql.months_of(${exact}) / ${months}`;
    return call.part === 'week' ? `(${exact} + ${day}) / ${ticks}` : `${exact} / ${ticks}`;
  });
  const difference = `${to ?? ''} - ${from ?? ''}`;
  return call.name === 'DATEDIFF_BIG'
    ? typed(`(${difference})::bigint`, { name: 'bigint' }, true)
    : typed(`tsql.fit_difference((${difference})::numeric)`, { name: 'int' }, true);
}

/** "AT TIME ZONE (Transact-SQL)": a moment with offset is brought to the zone, one without is taken as the zone's. */
export function atTimeZone(value: Typed, zone: Typed): Typed {
  const name = textOf(asText(zone));
  if (value.type.name === 'datetimeoffset')
    return typed(`tsql.in_zone(${value.sql}, ${name})`, value.type, true);
  if (!['datetime', 'moment'].includes(familyOf(value.type))) throw invalidArgument(value, 1, 'AT TIME ZONE');
  const type: SqlType = { name: 'datetimeoffset', scale: scaleOf(value.type) };
  return typed(`tsql.at_zone(${localTicks(value)}, ${name})`, type, true);
}
