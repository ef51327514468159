import type { SqlType } from '../contract.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { BuiltIn } from './arguments.ts';
import { argument, asInt, invalidArgument, taking } from './arguments.ts';
import type { Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { storageType } from '../types/storage.ts';
import { familyOf, isNumeric, isText } from '../types/type-families.ts';

const float: SqlType = { name: 'float' };

/** A number; text is read as FLOAT. BIT is no number for these functions. */
function numberAt(values: readonly Typed[], index: number, name: string): Typed {
  const value = argument(values, index);
  if (isText(value.type) && !value.untypedNull) return convertTo(value, float, 'implicit');
  if (!isNumeric(value.type) || value.type.name === 'bit') throw invalidArgument(value.type, index + 1, name);
  return value.untypedNull ? convertTo(value, { name: 'int' }, 'implicit') : value;
}

/** Same type in and out. */
function keeping(
  name: string,
  build: (value: Typed) => string,
  result = (type: SqlType): SqlType => type,
): BuiltIn {
  return taking(1, 1, (values) => {
    const value = numberAt(values, 0, name);
    const type = result(value.type);
    return { sql: `(${build(value)}::${storageType(type)})`, type, nullable: value.nullable };
  });
}

const whole = (type: SqlType): SqlType => (type.name === 'decimal' ? { ...type, scale: 0 } : type);

function floating(build: (...texts: string[]) => string, count = 1): BuiltIn {
  return taking(count, count, (values) => {
    const texts = values.map((value) => convertTo(value, float, 'implicit').sql);
    return { sql: `(${build(...texts)})`, type: float, nullable: true };
  });
}

export const mathFunctions: Readonly<Record<string, BuiltIn>> = {
  ABS: keeping('abs', (value) => `abs(${value.sql})`),
  SIGN: keeping('sign', (value) => `sign(${value.sql})`),
  CEILING: keeping('ceiling', (value) => `ceil(${value.sql})`, whole),
  FLOOR: keeping('floor', (value) => `floor(${value.sql})`, whole),
  SQRT: floating((value) => `sqrt(${value})`),
  SQUARE: floating((value) => `${value} * ${value}`),
  EXP: floating((value) => `exp(${value})`),
  LOG: floating((value) => `ln(${value})`),
  LOG10: floating((value) => `log(${value})`),
  PI: taking(0, 0, () => ({ sql: 'pi()', type: float, nullable: false })),
  POWER: taking(2, 2, (values) => {
    const value = numberAt(values, 0, 'power');
    const exponent = convertTo(numberAt(values, 1, 'power'), float, 'implicit').sql;
    if (familyOf(value.type) !== 'float' && familyOf(value.type) !== 'integer')
      throw notSupported(`POWER of ${value.type.name}`);
    const power: Typed = { sql: `power(${value.sql}::float8, ${exponent})`, type: float, nullable: true };
    return convertTo(power, value.type, 'implicit');
  }),
  ROUND: taking(2, 3, (values) => {
    const value = numberAt(values, 0, 'round');
    const digits = asInt(argument(values, 1)).sql;
    const cuts = values[2] ? `${asInt(values[2]).sql} <> 0` : 'false';
    const number = `${value.sql}::numeric`;
    const rounded = `CASE WHEN ${cuts} THEN trunc(${number}, ${digits}) ELSE round(${number}, ${digits}) END`;
    return { sql: `(${fitted(rounded, value.type)})`, type: value.type, nullable: true };
  }),
};

/** A rounded decimal that needs another digit is an overflow ("ROUND (Transact-SQL)"). */
function fitted(rounded: string, type: SqlType): string {
  if (type.name !== 'decimal') return `(${rounded})::${storageType(type)}`;
  const { precision, scale } = type;
  const limit = `${'9'.repeat(precision - scale) || '0'}${scale > 0 ? `.${'9'.repeat(scale)}` : ''}`;
  const message = "'Arithmetic overflow error converting expression to data type numeric.'";
  return `tsql.fit_number(${rounded}, -${limit}, ${limit}, 8115, ${message}, false)`;
}
