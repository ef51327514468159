import { expect, test } from 'vitest';
import { databaseFault } from '../../../../src/adapters/mssql/database-fault.ts';
import { ExpectedError } from '../../../../src/core/expected-error.ts';

function sqlError(number: number): Error {
  return Object.assign(new Error('x'), { number });
}

test.each([
  ['a deadlock that outlasts the retries', sqlError(1205), { kind: 'away' }],
  ['a lock that outlasts the retries', sqlError(1222), { kind: 'away' }],
  ['a lost connection', Object.assign(new Error('x'), { code: 'ESOCKET' }), { kind: 'away' }],
  ['no migration', new ExpectedError('schema_missing', 'Run it.'), { kind: 'unfit', advice: 'Run it.' }],
  ['a storage account that refuses us', new ExpectedError('storage_refused', 'x'), null],
  ['a statement of ours that is wrong', sqlError(207), null],
  ['whatever else', new TypeError('x'), null],
])('%s is told from a fault of ours', (_, fault, told) => {
  expect(databaseFault(fault)).toEqual(told);
});
