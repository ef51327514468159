import { TimeoutError } from 'tarn';
import { ConnectionError, RequestError } from 'tedious';
import { expect, test } from 'vitest';
import { ExpectedError } from '../../../../src/core/expected-error.ts';
import { isDataError, isPassing } from '../../../../src/adapters/mssql/sql-fault-kind.ts';

function numbered(number: number): Error {
  return Object.assign(new RequestError('The server said so.', 'EREQUEST'), { number });
}

test.each([
  ['a lost deadlock', numbered(1205)],
  ['a lock held too long', numbered(1222)],
  ['an Azure database that moves', numbered(40613)],
  ['a database that is away', numbered(4060)],
  ['several errors of which the first passes', [numbered(1205), numbered(3621)]],
  ['a statement without an answer', new RequestError('Timeout', 'ETIMEOUT')],
  ['a connection that broke', new RequestError('Connection lost', 'ECLOSE')],
  ['a server that ended the connection', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
  ['a server that cannot be reached', new ConnectionError('No route', 'ESOCKET')],
  ['a token that was not to be had', new AggregateError([new ConnectionError('No token', 'EFEDAUTH')])],
  ['a login that is refused', new ExpectedError('control_database_refused', 'Grant it.')],
  ['no connection free', new TimeoutError('operation timed out')],
])('%s passes', (_what, fault) => {
  expect([isPassing(fault), isDataError(fault)]).toEqual([true, false]);
});

test.each([
  ['text too long', numbered(2628)],
  ['text too long, before 2019', numbered(8152)],
  ['a conversion', numbered(245)],
  ['an overflow', numbered(8115)],
  ['a constraint', numbered(547)],
])('%s is a value that does not fit', (_what, fault) => {
  expect([isPassing(fault), isDataError(fault)]).toEqual([false, true]);
});

test.each([
  ['a column that does not exist', numbered(207)],
  ['an error of our own', new TypeError('x is not a function')],
  ['a parameter that cannot be sent', new RequestError('Validation failed', 'EPARAM')],
  ['something that is no error', 'text'],
])('%s is neither', (_what, fault) => {
  expect([isPassing(fault), isDataError(fault)]).toEqual([false, false]);
});
