/** A statement that both servers accept, with what SQL Server answers, and the page of Microsoft's documentation that says so. */
export interface AcceptedCase {
  sql: string;
  /** As in DECLARE: `decimal(5,2)`, `nvarchar(max)`. */
  types: readonly string[];
  rows: readonly (readonly CaseValue[])[];
  source: string;
}

/** A statement that compiles or runs into an error. */
export interface FailingCase {
  sql: string;
  number: number;
  message?: string;
  source: string;
}

/** Numbers of bigint are written as text, binary as 0x…, everything else as the client shows it. */
export type CaseValue = string | number | boolean | null;

/** `SELECT expression`, which gives one value. */
export function value(source: string, expression: string, type: string, result: CaseValue): AcceptedCase {
  return { sql: `SELECT ${expression}`, types: [type], rows: [[result]], source };
}

/** `SELECT expression`, which fails. */
export function failure(source: string, expression: string, number: number, message?: string): FailingCase {
  return { sql: `SELECT ${expression}`, number, source, ...(message !== undefined && { message }) };
}

/** Whether a search condition is true. */
export function holds(source: string, condition: string, result = true): AcceptedCase {
  return { sql: `SELECT 1 WHERE ${condition}`, types: ['int'], rows: result ? [[1]] : [], source };
}
