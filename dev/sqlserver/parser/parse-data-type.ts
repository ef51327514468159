import type { SqlType } from '../contract.ts';
import { SqlFault } from './sql-fault.ts';
import type { TokenStream } from './token-stream.ts';

/** Where a type is named decides its default length and the error for an unknown one. */
export type TypePlace = 'conversion' | 'definition';

const aliases: Readonly<Record<string, string>> = {
  INTEGER: 'INT',
  DEC: 'DECIMAL',
  NUMERIC: 'DECIMAL',
  TIMESTAMP: 'ROWVERSION',
  CHARACTER: 'CHAR',
};

const plainTypes: Readonly<Record<string, SqlType>> = {
  BIT: { name: 'bit' },
  TINYINT: { name: 'tinyint' },
  SMALLINT: { name: 'smallint' },
  INT: { name: 'int' },
  BIGINT: { name: 'bigint' },
  REAL: { name: 'real' },
  MONEY: { name: 'money' },
  SMALLMONEY: { name: 'smallmoney' },
  DATE: { name: 'date' },
  DATETIME: { name: 'datetime' },
  SMALLDATETIME: { name: 'smalldatetime' },
  UNIQUEIDENTIFIER: { name: 'uniqueidentifier' },
  ROWVERSION: { name: 'rowversion' },
  SYSNAME: { name: 'nvarchar', length: 128 },
};

const notHere: ReadonlySet<string> = new Set(
  'TEXT NTEXT IMAGE XML SQL_VARIANT HIERARCHYID GEOGRAPHY GEOMETRY CURSOR TABLE JSON VECTOR'.split(' '),
);

const longest = {
  CHAR: 8000,
  VARCHAR: 8000,
  BINARY: 8000,
  VARBINARY: 8000,
  NCHAR: 4000,
  NVARCHAR: 4000,
} as const;

type SizedName = keyof typeof longest;

/** Reads a type name with its length, precision or scale. */
export function parseDataType(tokens: TokenStream, place: TypePlace): SqlType {
  const { line } = tokens.current;
  const word = typeWord(tokens);
  const known = aliases[word] ?? word;
  const plain = plainTypes[known];
  if (plain) return plain;
  if (isSized(known)) return sizedType(tokens, known, place);
  switch (known) {
    case 'DECIMAL':
      return decimalType(tokens);
    case 'FLOAT':
      return floatType(tokens);
    case 'TIME':
    case 'DATETIME2':
    case 'DATETIMEOFFSET':
      return timeType(tokens, known);
    default:
      throw unknownType(tokens, known, place, line);
  }
}

function typeWord(tokens: TokenStream): string {
  if (tokens.accept('DOUBLE')) {
    tokens.expect('PRECISION');
    return 'FLOAT';
  }
  const national = tokens.accept('NATIONAL');
  if (tokens.sees('SYS', '.')) tokens.accept('SYS', '.');
  const word = tokens.name().toUpperCase();
  const character = ['CHAR', 'CHARACTER'].includes(word);
  const varying = character && tokens.accept('VARYING');
  if (national && !character && word !== 'VARCHAR') tokens.fail();
  const plain = varying ? 'VARCHAR' : character ? 'CHAR' : word;
  return national ? `N${plain}` : plain;
}

function isSized(name: string): name is SizedName {
  return name in longest;
}

function sizedType(tokens: TokenStream, name: SizedName, place: TypePlace): SqlType {
  const length = tokens.accept('(') ? sizeUpTo(tokens, name, place) : place === 'conversion' ? 30 : 1;
  switch (name) {
    case 'CHAR':
    case 'NCHAR':
      return { name: name === 'CHAR' ? 'char' : 'nchar', length: finite(tokens, length) };
    case 'BINARY':
      return { name: 'binary', length: finite(tokens, length) };
    case 'VARBINARY':
      return { name: 'varbinary', length };
    case 'VARCHAR':
    case 'NVARCHAR':
      return { name: name === 'VARCHAR' ? 'varchar' : 'nvarchar', length };
  }
}

function finite(tokens: TokenStream, length: number | 'max'): number {
  return length === 'max' ? tokens.fail() : length;
}

function sizeUpTo(tokens: TokenStream, name: SizedName, place: TypePlace): number | 'max' {
  const { line } = tokens.current;
  const length = tokens.accept('MAX') ? 'max' : tokens.wholeNumber();
  tokens.expect(')');
  if (length === 'max') return length;
  if (length === 0)
    throw new SqlFault(1001, 15, `Line ${line}: Length or precision specification 0 is invalid.`, line);
  if (length <= longest[name]) return length;
  const what = place === 'conversion' ? 'convert specification' : 'type';
  const message = `The size (${length}) given to the ${what} '${name.toLowerCase()}' exceeds the maximum allowed`;
  if (length > 8000) throw new SqlFault(131, 15, `${message} for any data type (8000).`, line, 2);
  throw new SqlFault(2717, 15, `${message} (${longest[name]}).`, line, 2);
}

function decimalType(tokens: TokenStream): SqlType {
  if (!tokens.accept('(')) return { name: 'decimal', precision: 18, scale: 0 };
  const { line } = tokens.current;
  const precision = tokens.wholeNumber();
  const scale = tokens.accept(',') ? tokens.wholeNumber() : 0;
  tokens.expect(')');
  if (precision === 0)
    throw new SqlFault(1001, 15, `Line ${line}: Length or precision specification 0 is invalid.`, line);
  if (precision > 38) {
    const message = `Column or parameter #1: Specified column precision ${precision} is greater than the maximum precision of 38.`;
    throw new SqlFault(2750, 16, message, line);
  }
  if (scale > precision)
    throw new SqlFault(192, 15, 'The scale must be less than or equal to the precision.', line);
  return { name: 'decimal', precision, scale };
}

function floatType(tokens: TokenStream): SqlType {
  if (!tokens.accept('(')) return { name: 'float' };
  const { line } = tokens.current;
  const bits = tokens.wholeNumber();
  tokens.expect(')');
  if (bits >= 1 && bits <= 53) return { name: bits <= 24 ? 'real' : 'float' };
  if (bits === 0)
    throw new SqlFault(1001, 15, `Line ${line}: Length or precision specification 0 is invalid.`, line);
  const message = `Column or parameter #1: Specified column precision ${bits} is greater than the maximum precision of 53.`;
  throw new SqlFault(2750, 16, message, line);
}

function timeType(tokens: TokenStream, name: 'TIME' | 'DATETIME2' | 'DATETIMEOFFSET'): SqlType {
  const { line } = tokens.current;
  const scale = tokens.sees('(') ? tokens.bracketed(() => tokens.wholeNumber()) : 7;
  if (scale > 7) throw new SqlFault(1002, 15, `Line ${line}: Specified scale ${scale} is invalid.`, line);
  const type = name === 'TIME' ? 'time' : name === 'DATETIME2' ? 'datetime2' : 'datetimeoffset';
  return { name: type, scale };
}

function unknownType(tokens: TokenStream, name: string, place: TypePlace, line: number): SqlFault {
  const written = tokens.peek(-1).text;
  if (notHere.has(name)) tokens.refuse(`the data type ${name.toLowerCase()}`);
  if (place === 'conversion')
    return new SqlFault(243, 16, `Type ${written} is not a defined system type.`, line);
  const message = `Column, parameter, or variable #1: Cannot find data type ${written}.`;
  return new SqlFault(2715, 16, message, line, 6);
}
