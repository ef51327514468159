import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { portsAt } from '../../../dev/services/ports.ts';
import { rowsOfTable } from './rows-of-table.ts';

test('docs/local-stack.md lists every port of the local stack', () => {
  const documented = rowsOfTable(readFileSync('docs/local-stack.md', 'utf8'), 'Name');
  const ports = Object.entries(portsAt(0)).map(([name, port]) => [`\`${name}\``, String(port)]);
  expect(documented.map(([name, port]) => [name, port])).toEqual(ports);
});
