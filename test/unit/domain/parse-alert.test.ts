import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import type { AlertRow } from '../../../src/domain/alert.ts';
import { sentenceOf } from '../../../src/domain/config-fault.ts';
import { parseAlert } from '../../../src/domain/parse-alert.ts';
import { daily, listed, monthly, weekly, yearly } from '../../support/alert-rows.ts';

const settings = { timeZone: 'America/Argentina/Buenos_Aires', weekStartsOn: 'monday' } as const;

describe('a value that cannot be read makes the alert invalid and is named with its column', () => {
  test.each<[string, AlertRow, string, string | null]>([
    ['no kind', daily('09:00:00', { trigger: null }), 'cfg_TipoDisparo', null],
    ['an unknown kind', daily('09:00:00', { trigger: 'SIEMPRE' }), 'cfg_TipoDisparo', 'SIEMPRE'],
    ['an unknown frequency', daily('09:00:00', { frequency: 'QUINCENAL' }), 'cfg_Frecuencia', 'QUINCENAL'],
    ['no hour', daily('09:00:00', { sendTime: null }), 'cfg_HoraEnvio', null],
    ['an hour of text', daily('25:00:00'), 'cfg_HoraEnvio', '25:00:00'],
    ['no weekday', weekly(' , ', '09:00:00'), 'cfg_DiasSemana', ' , '],
    ['weekday 8', weekly('1,8', '09:00:00'), 'cfg_DiasSemana', '8'],
    ['a weekday by name', weekly('lunes', '09:00:00'), 'cfg_DiasSemana', 'lunes'],
    ['weekday 0', weekly('0', '09:00:00'), 'cfg_DiasSemana', '0'],
    ['a range of weekdays', weekly('1-5', '09:00:00'), 'cfg_DiasSemana', '1-5'],
    ['weekdays between semicolons', weekly('1;2', '09:00:00'), 'cfg_DiasSemana', '1;2'],
    ['a weekday with a decimal point', weekly('1.0', '09:00:00'), 'cfg_DiasSemana', '1.0'],
    ['a weekday in full-width digits', weekly('１', '09:00:00'), 'cfg_DiasSemana', '１'],
    ['weekdays that are NULL', weekly('1', '09:00:00', { weekdays: null }), 'cfg_DiasSemana', null],
    ['no frequency', daily('09:00:00', { frequency: null }), 'cfg_Frecuencia', null],
    ['an hour of 24', daily('24:00:00'), 'cfg_HoraEnvio', '24:00:00'],
    ['a minute of 60', daily('09:60:00'), 'cfg_HoraEnvio', '09:60:00'],
    ['a month by name', yearly('15', 'marzo', '09:00:00'), 'cfg_Meses', 'marzo'],
    ['month 0', yearly('15', '0', '09:00:00'), 'cfg_Meses', '0'],
    [
      'ANUAL without a month or a day',
      yearly('', null, '09:00:00', { lastDayOfMonth: true }),
      'cfg_Meses',
      null,
    ],
    ['ANUAL without a day', yearly('', '3', '09:00:00'), 'cfg_DiasMes', ''],
    ['a day of three parts', yearly('15/03/2026', null, '09:00:00'), 'cfg_DiasMes', '15/03/2026'],
    ['days that none of the months has', yearly('30,31', '2', '09:00:00'), 'cfg_DiasMes', '30,31'],
    ['day 32', monthly('1,32', '09:00:00'), 'cfg_DiasMes', '32'],
    ['day 0', monthly('0', '09:00:00'), 'cfg_DiasMes', '0'],
    ['no day', monthly('', '09:00:00'), 'cfg_DiasMes', ''],
    ['DD/MM in MENSUAL', monthly('25/12', '09:00:00'), 'cfg_DiasMes', '25/12'],
    ['ANUAL without a month', yearly('15', null, '09:00:00'), 'cfg_Meses', null],
    ['month 13', yearly('15', '13', '09:00:00'), 'cfg_Meses', '13'],
    ['day 15/13', yearly('15/13', null, '09:00:00'), 'cfg_DiasMes', '15/13'],
    ['a date that no year has', yearly('31/04', null, '09:00:00'), 'cfg_DiasMes', '31/04'],
    ['no listed date', listed(''), 'cfg_FechasPuntuales', ''],
    ['a list of bad dates alone', listed('mañana'), 'cfg_FechasPuntuales', 'mañana'],
    ['a tenant that does not exist', daily('09:00:00', { tenantZone: undefined }), 'cfgemp_Cod', '0001'],
    ['no tenant', daily('09:00:00', { tenant: null }), 'cfgemp_Cod', null],
    [
      'a zone of Windows',
      daily('09:00:00', { tenantZone: 'Argentina Standard Time' }),
      'emp_ZonaHoraria',
      'Argentina Standard Time',
    ],
    ['a negative catch-up limit', daily('09:00:00', { catchUpMinutes: -1 }), 'cfg_RecuperacionMin', '-1'],
  ])('%s', (_case, row, column, value) => {
    const parse = parseAlert(row, settings);
    expect(parse).toMatchObject({ kind: 'invalid', faults: [{ column, value }] });
  });
});

