import type { SqlType } from '../contract.ts';

/** The name of a type as messages and sys.types give it, without length. */
export function typeName(type: SqlType): string {
  return type.name === 'rowversion' ? 'timestamp' : type.name;
}

/** As run-time conversion errors call it: they say numeric for decimal. */
export function runtimeName(type: SqlType): string {
  return type.name === 'decimal' ? 'numeric' : typeName(type);
}
