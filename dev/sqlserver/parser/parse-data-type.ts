import type { SqlType } from '../contract.ts';
import { brackets, optional } from './grammar.ts';
import { wholeNumber } from './names.ts';
import { SqlFault } from './sql-fault.ts';
import type { TokenStream } from './token-stream.ts';

/** Where a type is named decides its default length and the error for an unknown one. */
type TypePlace = 'conversion' | 'definition';

const types: Readonly<Record<string, SqlType | ((tokens: TokenStream, place: TypePlace) => SqlType)>> = {
  BIT: { name: 'bit' },
  TINYINT: { name: 'tinyint' },
  SMALLINT: { name: 'smallint' },
  INT: { name: 'int' },
  INTEGER: { name: 'int' },
  BIGINT: { name: 'bigint' },
  REAL: { name: 'real' },
  FLOAT: parseFloatType,
  MONEY: { name: 'money' },
  SMALLMONEY: { name: 'smallmoney' },
  DECIMAL: parseDecimal,
  NUMERIC: parseDecimal,
  DATE: { name: 'date' },
  DATETIME: { name: 'datetime' },
  SMALLDATETIME: { name: 'smalldatetime' },
  TIME: (tokens) => ({ name: 'time', scale: parseScale(tokens) }),
  DATETIME2: (tokens) => ({ name: 'datetime2', scale: parseScale(tokens) }),
  DATETIMEOFFSET: (tokens) => ({ name: 'datetimeoffset', scale: parseScale(tokens) }),
  CHAR: (tokens, place) => ({ name: 'char', length: parseLength(tokens, place, 8000) }),
  NCHAR: (tokens, place) => ({ name: 'nchar', length: parseLength(tokens, place, 4000) }),
  BINARY: (tokens, place) => ({ name: 'binary', length: parseLength(tokens, place, 8000) }),
  VARCHAR: (tokens, place) => ({ name: 'varchar', length: parseLengthOrMax(tokens, place, 8000) }),
  NVARCHAR: (tokens, place) => ({ name: 'nvarchar', length: parseLengthOrMax(tokens, place, 4000) }),
  VARBINARY: (tokens, place) => ({ name: 'varbinary', length: parseLengthOrMax(tokens, place, 8000) }),
  SYSNAME: { name: 'nvarchar', length: 128 },
  UNIQUEIDENTIFIER: { name: 'uniqueidentifier' },
  ROWVERSION: { name: 'rowversion' },
  TIMESTAMP: { name: 'rowversion' },
};

const notHere = 'TEXT NTEXT IMAGE XML SQL_VARIANT HIERARCHYID GEOGRAPHY GEOMETRY JSON VECTOR'.split(' ');

/** Reads a type's name with its length, precision or scale. */
export function parseDataType(tokens: TokenStream, place: TypePlace): SqlType {
  const { line } = tokens.current;
  const written = tokens.name();
  const type = types[written.toUpperCase()];
  if (typeof type === 'object') return type;
  if (type) return type(tokens, place);
  if (notHere.includes(written.toUpperCase())) tokens.refuse(`the data type ${written.toLowerCase()}`);
  if (place === 'conversion')
    throw new SqlFault(243, 16, `Type ${written} is not a defined system type.`, line);
  const message = `Column, parameter, or variable #1: Cannot find data type ${written}.`;
  throw new SqlFault(2715, 16, message, line, 6);
}

function parseLengthOrMax(tokens: TokenStream, place: TypePlace, longest: 4000 | 8000): number | 'max' {
  return tokens.accept('( MAX )') ? 'max' : parseLength(tokens, place, longest);
}

function parseLength(tokens: TokenStream, place: TypePlace, longest: 4000 | 8000): number {
  if (!tokens.sees('(')) return place === 'conversion' ? 30 : 1;
  const type = tokens.peek(-1).text.toLowerCase();
  const length = brackets(parseSize)(tokens);
  if (length <= longest) return length;
  const what = place === 'conversion' ? 'convert specification' : 'type';
  const message = `The size (${length}) given to the ${what} '${type}' exceeds the maximum allowed`;
  const { line } = tokens.current;
  if (length > 8000) throw new SqlFault(131, 15, `${message} for any data type (8000).`, line, 2);
  throw new SqlFault(2717, 15, `${message} (${longest}).`, line, 2);
}

function parseDecimal(tokens: TokenStream): SqlType {
  if (!tokens.accept('(')) return { name: 'decimal', precision: 18, scale: 0 };
  const precision = parsePrecision(tokens, 38);
  const scale = optional(',', wholeNumber)(tokens) ?? 0;
  tokens.expect(')');
  if (scale <= precision) return { name: 'decimal', precision, scale };
  const message = 'The scale must be less than or equal to the precision.';
  throw new SqlFault(192, 15, message, tokens.current.line);
}

function parseFloatType(tokens: TokenStream): SqlType {
  const bits = tokens.sees('(') ? brackets(() => parsePrecision(tokens, 53))(tokens) : 53;
  return { name: bits <= 24 ? 'real' : 'float' };
}

function parsePrecision(tokens: TokenStream, highest: 38 | 53): number {
  const precision = parseSize(tokens);
  if (precision <= highest) return precision;
  const message = `Column or parameter #1: Specified column precision ${precision} is greater than the maximum precision of ${highest}.`;
  throw new SqlFault(2750, 16, message, tokens.current.line);
}

function parseSize(tokens: TokenStream): number {
  const { text, line } = tokens.kind('integer');
  if (Number(text) > 0) return Number(text);
  throw new SqlFault(1001, 15, `Line ${line}: Length or precision specification 0 is invalid.`, line);
}

function parseScale(tokens: TokenStream): number {
  if (!tokens.sees('(')) return 7;
  const { text, line } = brackets(() => tokens.kind('integer'))(tokens);
  if (Number(text) <= 7) return Number(text);
  throw new SqlFault(1002, 15, `Line ${line}: Specified scale ${text} is invalid.`, line);
}
