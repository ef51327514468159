import { expect, test } from 'vitest';
import { painter, stateCell, table } from '../../../src/cli/table.ts';

const plain = painter(false);

test('stands in columns, numbers to the right, with a dash where there is nothing', () => {
  const rows = [
    ['Ñandú', 7, null],
    ['a', 1234, 'x  y\nz'],
  ];
  expect(table(['QUIÉN', 'N', 'QUÉ'], rows, plain)).toBe(
    'QUIÉN     N  QUÉ\nÑandú     7  -\na      1234  x y z\n',
  );
});

test('is as wide as what people see: an accent of its own takes no place', () => {
  expect(table(['A', 'B'], [['e\u0301', 'x']], plain)).toBe('A  B\ne\u0301  x\n');
});

test('has no colours of its own where none are wanted, and none of what tenants wrote', () => {
  expect(table(['A'], [[stateCell('ERROR')], ['\u001b[31mrojo\u0007\u202e']], plain)).toBe(
    'A\nERROR\n\ufffd[31mrojo\ufffd\ufffd\n',
  );
  expect(table(['A'], [[stateCell('ERROR')]], painter(true))).toBe(
    '\u001b[1mA\u001b[22m\n\u001b[31mERROR\u001b[39m\n',
  );
});
