import type { SubsetLine } from './subset.ts';

/** What a case proves, and the page of Microsoft's documentation that says so. */
interface Proof {
  line: SubsetLine;
  page: string;
}

/** Statements that both servers accept, or that fail in both, with what SQL Server answers. What is absent is not looked at. */
export interface SqlCase extends Proof {
  sql: string;
  /** The number of its only error; absent = none. */
  number?: number;
  message?: string;
  /** A batch of its own that is sent afterwards: its result is then the one that is looked at. */
  afterwards?: string;
  /** Of the last result, as in DECLARE: `decimal(5,2)`, `nvarchar(max)`. */
  types?: readonly string[];
  names?: readonly string[];
  nullable?: readonly boolean[];
  rows?: readonly (readonly CaseValue[])[];
  /** Of each statement that tells one. */
  counts?: readonly number[];
  /** Not to be run in a transaction that is rolled back afterwards. It leaves the tables as they were. */
  alone?: true;
}

/** Numbers of bigint are written as text, binary as 0x…, everything else as the client shows it. */
export type CaseValue = string | number | boolean | null;

export function proof(line: SubsetLine, page: string): Proof {
  return { line, page };
}

/** Errors that have no page but the list of their numbers. */
function listed(line: SubsetLine, number: number): Proof {
  const from = Math.floor(number / 1_000) * 1_000;
  return proof(line, `Database Engine events and errors (${from} to ${from + 999})`);
}

export function answers(
  why: Proof,
  sql: string,
  types: readonly string[],
  ...rows: readonly (readonly CaseValue[])[]
): SqlCase {
  return { ...why, sql, types, rows };
}

/** Statements without a result, with the rows that each touches. */
export function touches(why: Proof, sql: string, ...counts: readonly number[]): SqlCase {
  return { ...why, sql, counts };
}

/** Statements that just do not fail. */
export function runs(why: Proof, sql: string): SqlCase {
  return { ...why, sql };
}

export function fails(why: Proof | SubsetLine, sql: string, number: number, message?: string): SqlCase {
  const known = typeof why === 'string' ? listed(why, number) : why;
  return { ...known, sql, number, ...(message !== undefined && { message }) };
}

/** `SELECT expression`, which gives one value. */
export function value(why: Proof, expression: string, type: string, result: CaseValue): SqlCase {
  return answers(why, `SELECT ${expression}`, [type], [result]);
}

/** `SELECT expression`, which fails. */
export function failure(
  why: Proof | SubsetLine,
  expression: string,
  number: number,
  message?: string,
): SqlCase {
  return fails(why, `SELECT ${expression}`, number, message);
}

/** Whether a search condition is true. */
export function holds(why: Proof, condition: string, result = true): SqlCase {
  return answers(why, `SELECT 1 WHERE ${condition}`, ['int'], ...(result ? [[1]] : []));
}