test('all bad values are told at once', () => {
  const parse = parseAlert(weekly('9', '9 am', { tenantZone: 'Marte' }), settings);
  expect(parse.faults.map(({ column }) => column)).toEqual([
    'emp_ZonaHoraria',
    'cfg_HoraEnvio',
    'cfg_DiasSemana',
  ]);
});

test('a bad entry of a list loses that entry alone', () => {
  const parse = parseAlert(
    listed('2026-03-02 12:49, 31/02/2026 10:00, 02/03/2026 24:00, 2026-03-02T12:49:00'),
    settings,
  );
  expect(parse).toMatchObject({
    kind: 'valid',
    faults: [
      { column: 'cfg_FechasPuntuales', value: '31/02/2026 10:00' },
      { column: 'cfg_FechasPuntuales', value: '02/03/2026 24:00' },
    ],
  });
  if (parse.kind !== 'valid' || parse.alert.schedule.kind !== 'listed') throw new Error('not a list');
  expect(parse.alert.schedule.entries.map(String)).toEqual(['2026-03-02T12:49:00']);
});

describe('what is not a listed time loses its entry, and is told as it stands', () => {
  test.each([
    '32/01/2026 10:00',
    '2026-02-30 10:00',
    '29/02/2026 10:00',
    '2026-13-01 10:00',
    '2026-03-02 24:00',
    '2026-03-02 10:60',
    '2026-03-02 10:00:60',
    '2026-03-02',
    '10:00',
    '7/3/2026 10:00',
    '2026-3-7 10:00',
    '03/02/26 10:00',
    '2026/03/02 10:00',
    '02-03-2026 10:00',
    '02/03/2026T10:00',
    '2026-03-02 10:00 PM',
    '2026-03-02 10:00Z',
    '2026-03-02T10:00:00-03:00',
    '2026-03-02T10:00:00.000',
    '2026-03-02 10:00; 2026-03-03 10:00',
    '２０２６-03-02 10:00',
    '0000-01-01 10:00',
    '9999-12-31 23:59',
    'NULL',
    "'2026-03-02 10:00'",
  ])('%s', (entry) => {
    const parse = parseAlert(listed(`2026-03-01 09:00, ${entry},`), settings);
    expect(parse).toMatchObject({ kind: 'valid', faults: [{ column: 'cfg_FechasPuntuales', value: entry }] });
    if (parse.kind !== 'valid' || parse.alert.schedule.kind !== 'listed') throw new Error('not a list');
    expect(parse.alert.schedule.entries.map(String)).toEqual(['2026-03-01T09:00:00']);
  });
});

