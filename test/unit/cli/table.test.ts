import { describe, expect, test } from 'vitest';
import { painter, stateCell, table, timeCell } from '../../../src/cli/table.ts';
import { widthOf } from '../../../src/cli/text-width.ts';

const plain = { paint: painter(false), room: null };

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
  expect(table(['A'], [[stateCell('ERROR')]], { paint: painter(true), room: null })).toBe(
    '\u001b[1mA\u001b[22m\n\u001b[31mERROR\u001b[39m\n',
  );
});

describe('in a terminal', () => {
  const heads = ['HORA DE LA EMPRESA', 'ALERTA', 'ACEPTADAS', 'MOTIVO'];
  const rows = [
    [timeCell('02/03/2026 12:49:00'), '000001', 1234567, 'El webhook respondió 500 y no dijo por qué'],
    [timeCell('03/03/2026 08:00:00'), '000002', 8, null],
  ];
  const linesIn = (room: number) =>
    table(heads, rows, { ...plain, room })
      .trimEnd()
      .split('\n');

  test('nothing is cut that fits', () => {
    expect(table(heads, rows, { ...plain, room: 84 })).toBe(table(heads, rows, plain));
  });

  test('times lose their year and seconds, and the widest column is cut, no number', () => {
    expect(linesIn(50)).toEqual([
      'HORA DE LA…  ALERTA  ACEPTAD…  MOTIVO',
      '02/03 12:49  000001   1234567  El webhook respond…',
      '03/03 08:00  000002         8  -',
    ]);
    expect(linesIn(36)).toEqual([
      'HORA DE LA… ALERTA ACEPTAD… MOTIVO',
      '02/03 12:49 000001  1234567 El webh…',
      '03/03 08:00 000002        8 -',
    ]);
  });

  test('no line is wider than the room, whatever stands in it', () => {
    const wide = [
      [
        '日本語のとても長いテキスト',
        '👩‍👩‍👧 familia 🎉🎉🎉🎉🎉',
        'e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301',
      ],
    ];
    for (const room of [20, 21, 22, 23, 24, 30])
      for (const line of table(['A', 'B', 'C'], wide, { ...plain, room })
        .trimEnd()
        .split('\n'))
        expect(widthOf(line)).toBeLessThanOrEqual(room);
  });
});
