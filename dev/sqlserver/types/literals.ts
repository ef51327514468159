import { SqlFault } from '../parser/sql-fault.ts';
import type { Literal } from '../parser/syntax.ts';
import type { Typed } from './contract.ts';
import { fromText, quote } from './typed-sql.ts';

const greatestInt = 2_147_483_647n;

/** "Constants (Transact-SQL)": the type and value of a literal. */
export function translateLiteral(literal: Literal): Typed {
  switch (literal.type) {
    case 'null':
      return { sql: 'NULL', type: { name: 'int' }, nullable: true, untypedNull: true };
    case 'integer':
      return integerLiteral(literal.text);
    case 'decimal':
      return decimalLiteral(literal.text);
    case 'float':
      return { sql: `('${floatText(literal.text)}'::float8)`, type: { name: 'float' }, nullable: false };
    case 'money':
      return { sql: `(${literal.text || '0'}::numeric)`, type: { name: 'money' }, nullable: false };
    case 'binary': {
      const length = literal.text.length / 2;
      const type = { name: 'varbinary', length: length > 8000 ? 'max' : Math.max(length, 1) } as const;
      return { sql: `('\\x${literal.text}'::bytea)`, type, nullable: false };
    }
    case 'string':
      return textLiteral(literal.text, literal.unicode);
  }
}

function integerLiteral(text: string): Typed {
  const value = BigInt(text);
  const constant = value.toString();
  if (value <= greatestInt) return { sql: `(${constant})`, type: { name: 'int' }, nullable: false, constant };
  if (constant.length > 38) throw tooManyDigits(text);
  const type = { name: 'decimal', precision: constant.length, scale: 0 } as const;
  return { sql: `(${constant}::numeric)`, type, nullable: false, constant };
}

function decimalLiteral(text: string): Typed {
  const [whole = '', fraction = ''] = text.split('.');
  const digits = whole.replace(/^0+/, '');
  const precision = Math.max(digits.length + fraction.length, 1);
  if (precision > 38) throw tooManyDigits(text);
  const written = fraction === '' ? digits || '0' : `${digits || '0'}.${fraction}`;
  return {
    sql: `(${written}::numeric)`,
    type: { name: 'decimal', precision, scale: fraction.length },
    nullable: false,
  };
}

/** `1e` is `1e0`. */
function floatText(text: string): string {
  return /\d$/.test(text) ? text : `${text.replace(/[+-]$/, '')}0`;
}

function textLiteral(text: string, unicode: boolean): Typed {
  const plain = `${quote(text)}::text`;
  const value = unicode || isAscii(text) ? plain : `tsql.to_1252(${plain})`;
  const most = unicode ? 4000 : 8000;
  const length = text.length > most ? 'max' : Math.max(text.length, 1);
  return { ...fromText(value, { name: unicode ? 'nvarchar' : 'varchar', length }, false), constant: text };
}

function tooManyDigits(text: string): SqlFault {
  const message = `The number '${text}' is out of the range for numeric representation (maximum precision 38).`;
  return new SqlFault(1007, 15, message);
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
