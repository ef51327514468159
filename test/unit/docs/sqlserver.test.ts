import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withSubsetTable } from '../../support/sqlserver-cases/subset-table.ts';

test('dev/sqlserver/README.md says what the cases prove (`npm run subset` writes it)', () => {
  const readme = readFileSync('dev/sqlserver/README.md', 'utf8');
  expect(readme).toBe(withSubsetTable(readme));
});
