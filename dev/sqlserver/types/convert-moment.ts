import type { SqlType } from '../contract.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Typed } from './contract.ts';
import type { Conversion, ConversionContext } from './convert.ts';
import { familyOf, isText } from './type-families.ts';
import { typeName } from './type-names.ts';
import { quote, textOf } from './typed-sql.ts';

const unitsPerDay = 25_920_000;
const ticksPerDay = '864000000000';
const ticksTo1900 = '599266080000000000';

const dayFirst: ReadonlySet<number> = new Set([3, 4, 5, 103, 104, 105]);
const monthFirst: ReadonlySet<number> = new Set([
  0, 1, 10, 11, 12, 20, 21, 23, 25, 100, 101, 110, 111, 112, 120, 121, 126, 127,
]);

/** The local time of a date or time value in 100 ns since 0001-01-01; undefined for other types. */
export function ticksOf({ sql, type }: Typed): string | undefined {
  switch (type.name) {
    case 'date':
      return `tsql.ticks_of_day(${sql})`;
    case 'time':
      return `(${ticksTo1900} + ${sql})`;
    case 'datetime':
      return `tsql.datetime_ticks(${sql})`;
    case 'smalldatetime':
      return `tsql.smalldatetime_ticks(${sql})`;
    case 'datetime2':
      return sql;
    case 'datetimeoffset':
      return `tsql.local_ticks(${sql})`;
    case 'bit':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'real':
    case 'float':
    case 'money':
    case 'smallmoney':
    case 'decimal':
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
    case 'binary':
    case 'varbinary':
    case 'rowversion':
    case 'uniqueidentifier':
      return undefined;
  }
}

/** The digits of a second that a type keeps, as AT TIME ZONE and conversions between the types count them. */
export function scaleOf(type: SqlType): number {
  if (type.name === 'datetime') return 3;
  if (type.name === 'smalldatetime') return 0;
  return 'scale' in type ? type.scale : 7;
}

/** The same from text too, read as the target type reads it. */
function ticksFor(value: Typed, target: SqlType, context: ConversionContext): string | undefined {
  if (!isText(value.type)) return ticksOf(value);
  const names = `${quote(typeName(value.type))}, '${target.name}'`;
  return `tsql.text_ticks(${textOf(value)}, ${names}, '${orderOf(context.style)}', ${context.quiet})`;
}

function orderOf(style = 0): 'mdy' | 'dmy' {
  if (dayFirst.has(style)) return 'dmy';
  if (monthFirst.has(style)) return 'mdy';
  throw notSupported(`style ${style} of CONVERT for dates in text`);
}

export const toDate: Conversion = (value, type, context) => {
  if (value.type.name === 'time') return undefined;
  if (value.type.name === 'date') return value.sql;
  const ticks = ticksFor(value, type, context);
  return ticks === undefined ? undefined : `tsql.day_of(${ticks})`;
};

export const toTime: Conversion = (value, type, context) => {
  const scale = scaleOf(type);
  if (value.type.name === 'date') return undefined;
  const ticks = value.type.name === 'time' ? value.sql : ticksFor(value, type, context);
  if (ticks === undefined) return undefined;
  const isShorter = value.type.name === 'time' && value.type.scale <= scale;
  return isShorter ? ticks : `tsql.round_time(${ticks} % ${ticksPerDay}, ${scale})`;
};

export const toMoment: Conversion = (value, type, context) => {
  const { quiet } = context;
  if (type.name === value.type.name && type.name !== 'datetime2') return value.sql;
  if (type.name === 'datetime' && familyOf(value.type) === 'integer') return daysAfter1900(value);
  const ticks = ticksFor(value, type, context);
  if (ticks === undefined) return undefined;
  const source = quote(typeName(value.type));
  if (type.name === 'datetime') return `tsql.ticks_datetime(${ticks}, ${source}, ${quiet})`;
  if (type.name === 'smalldatetime') return `tsql.ticks_smalldatetime(${ticks}, ${source}, ${quiet})`;
  return `tsql.round_ticks(${ticks}, ${scaleOf(type)})`;
};

function daysAfter1900(value: Typed): string {
  const message = 'Arithmetic overflow error converting expression to data type datetime.';
  return `tsql.fit_number(${value.sql}::numeric, -53690, 2958463, 8115, ${quote(message)}, false)::bigint * ${unitsPerDay}`;
}

export const toOffset: Conversion = (value, type, context) => {
  const scale = scaleOf(type);
  if (isText(value.type)) {
    const source = quote(typeName(value.type));
    return `tsql.text_offset_moment(${textOf(value)}, ${source}, ${scale}, '${orderOf(context.style)}', ${context.quiet})`;
  }
  if (value.type.name === 'datetimeoffset') {
    if (value.type.scale <= scale) return value.sql;
    return `tsql.offset_moment(tsql.round_ticks(tsql.instant_ticks(${value.sql}), ${scale}), tsql.zone_minutes(${value.sql}))`;
  }
  const ticks = ticksOf(value);
  return ticks === undefined ? undefined : `tsql.offset_moment(tsql.round_ticks(${ticks}, ${scale}), 0)`;
};
