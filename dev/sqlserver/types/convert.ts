import type { SqlType } from '../contract.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { AssignmentTarget, ConversionMode, Typed } from './contract.ts';
import { toBinary, toUuid } from './convert-binary.ts';
import { toDate, toMoment, toOffset, toTime } from './convert-moment.ts';
import { toBit, toDecimal, toFloat, toInteger, toMoney } from './convert-number.ts';
import { toText } from './convert-text.ts';
import type { Family } from './type-families.ts';
import { familyOf, isText } from './type-families.ts';
import { typeName } from './type-names.ts';
import { fromText, nullOf, quote, textOf, typed } from './typed-sql.ts';

/** What a conversion may do: `quiet` gives NULL instead of a run-time error. */
export interface ConversionContext {
  quiet: boolean;
  style: number | undefined;
}

/** Gives the PostgreSQL text of the value in the storage of `type` (`text` for characters); undefined: there is no such conversion. */
export type Conversion<Target extends SqlType = SqlType> = (
  value: Typed,
  type: Target,
  context: ConversionContext,
) => string | undefined;

/** Pairs that only CAST and CONVERT convert ("Data type conversion (database engine)"). */
const explicitOnly: Readonly<Partial<Record<Family, readonly Family[]>>> = {
  text: ['binary'],
  moment: ['bit', 'integer', 'decimal', 'money', 'float'],
  money: ['text'],
};

/** CAST, CONVERT, and what happens by itself. Errors: 529, 257, 206 at once; 241, 242, 245, 8114, 8115 … when it runs. */
export function convertTo(value: Typed, type: SqlType, mode: ConversionMode, style?: number): Typed {
  if (value.untypedNull) return nullOf(type);
  if (style === undefined && isSameType(value.type, type))
    return mode === 'implicit' ? value : noConstant(value);
  const sql = convert(value, type, { quiet: mode === 'try', style });
  const allowed = mode !== 'implicit' || !explicitOnly[familyOf(value.type)]?.includes(familyOf(type));
  if (sql === undefined || !allowed) throw notConvertible(value.type, type, mode, sql !== undefined);
  const nullable = value.nullable || mode === 'try';
  const { collation } = value;
  return { ...typed(sql, type, nullable), ...(collation && isText(type) && { collation }) };
}

/** The value as INSERT and UPDATE store it: text that does not fit is 2628, and nothing is cut but trailing spaces. */
export function assignTo(value: Typed, target: AssignmentTarget): Typed {
  const { type } = target;
  const place = `${quote(target.table)}, ${quote(target.column)}`;
  if (isText(type) && isText(value.type) && type.length !== 'max') {
    const { length } = type;
    const whole = convertTo(
      value,
      { name: isNarrow(type) ? 'varchar' : 'nvarchar', length: 'max' },
      'implicit',
    );
    const fits = value.type.length !== 'max' && value.type.length <= length;
    const text = fits ? textOf(whole) : `tsql.fit(${textOf(whole)}, ${length}, ${place})`;
    const padded = type.name === 'char' || type.name === 'nchar' ? `tsql.pad(${text}, ${length})` : text;
    return fromText(padded, type, value.nullable);
  }
  if (
    type.name === 'varbinary' &&
    type.length !== 'max' &&
    familyOf(value.type) === 'binary' &&
    !value.untypedNull
  ) {
    return typed(`tsql.fit_bytes(${value.sql}, ${type.length}, ${place})`, type, value.nullable);
  }
  return convertTo(value, type, 'implicit');
}

/** CAST makes a value of its type: 1 is a number of one digit, CAST(1 AS int) one of ten. */
function noConstant(value: Typed): Typed {
  const { constant: _, ...rest } = value;
  return rest;
}

function isNarrow(type: SqlType): boolean {
  return type.name === 'char' || type.name === 'varchar';
}

function isSameType(one: SqlType, other: SqlType): boolean {
  if (one.name !== other.name) return false;
  if ('length' in one) return 'length' in other && one.length === other.length;
  if (one.name === 'decimal') {
    return other.name === 'decimal' && one.precision === other.precision && one.scale === other.scale;
  }
  return !('scale' in one) || ('scale' in other && one.scale === other.scale);
}

function convert(value: Typed, type: SqlType, context: ConversionContext): string | undefined {
  switch (type.name) {
    case 'bit':
      return toBit(value, type, context);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return toInteger(value, type, context);
    case 'decimal':
      return toDecimal(value, type, context);
    case 'money':
    case 'smallmoney':
      return toMoney(value, type, context);
    case 'real':
    case 'float':
      return toFloat(value, type, context);
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
      return toText(value, type, context);
    case 'date':
      return toDate(value, type, context);
    case 'time':
      return toTime(value, type, context);
    case 'datetime':
    case 'smalldatetime':
    case 'datetime2':
      return toMoment(value, type, context);
    case 'datetimeoffset':
      return toOffset(value, type, context);
    case 'binary':
    case 'varbinary':
    case 'rowversion':
      return toBinary(value, type, context);
    case 'uniqueidentifier':
      return toUuid(value, type, context);
  }
}

function notConvertible(from: SqlType, to: SqlType, mode: ConversionMode, explicitly: boolean): SqlFault {
  const [source, target] = [typeName(from), typeName(to)];
  if (mode !== 'implicit') {
    return new SqlFault(529, 16, `Explicit conversion from data type ${source} to ${target} is not allowed.`);
  }
  if (!explicitly)
    return new SqlFault(206, 16, `Operand type clash: ${source} is incompatible with ${target}`, 0, 2);
  const message = `Implicit conversion from data type ${source} to ${target} is not allowed. Use the CONVERT function to run this query.`;
  return new SqlFault(257, 16, message, 0, 3);
}
