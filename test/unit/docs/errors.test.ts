import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCodes } from '../../../src/core/expected-error.ts';
import { reasons } from '../../../src/domain/reason.ts';
import { rowsOfTable } from './rows-of-table.ts';

test('docs/errors.md has a line with advice for every error and reason, in the words of the code', () => {
  const documented = rowsOfTable(readFileSync('docs/errors.md', 'utf8'), 'Code');
  const known = Object.entries({ ...errorCodes, ...reasons });
  expect(documented.map(([code, meaning]) => [code, meaning])).toEqual(
    known.map(([code, meaning]) => [`\`${code}\``, meaning]),
  );
  expect(documented.filter(([, , advice]) => !advice)).toEqual([]);
});
