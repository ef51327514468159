import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { optionalParts, variables } from '../../../src/variables.ts';
import { rowsOfTable } from './rows-of-table.ts';

test('docs/configuration.md has exactly the variables that the program reads, each as the program knows it', () => {
  const documented = rowsOfTable(readFileSync('docs/configuration.md', 'utf8'), 'Variable');
  const known = Object.entries(variables).map(([name, variable]) => [
    `\`${name}\``,
    variable.allowed,
    'default' in variable && variable.default ? `\`${variable.default}\`` : '',
    'secret' in variable ? `\`${variable.example}\` (secret)` : `\`${variable.example}\``,
    variable.about,
  ]);
  expect(documented).toEqual(known);
});

test('docs/configuration.md tells of each part that may be off which settings belong to it', () => {
  const documented = rowsOfTable(readFileSync('docs/configuration.md', 'utf8'), 'Part');
  const settingsOf = (part: string) =>
    Object.entries(variables).flatMap(([name, variable]) =>
      'part' in variable && variable.part === part ? [`\`${name}\``] : [],
    );
  expect(documented).toEqual(
    Object.entries(optionalParts).map(([part, without]) => [part, settingsOf(part).join(', '), without]),
  );
});
