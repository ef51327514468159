import { TimeoutError } from 'tarn';
import { ExpectedError } from '../../core/expected-error.ts';
import { sqlErrorNumber } from './sql-error-number.ts';

/** Conversion, truncation, overflow, NULL or check refused, JSON text. */
const dataErrors = new Set([220, 241, 242, 245, 248, 295, 515, 547, 2628, 8114, 8115, 8152, 13609]);

/** Deadlock, lock time-out, server or database away or busy, as Azure SQL and on-premises servers number them. */
const passingErrors = new Set([
  -2, 64, 233, 701, 1204, 1205, 1222, 3906, 3960, 4060, 4221, 6005, 8645, 9002, 10053, 10054, 10060, 10928,
  10929, 17142, 18401, 18456, 40143, 40197, 40501, 40540, 40613, 40615, 42108, 42109, 49918, 49919, 49920,
]);

/** What tedious says of a connection, not of a statement, and the system's own where it hands them on. */
const passingCodes = new Set([
  ...['ESOCKET', 'ECLOSE', 'ECONNCLOSED', 'ETIMEOUT', 'EINVALIDSTATE', 'EINSTLOOKUP', 'ELOGIN', 'EFEDAUTH'],
  ...['ECONNRESET', 'ECONNABORTED', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

/** A value does not fit where it should be stored. */
export function isDataError(fault: unknown): boolean {
  return dataErrors.has(sqlErrorNumber(fault) ?? 0);
}

/** The database could not be reached or was busy: the same statement may do later. */
export function isPassing(fault: unknown): boolean {
  // A login that is refused now may have been granted when the statement comes again.
  if (fault instanceof ExpectedError) return true;
  if (fault instanceof AggregateError) return isPassing(fault.errors[0]);
  const number = sqlErrorNumber(fault);
  if (number !== undefined) return passingErrors.has(number);
  if (!(fault instanceof Error)) return false;
  if (fault instanceof TimeoutError) return true;
  return 'code' in fault && typeof fault.code === 'string' && passingCodes.has(fault.code);
}
