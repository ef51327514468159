import type { SqlType } from '../contract.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { BuiltIn } from './arguments.ts';
import { argument, asInt, invalidArgument, taking } from './arguments.ts';
import { choice, combined } from './choices.ts';
import { compared } from '../types/compare.ts';
import type { Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { unionType } from '../types/result-types.ts';
import { familyOf, isText, isUnicode } from '../types/type-families.ts';
import { textOf } from '../types/typed-sql.ts';

/** ISNULL has the type of its first argument; COALESCE that of highest precedence, and it counts as nullable. */
export const valueFunctions: Readonly<Record<string, BuiltIn>> = {
  ISNULL: taking(2, 2, (values) => {
    const [value, other] = [argument(values, 0), argument(values, 1)];
    const { type } = value.untypedNull ? other : value;
    return combined(
      type,
      [value, other],
      value.nullable && other.nullable,
      (texts) => `coalesce(${texts.join(', ')})`,
    );
  }),
  COALESCE: taking(2, 1000, (values) =>
    combined(unionType(values), values, true, (texts) => `coalesce(${texts.join(', ')})`),
  ),
  NULLIF: taking(2, 2, (values) => {
    const [value, other] = [argument(values, 0), argument(values, 1)];
    if (value.untypedNull) throw invalidArgument(value.type, 1, 'nullif');
    return combined(
      value.type,
      [value],
      true,
      ([text = '']) => `CASE WHEN ${compared('=', value, other)} THEN NULL ELSE ${text} END`,
    );
  }),
  CHOOSE: taking(2, 255, ([place, ...values]) => {
    const index = asInt(place ?? argument(values, 0));
    return choice(
      values.map((_, number) => `${index.sql} = ${number + 1}`),
      values,
      undefined,
    );
  }),
  NEWID: taking(0, 0, () => newId),
  NEWSEQUENTIALID: taking(0, 0, () => newId),
  DATALENGTH: taking(1, 1, (values) => {
    const value = argument(values, 0);
    const wide = 'length' in value.type && value.type.length === 'max';
    const type: SqlType = { name: wide ? 'bigint' : 'int' };
    return { sql: `(${byteLength(value)}::${wide ? 'bigint' : 'integer'})`, type, nullable: true };
  }),
  HASHBYTES: taking(2, 2, (values) => {
    const [algorithm, value] = [argument(values, 0), argument(values, 1)];
    const hash = hashes[algorithm.constant?.toLowerCase() ?? ''];
    if (hash === undefined) throw notSupported('HASHBYTES with this algorithm');
    if (!isText(value.type) && familyOf(value.type) !== 'binary')
      throw invalidArgument(value.type, 2, 'hashbytes');
    const bytes = convertTo(value, { name: 'varbinary', length: 'max' }, 'explicit').sql;
    return {
      sql: `(${hash.replace('bytes', () => bytes)})`,
      type: { name: 'varbinary', length: 8000 },
      nullable: true,
    };
  }),
};

const newId: Typed = { sql: 'tsql.new_id()', type: { name: 'uniqueidentifier' }, nullable: false };

const hashes: Readonly<Record<string, string>> = {
  md5: "decode(md5(bytes), 'hex')",
  sha2_256: 'sha256(bytes)',
  sha2_512: 'sha512(bytes)',
};

const sizes: Readonly<Partial<Record<SqlType['name'], number>>> = {
  bit: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  real: 4,
  float: 8,
  money: 8,
  smallmoney: 4,
  date: 3,
  datetime: 8,
  smalldatetime: 4,
  uniqueidentifier: 16,
};

function byteLength(value: Typed): string {
  const { type } = value;
  if (isText(type))
    return isUnicode(type) ? `(tsql.units(${textOf(value)}) * 2)` : `length(${textOf(value)})`;
  if (familyOf(type) === 'binary') return `length(${value.sql})`;
  const size = sizes[type.name];
  if (size === undefined) throw notSupported(`DATALENGTH of ${type.name}`);
  return `(CASE WHEN ${value.sql} IS NOT NULL THEN ${size} END)`;
}
