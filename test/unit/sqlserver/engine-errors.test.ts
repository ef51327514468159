import { expect, test } from 'vitest';
import { messageOf, reachOf, sqlError } from '../../../dev/sqlserver/errors.ts';
import { collationOf } from '../../../dev/sqlserver/catalogue/collation-names.ts';

test('an error carries the text of SQL Server with its arguments, and the line of its statement', () => {
  const fault = sqlError(515, ['name', 'Vigia.dbo.Alert', 'INSERT']);
  expect(messageOf(fault, 7)).toEqual({
    number: 515,
    severity: 16,
    state: 1,
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

test.for([
  [undefined, 'ci_as'],
  ['SQL_Latin1_General_CP1_CI_AS', 'ci_as'],
  ['Modern_Spanish_CS_AS', 'cs_as'],
  ['Latin1_General_100_CI_AI_SC_UTF8', 'ci_ai'],
  ['Latin1_General_100_BIN2_UTF8', 'bin2'],
] as const)('the collation %s is %s', ([name, collation]) => {
  expect(collationOf(name)).toBe(collation);
});

test('a collation that is none is refused by name', () => {
  expect(() => collationOf('en_US')).toThrow('en_US');
});
