import type { SqlType, SqlValue } from '../contract.ts';

/** A value of a call with its type; no type = the NULL that has none. */
export interface TypedValue {
  type: SqlType | undefined;
  value: SqlValue;
}
