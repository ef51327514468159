import { Request, type Connection } from 'tedious';
import { TenantRefusal } from './tenant-fault.ts';
import type { BoundParameter } from './bind-parameters.ts';

export interface ReadLimits {
  /** For the whole answer, to its last row. */
  timeoutMs: number;
  rows: number;
}

/** The part of the driver's column that is looked at. */
export interface ResultColumn {
  colName: string;
  type: { name: string };
  scale?: number | undefined;
}

export interface RawRows {
  columns: readonly ResultColumn[];
  rows: readonly (readonly unknown[])[];
  /** There was more than the limits let through. */
  truncated: boolean;
}

/** Of the values of one answer, in characters or bytes. */
const largestAnswer = 4_194_304;

type Stop = 'time' | 'enough' | 'abort';

/**
 * Runs one statement and reads its first result. Whatever ends it early (time limit, enough rows, the signal) is told
 * to the server too; when the server does not even acknowledge that, the driver's error says so.
 */
export function readRows(
  connection: Connection,
  sql: string,
  parameters: readonly BoundParameter[],
  limits: ReadLimits,
  signal: AbortSignal,
): Promise<RawRows> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<RawRows>();
  let columns: readonly ResultColumn[] = [];
  const rows: unknown[][] = [];
  let size = 0;
  let stopped: Stop | undefined;
  const stop = (why: Stop) => {
    stopped ??= why;
    connection.cancel();
  };
  const onAbort = () => stop('abort');
  const timer = setTimeout(() => stop('time'), limits.timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });

  const request = new Request(sql, (error) => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    const cancelled = error !== null && error !== undefined && 'code' in error && error.code === 'ECANCEL';
    if (stopped === 'abort') reject(signal.reason as Error);
    else if (stopped === 'enough') resolve({ columns, rows, truncated: true });
    else if (stopped === 'time' && cancelled) reject(pastItsTime(limits.timeoutMs, error));
    else if (error) reject(error);
    else resolve({ columns, rows, truncated: false });
  });
  request.setTimeout(0); // the driver's own stops at the first row
  for (const { name, type, value } of parameters) request.addParameter(name, type, value);
  request.on('columnMetadata', (given) => (columns = Array.isArray(given) ? given : Object.values(given)));
  request.on('row', (given: { value: unknown }[]) => {
    if (stopped !== undefined) return;
    const row = given.map(({ value }) => value);
    size += row.reduce<number>((sum, value) => sum + sizeOf(value), 0);
    if (rows.length >= limits.rows || size > largestAnswer) stop('enough');
    else rows.push(row);
  });
  connection.execSql(request);
  return promise;
}

function pastItsTime(timeoutMs: number, cause: unknown): TenantRefusal {
  const detail = `La consulta pasó su límite de ${timeoutMs / 1000} s y se canceló.`;
  return new TenantRefusal({ kind: 'final', reason: 'consulta_tiempo', detail, connection: 'worked' }, cause);
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 8;
}
