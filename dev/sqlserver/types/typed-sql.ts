import type { SqlType } from '../contract.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Typed } from './contract.ts';
import { storageType } from './storage.ts';
import { isText } from './type-families.ts';

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
  if (isText(type)) return fromText('NULL::text', type, true);
  return { sql: `(NULL::${storageType(type)})`, type, nullable: true };
}
