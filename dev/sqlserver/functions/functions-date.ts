import type { SqlType } from '../contract.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { BuiltIn } from './arguments.ts';
import { argument, asInt, asText, invalidArgument, taking } from './arguments.ts';
import type { Typed } from '../types/contract.ts';
import { scaleOf, ticksOf } from '../types/convert-moment.ts';
import { convertTo } from '../types/convert.ts';
import { partOf } from './date-parts.ts';
import { isText } from '../types/type-families.ts';
import { textOf } from '../types/typed-sql.ts';

const datetime: SqlType = { name: 'datetime' };
const datetime2: SqlType = { name: 'datetime2', scale: 7 };

/** The server's own zone is UTC, as in Azure SQL. Every use in one statement gives the same moment. */
const now = (type: SqlType): BuiltIn =>
  taking(0, 0, () => ({
    ...convertTo({ sql: 'tsql.now_ticks()', type: datetime2, nullable: false }, type, 'explicit'),
    nullable: false,
  }));

const ints = (values: readonly Typed[]): string => values.map((value) => asInt(value).sql).join(', ');

export const dateFunctions: Readonly<Record<string, BuiltIn>> = {
  GETDATE: now(datetime),
  GETUTCDATE: now(datetime),
  CURRENT_TIMESTAMP: now(datetime),
  SYSDATETIME: now(datetime2),
  SYSUTCDATETIME: now(datetime2),
  SYSDATETIMEOFFSET: now({ name: 'datetimeoffset', scale: 7 }),
  YEAR: taking(1, 1, (values, { line }) => partOf('year', argument(values, 0), line)),
  MONTH: taking(1, 1, (values, { line }) => partOf('month', argument(values, 0), line)),
  DAY: taking(1, 1, (values, { line }) => partOf('day', argument(values, 0), line)),
  EOMONTH: taking(1, 2, (values) => {
    const day = convertTo(argument(values, 0), { name: 'date' }, 'implicit').sql;
    const months = values[1] ? asInt(values[1]).sql : '0';
    const moved = `tsql.within_calendar(tsql.add_months(tsql.ticks_of_day(${day}), ${months}::bigint), 0, 'date')`;
    const sql = `((date_trunc('month', tsql.day_of(${moved})::timestamp) + interval '1 month')::date - 1)`;
    return { sql, type: { name: 'date' }, nullable: true };
  }),
  DATEFROMPARTS: taking(3, 3, (values) => ({
    sql: `tsql.date_from_parts(${ints(values)}, 'date')`,
    type: { name: 'date' },
    nullable: true,
  })),
  DATETIMEFROMPARTS: taking(7, 7, (values) =>
    convertTo(
      { sql: fromParts(values, 3, 'datetime'), type: datetime2, nullable: true },
      datetime,
      'explicit',
    ),
  ),
  SMALLDATETIMEFROMPARTS: taking(5, 5, (values) => {
    const zero: Typed = { sql: '0', type: { name: 'int' }, nullable: false };
    const sql = fromParts([...values, zero, zero], 0, 'smalldatetime');
    return convertTo({ sql, type: datetime2, nullable: true }, { name: 'smalldatetime' }, 'explicit');
  }),
  DATETIME2FROMPARTS: taking(8, 8, (values) => {
    const scale = precisionOf(argument(values, 7));
    return {
      sql: fromParts(values.slice(0, 7), scale, 'datetime2'),
      type: { name: 'datetime2', scale },
      nullable: true,
    };
  }),
  TIMEFROMPARTS: taking(5, 5, (values) => {
    const scale = precisionOf(argument(values, 4));
    const sql = `tsql.time_from_parts(${ints(values.slice(0, 4))}, ${scale}, 'time')`;
    return { sql, type: { name: 'time', scale }, nullable: true };
  }),
  SWITCHOFFSET: taking(2, 2, (values) => {
    const given = argument(values, 0);
    const value = isText(given.type)
      ? convertTo(given, { name: 'datetimeoffset', scale: 7 }, 'implicit')
      : given;
    if (value.type.name !== 'datetimeoffset') throw invalidArgument(value.type, 1, 'switchoffset');
    const sql = `tsql.offset_moment(tsql.instant_ticks(${value.sql}), ${zoneOf(argument(values, 1))})`;
    return { sql, type: value.type, nullable: true };
  }),
  TODATETIMEOFFSET: taking(2, 2, (values) => {
    const given = argument(values, 0);
    const value = convertTo(given, { name: 'datetime2', scale: scaleOf(given.type) }, 'implicit');
    const zone = zoneOf(argument(values, 1));
    const sql = `tsql.offset_moment(${value.sql} - ${zone} * 600000000::bigint, ${zone})`;
    return { sql, type: { name: 'datetimeoffset', scale: scaleOf(given.type) }, nullable: true };
  }),
};

/** Local ticks from year, month, day, hour, minute, second and fraction. */
function fromParts(values: readonly Typed[], digits: number, name: string): string {
  const day = `tsql.ticks_of_day(tsql.date_from_parts(${ints(values.slice(0, 3))}, '${name}'))`;
  return `(${day} + tsql.time_from_parts(${ints(values.slice(3, 7))}, ${digits}, '${name}'))`;
}

function precisionOf({ constant, type }: Typed): number {
  const precision = Number(constant);
  if (type.name === 'int' && precision >= 0 && precision <= 7) return precision;
  throw notSupported('a precision that is not a number from 0 to 7');
}

/** An offset as `+hh:mm` or in minutes. */
function zoneOf(value: Typed): string {
  return isText(value.type)
    ? `tsql.zone_of_text(${textOf(value)})`
    : `tsql.checked_zone(${asInt(value).sql})`;
}

/** "AT TIME ZONE (Transact-SQL)": a moment with offset is brought to the zone, one without is taken as the zone's. */
export function atTimeZone(value: Typed, zone: Typed): Typed {
  const name = textOf(asText(zone));
  if (value.type.name === 'datetimeoffset') {
    return { sql: `tsql.in_zone(${value.sql}, ${name})`, type: value.type, nullable: true };
  }
  if (!['datetime', 'smalldatetime', 'datetime2'].includes(value.type.name)) {
    throw invalidArgument(value.type, 1, 'AT TIME ZONE');
  }
  const scale = scaleOf(value.type);
  const ticks =
    value.type.name === 'datetime'
      ? `tsql.round_ticks(${ticksOf(value) ?? value.sql}, 3)`
      : (ticksOf(value) ?? value.sql);
  return { sql: `tsql.at_zone(${ticks}, ${name})`, type: { name: 'datetimeoffset', scale }, nullable: true };
}
