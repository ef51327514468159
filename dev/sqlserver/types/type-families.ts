import type { SqlType } from '../contract.ts';

/** Types that convert and calculate alike. */
export type Family =
  | 'bit'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'float'
  | 'text'
  | 'date'
  | 'time'
  /** datetime, smalldatetime, datetime2 */
  | 'moment'
  /** datetimeoffset */
  | 'offset'
  | 'binary'
  | 'uuid';

export type TextType = Extract<SqlType, { name: 'char' | 'varchar' | 'nchar' | 'nvarchar' }>;
export type IntegerName = 'tinyint' | 'smallint' | 'int' | 'bigint';

const families: Readonly<Record<SqlType['name'], Family>> = {
  bit: 'bit',
  tinyint: 'integer',
  smallint: 'integer',
  int: 'integer',
  bigint: 'integer',
  real: 'float',
  float: 'float',
  money: 'money',
  smallmoney: 'money',
  decimal: 'decimal',
  date: 'date',
  datetime: 'moment',
  smalldatetime: 'moment',
  time: 'time',
  datetime2: 'moment',
  datetimeoffset: 'offset',
  char: 'text',
  nchar: 'text',
  varchar: 'text',
  nvarchar: 'text',
  binary: 'binary',
  varbinary: 'binary',
  rowversion: 'binary',
  uniqueidentifier: 'uuid',
};

export function familyOf(type: SqlType): Family {
  return families[type.name];
}

export function isText(type: SqlType): type is TextType {
  return families[type.name] === 'text';
}

export function isUnicode(type: SqlType): boolean {
  return type.name === 'nchar' || type.name === 'nvarchar';
}

export function isInteger(type: SqlType): type is { name: IntegerName } {
  return families[type.name] === 'integer';
}

const numeric: ReadonlySet<Family> = new Set(['bit', 'integer', 'decimal', 'money', 'float']);

export function isNumeric(type: SqlType): boolean {
  return numeric.has(families[type.name]);
}

/** The least and greatest value of an integer type, as decimal text. */
export const integerRanges: Readonly<Record<IntegerName, readonly [low: string, high: string]>> = {
  tinyint: ['0', '255'],
  smallint: ['-32768', '32767'],
  int: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

/** Digits before the point that a type needs when it becomes a decimal ("Precision, scale, and length (Transact-SQL)"). */
export function decimalShape(type: SqlType): { precision: number; scale: number } | undefined {
  switch (type.name) {
    case 'bit':
      return { precision: 1, scale: 0 };
    case 'tinyint':
      return { precision: 3, scale: 0 };
    case 'smallint':
      return { precision: 5, scale: 0 };
    case 'int':
      return { precision: 10, scale: 0 };
    case 'bigint':
      return { precision: 19, scale: 0 };
    case 'money':
      return { precision: 19, scale: 4 };
    case 'smallmoney':
      return { precision: 10, scale: 4 };
    case 'decimal':
      return { precision: type.precision, scale: type.scale };
    case 'real':
    case 'float':
    case 'date':
    case 'datetime':
    case 'smalldatetime':
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
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
