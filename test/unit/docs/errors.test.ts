import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCodes } from '../../../src/core/expected-error.ts';
import { configReasons } from '../../../src/manage/problems/config-reason.ts';
import { problems } from '../../../src/manage/problem.ts';
import { reasons } from '../../../src/domain/reason.ts';
import { rowsOfTable } from './rows-of-table.ts';

test('docs/errors.md has a line with advice for every error, problem and reason, in the words of the code', () => {
  const documented = rowsOfTable(readFileSync('docs/errors.md', 'utf8'), 'Code');
  const ofRequests = Object.entries(problems).map(([code, { meaning }]) => [code, meaning] as const);
  const known = [
    ...Object.entries(errorCodes),
    ...ofRequests,
    ...Object.entries(configReasons),
    ...Object.entries(reasons),
  ];
  expect(documented.map(([code, meaning]) => [code, meaning])).toEqual(
    known.map(([code, meaning]) => [`\`${code}\``, meaning]),
  );
  expect(documented.filter(([, , advice]) => !advice)).toEqual([]);
});
