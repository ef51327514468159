import { expect, test } from 'vitest';
import { messageOf, reachOf, sqlError } from '../../../dev/sqlserver/errors.ts';

test('an error carries the text of SQL Server with its arguments, and the line of its statement', () => {
  const fault = sqlError(515, ['name', 'Vigia.dbo.Alert', 'INSERT']);
  expect(messageOf(fault, 7)).toEqual({
    number: 515,
    severity: 16,
    state: 2,
    message:
      "Cannot insert the value NULL into column 'name', table 'Vigia.dbo.Alert'; column does not allow nulls. INSERT fails.",
    line: 7,
  });
  expect(messageOf(sqlError(207, ['x'], 3), 7).line).toBe(3);
});

test.for([
  [2627, 'statement'],
  [547, 'statement'],
  [8134, 'statement'],
  [1222, 'statement'],
  [50_000, 'statement'],
  [207, 'batch'],
  [208, 'batch'],
  [4145, 'batch'],
  [245, 'transaction'],
  [1205, 'transaction'],
] as const)('error %i ends its %s', ([number, reach]) => {
  expect(reachOf(number)).toBe(reach);
});