test.each([
  ['leap days', '29/02/2028 10:00, 2028-02-29T10:00:00', ['2028-02-29T10:00:00']],
  [
    'hard blanks, tabs and line ends',
    '\u00a02026-03-02\u00a010:00\t,\r\n02/03/2026  11:00\n',
    ['2026-03-02T10:00:00', '2026-03-02T11:00:00'],
  ],
  ['commas without end', ',,2026-03-02 10:00,,,', ['2026-03-02T10:00:00']],
])('listed times are read with %s', (_case, dates, entries) => {
  const parse = parseAlert(listed(dates), settings);
  if (parse.kind !== 'valid' || parse.alert.schedule.kind !== 'listed') throw new Error('not a list');
  expect(parse.faults).toEqual([]);
  expect(parse.alert.schedule.entries.map(String)).toEqual(entries);
});

test.each([
  ['dates', listed('2026-03-02 10:00,'.repeat(600_000)), 'cfg_FechasPuntuales'],
  ['commas', listed(','.repeat(10_000_000)), 'cfg_FechasPuntuales'],
  ['blanks', listed(`2026-03-02${' '.repeat(10_000_000)}x`), 'cfg_FechasPuntuales'],
  ['days', monthly('1,'.repeat(5_000_000), '09:00:00'), 'cfg_DiasMes'],
  ['days with months', yearly('1/'.repeat(5_000_000), null, '09:00:00'), 'cfg_DiasMes'],
  ['weekdays', weekly('1,'.repeat(5_000_000), '09:00:00'), 'cfg_DiasSemana'],
])('10 MB of %s are one short fault, at once', (_case, row, column) => {
  const parse = parseAlert(row, settings);
  expect(parse).toMatchObject({ kind: 'invalid', faults: [{ column }] });
  expect(parse.faults).toHaveLength(1);
  const [sentence = ''] = parse.faults.map(sentenceOf);
  expect(sentence.length).toBeLessThan(400);
  expect(sentence).toMatch(/…" \(\d+ caracteres\): debe llevar /);
});

test('a list of thousands of times is read whole', () => {
  const first = Temporal.PlainDateTime.from('2026-01-01T00:00');
  const times = Array.from({ length: 5_000 }, (_, index) => first.add({ hours: index }));
  const text = times.map((each) => each.toString({ smallestUnit: 'minute' }).replace('T', ' ')).join(', ');
  const parse = parseAlert(listed(text), settings);
  if (parse.kind !== 'valid' || parse.alert.schedule.kind !== 'listed') throw new Error('not a list');
  expect(parse.alert.schedule.entries.map(String)).toEqual(times.map(String));
});

test.each<[string, AlertRow]>([
  ['codes in lower case with blanks', daily('09:00:00', { trigger: 'periodico ', frequency: ' Diario' })],
  ['an hour without seconds', daily('09:00')],
  ['a trailing comma', weekly('1, 2,', '09:00:00')],
  ['bad values in columns of other kinds', daily('09:00:00', { weekdays: '9', monthDays: '99', dates: 'x' })],
  ['31/04 with cfg_UltimoDiaMes', yearly('31/04', null, '09:00:00', { lastDayOfMonth: true })],
])('is read: %s', (_case, row) => {
  expect(parseAlert(row, settings)).toMatchObject({ kind: 'valid', faults: [] });
});

test('a tenant without a zone has that of the installation', () => {
  expect(parseAlert(daily('09:00:00'), settings)).toMatchObject({ alert: { zone: settings.timeZone } });
  expect(parseAlert(daily('09:00:00', { tenantZone: 'Asia/Kolkata' }), settings)).toMatchObject({
    alert: { zone: 'Asia/Kolkata' },
  });
});

test('a fault is a sentence that says column, value and what may stand there', () => {
  const [fault] = parseAlert(monthly('32', '09:00:00'), settings).faults;
  expect(fault && sentenceOf(fault)).toBe(
    'cfg_DiasMes dice "32": debe llevar días del 1 al 31, separados por comas.',
  );
  const [empty] = parseAlert(daily('09:00:00', { sendTime: null }), settings).faults;
  expect(empty && sentenceOf(empty)).toBe(
    'cfg_HoraEnvio está vacía: debe llevar una hora entre 00:00:00 y 23:59:59.',
  );
});
