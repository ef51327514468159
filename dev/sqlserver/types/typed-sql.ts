import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Literal } from '../parser/syntax.ts';
import type { Typed } from './contract.ts';
import { isText, storageType } from './sql-types.ts';

/** A PostgreSQL text literal. */
export function quote(text: string): string {
  if (text.includes('\0')) throw notSupported('the character NUL in text');
  return `'${text.replaceAll("'", "''")}'`;
}

/** The value as PostgreSQL `text` with its trailing spaces, which a cast from `bpchar` would drop. */
export function textOf(value: Typed): string {
  return value.text ?? `textin(bpcharout(${value.sql}))`;
}

/** A character value from PostgreSQL `text`. */
export function fromText(text: string, type: SqlType, nullable: boolean): Typed {
  return { sql: `((${text})::bpchar COLLATE tsql.ci_as)`, text: `(${text})`, type, nullable };
}

/** A value of a type from PostgreSQL text that yields its storage type (character types: `text`). */
export function typed(sql: string, type: SqlType, nullable: boolean): Typed {
  return isText(type) ? fromText(sql, type, nullable) : { sql: `(${sql})`, type, nullable };
}

export function nullOf(type: SqlType): Typed {
  return typed(`NULL::${isText(type) ? 'text' : storageType(type)}`, type, true);
}

/** "Constants (Transact-SQL)": the type and value of a literal. */
export function translateLiteral(literal: Literal): Typed {
  switch (literal.type) {
    case 'null':
      return { sql: 'NULL', type: { name: 'int' }, nullable: true, untypedNull: true };
    case 'integer': {
      const constant = BigInt(literal.text).toString();
      const isInt = Number(constant) < 2 ** 31;
      return { ...(isInt ? typed(constant, { name: 'int' }, false) : decimalLiteral(constant)), constant };
    }
    case 'decimal':
      return decimalLiteral(literal.text);
    case 'float': {
      const whole = /\d$/.test(literal.text) ? literal.text : `${literal.text.replace(/[+-]$/, '')}0`;
      return typed(`'${whole}'::float8`, { name: 'float' }, false);
    }
    case 'money':
      return typed(`${literal.text || '0'}::numeric`, { name: 'money' }, false);
    case 'binary': {
      const bytes = literal.text.length / 2 || 1;
      const type: SqlType = { name: 'varbinary', length: bytes > 8000 ? 'max' : bytes };
      return typed(`'\\x${literal.text}'::bytea`, type, false);
    }
    case 'string':
      return textLiteral(literal.text, literal.unicode);
  }
}

function decimalLiteral(text: string): Typed {
  const [whole = '', fraction = ''] = text.split('.');
  const digits = whole.replace(/^0+/, '');
  const precision = Math.max(digits.length + fraction.length, 1);
  if (precision > 38) throw sqlError(1007, [text]);
  const written = `${digits || '0'}${fraction && `.${fraction}`}`;
  return typed(`${written}::numeric`, { name: 'decimal', precision, scale: fraction.length }, false);
}

function textLiteral(text: string, unicode: boolean): Typed {
  const isPlain = unicode || Buffer.byteLength(text) === text.length;
  const value = isPlain ? `${quote(text)}::text` : `tsql.to_1252(${quote(text)}::text)`;
  const length = text.length > (unicode ? 4000 : 8000) ? 'max' : text.length || 1;
  return { ...fromText(value, { name: unicode ? 'nvarchar' : 'varchar', length }, false), constant: text };
}
