import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { instruments } from '../../../src/adapters/telemetry/measurements.ts';
import { rowsOfTable } from './rows-of-table.ts';

test('docs/telemetry.md has exactly the metrics that the program measures', () => {
  const documented = rowsOfTable(readFileSync('docs/telemetry.md', 'utf8'), 'Metric');
  const known = Object.entries(instruments).map(([name, { kind, unit, description }]) => [
    `\`${name}\``,
    kind,
    `\`${unit}\``,
    description,
  ]);
  expect(documented).toEqual(known);
});
