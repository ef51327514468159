import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import type { AlertRow } from '../../../src/domain/alert.ts';
import { fingerprintOf } from '../../../src/domain/fingerprint.ts';
import { parseAlert } from '../../../src/domain/parse-alert.ts';
import { decideOccurrences } from '../../../src/scan/decide-occurrences.ts';
import type { ScanPolicy } from '../../../src/scan/scan-policy.ts';
import type { Candidate } from '../../../src/scan/select-candidates.ts';
import { spanAround } from '../../../src/scan/span.ts';
import { daily, listed, weekly } from '../../support/alert-rows.ts';
import { scanPolicy } from '../../support/scan-policy.ts';

function candidate(row: AlertRow, pointer: string): Candidate {
  return {
    alert: row.code,
    pointer: Temporal.Instant.from(pointer).toZonedDateTimeISO('UTC'),
    fingerprint: fingerprintOf(parseAlert(row, scanPolicy)),
    row,
  };
}

function decide(row: AlertRow, pointer: string, now: string, more: Partial<ScanPolicy> = {}) {
  const policy = { ...scanPolicy, ...more };
  const decision = decideOccurrences(
    candidate(row, pointer),
    spanAround(Temporal.Instant.from(now), policy),
    policy,
  );
  if (decision.kind !== 'decided') throw new Error(decision.kind);
  return {
    lines: decision.executions.map(({ key, missed }) => `${key} ${missed?.reason ?? 'due'}`),
    next: decision.next?.key,
  };
}

describe('each occurrence from the pointer to the end of the window', () => {
  test.each<[string, AlertRow, string, string, { lines: string[]; next: string | undefined }]>([
    [
      'is due at the very end of the window',
      daily('12:49:00'),
      '2026-03-02T12:49:00-03:00',
      '2026-03-02T12:47:00-03:00',
      { lines: ['2026-03-02 due'], next: '2026-03-03' },
    ],
    [
      'is due when the host ticks some milliseconds early',
      daily('12:49:00'),
      '2026-03-02T12:49:00-03:00',
      '2026-03-02T12:47:59.988-03:00',
      { lines: ['2026-03-02 due'], next: '2026-03-03' },
    ],
    [
      'is due across midnight, of tomorrow',
      daily('00:00:00'),
      '2026-03-03T00:00:00-03:00',
      '2026-03-02T23:58:30-03:00',
      { lines: ['2026-03-03 due'], next: '2026-03-04' },
    ],
    [
      'is due across midnight, of yesterday',
      daily('23:59:00'),
      '2026-03-02T23:59:00-03:00',
      '2026-03-03T00:00:30-03:00',
      { lines: ['2026-03-02 due'], next: '2026-03-03' },
    ],
    [
      'is due late to the last second of the catch-up limit',
      daily('12:49:00'),
      '2026-03-02T12:49:00-03:00',
      '2026-03-02T13:19:00-03:00',
      { lines: ['2026-03-02 due'], next: '2026-03-03' },
    ],
    [
      'is missed after it',
      daily('12:49:00'),
      '2026-03-02T12:49:00-03:00',
      '2026-03-02T13:19:01-03:00',
      { lines: ['2026-03-02 no_ejecutada'], next: '2026-03-03' },
    ],
    [
      'has the limit of its own alert',
      daily('12:49:00', { catchUpMinutes: 60 }),
      '2026-03-02T12:49:00-03:00',
      '2026-03-02T13:49:00-03:00',
      { lines: ['2026-03-02 due'], next: '2026-03-03' },
    ],
    [
      'has never less than the window, even with a limit of 0',
      daily('12:49:00', { catchUpMinutes: 0 }),
      '2026-03-02T12:49:00-03:00',
      '2026-03-02T12:51:00-03:00',
      { lines: ['2026-03-02 due'], next: '2026-03-03' },
    ],
    [
      'is one of many after an outage of days',
      weekly('1,2,3', '09:00:00'),
      '2026-03-02T09:00:00-03:00',
      '2026-03-04T09:10:00-03:00',
      { lines: ['2026-03-04 due', '2026-03-02 no_ejecutada', '2026-03-03 no_ejecutada'], next: '2026-03-09' },
    ],
    [
      'of a list is each of its times of one day',
      listed('2026-03-02 12:48, 2026-03-02 12:49, 2026-03-02 18:00'),
      '2026-03-02T12:48:00-03:00',
      '2026-03-02T12:47:00-03:00',
      { lines: ['2026-03-02T12:48:00 due', '2026-03-02T12:49:00 due'], next: '2026-03-02T18:00:00' },
    ],
    [
      'is left alone a millisecond before the window reaches it',
      daily('12:49:00'),
      '2026-03-02T12:49:00-03:00',
      '2026-03-02T12:46:59.999-03:00',
      { lines: [], next: '2026-03-02' },
    ],
    [
      'is due across the end of a year',
      daily('00:00:00'),
      '2027-01-01T00:00:00-03:00',
      '2026-12-31T23:59:59.990-03:00',
      { lines: ['2027-01-01 due'], next: '2027-01-02' },
    ],
    [
      'has the date of its rule where its day has no midnight',
      daily('00:00:00', { tenantZone: 'Africa/Cairo' }),
      '2026-04-24T01:00:00+03:00',
      '2026-04-24T01:00:00+03:00',
      { lines: ['2026-04-24 due'], next: '2026-04-25' },
    ],
    [
      'has the date of its rule where the clocks jump from the evening before into that day',
      daily('23:30:00', { tenantZone: 'America/Nuuk' }),
      '2026-03-29T00:30:00-01:00',
      '2026-03-29T00:30:00-01:00',
      { lines: ['2026-03-28 due'], next: '2026-03-29' },
    ],
    [
      'of a day that its zone left out is due with the day after it, each under its own date',
      daily('08:00:00', { tenantZone: 'Pacific/Apia' }),
      '2011-12-31T08:00:00+14:00',
      '2011-12-31T08:00:00+14:00',
      { lines: ['2011-12-30 due', '2011-12-31 due'], next: '2012-01-01' },
    ],
    [
      'of a time that comes twice is due the first time alone',
      daily('01:30:00', { tenantZone: 'America/New_York' }),
      '2026-11-01T01:30:00-04:00',
      '2026-11-01T01:30:00-05:00',
      { lines: ['2026-11-01 no_ejecutada'], next: '2026-11-02' },
    ],
    [
      'of a list keeps the time as listed for its key, in a gap too',
      listed('2026-03-08 02:30', { tenantZone: 'America/New_York' }),
      '2026-03-08T03:30:00-04:00',
      '2026-03-08T03:30:00-04:00',
      { lines: ['2026-03-08T02:30:00 due'], next: undefined },
    ],
    [
      'is the last of its list',
      listed('2026-03-02 12:49'),
      '2026-03-02T12:49:00-03:00',
      '2026-03-02T12:49:00-03:00',
      { lines: ['2026-03-02T12:49:00 due'], next: undefined },
    ],
  ])('%s', (_sentence, row, pointer, now, expected) => {
    expect(decide(row, pointer, now)).toEqual(expected);
  });
});

test('an outage of half a year is one line for what lies before ALERTS_MISSED_DAYS', () => {
  const row = daily('12:49:00');
  const now = Temporal.Instant.from('2026-03-02T15:00:00-03:00');
  const start = now.subtract({ hours: 24 * 182 });
  const decision = decideOccurrences(
    candidate(row, start.toString()),
    spanAround(now, scanPolicy),
    scanPolicy,
  );
  if (decision.kind !== 'decided') throw new Error(decision.kind);
  expect(decision.executions.map(({ key, missed }) => `${key} ${missed?.reason}`)).toEqual([
    '2025-09-02 corte_largo',
    ...['24', '25', '26', '27', '28'].map((day) => `2026-02-${day} no_ejecutada`),
    '2026-03-01 no_ejecutada',
    '2026-03-02 no_ejecutada',
  ]);
  expect(decision.executions[0]?.missed?.detail).toBe(
    'Un corte largo: 175 envíos del 02/09/2025 12:49 al 23/02/2026 12:49 no salieron, y no se registran uno por uno.',
  );
});

test('a row of the system before us counts on the day of a periodic alert, and around the time of a listed one', () => {
  const older = (row: AlertRow, pointer: string) => {
    const span = spanAround(Temporal.Instant.from(pointer), scanPolicy);
    const decision = decideOccurrences(candidate(row, pointer), span, scanPolicy);
    return decision.kind === 'decided' ? JSON.stringify(decision.executions[0]?.older) : '';
  };
  expect(older(daily('12:49:00'), '2026-03-02T12:49:00-03:00')).toBe('{"by":"day","day":"2026-03-02"}');
  expect(older(listed('2026-03-02 12:49'), '2026-03-02T12:49:00-03:00')).toBe(
    '{"by":"time","from":"2026-03-02T12:47:00","to":"2026-03-02T12:51:00"}',
  );
});

test('an alert that was edited since the refresh is left to the next scan', () => {
  const read = candidate(daily('12:49:00'), '2026-03-02T12:49:00-03:00');
  const span = spanAround(Temporal.Instant.from('2026-03-02T12:49:00-03:00'), scanPolicy);
  for (const row of [daily('13:00:00'), daily('12:49:00', { active: false }), daily('nunca')]) {
    expect(decideOccurrences({ ...read, row }, span, scanPolicy).kind).toBe('edited');
  }
});

test('an alert that ALERTS_ONLY leaves to another system is not claimed, although its agenda row still stands', () => {
  const read = candidate(daily('12:49:00'), '2026-03-02T12:49:00-03:00');
  const span = spanAround(Temporal.Instant.from('2026-03-02T12:49:00-03:00'), scanPolicy);
  const only = (alerts: string[]) => ({ ...scanPolicy, only: { tenants: [], alerts } });
  expect(decideOccurrences(read, span, only(['OTHER'])).kind).toBe('edited');
  expect(decideOccurrences(read, span, only([read.alert])).kind).toBe('decided');
});

test('a deleted alert is forgotten, and what it missed before that is recorded', () => {
  const read = { ...candidate(daily('12:49:00'), '2026-03-02T12:49:00-03:00'), row: null };
  const at = (now: string) =>
    decideOccurrences(read, spanAround(Temporal.Instant.from(now), scanPolicy), scanPolicy);
  expect(at('2026-03-02T12:51:00-03:00')).toMatchObject({ kind: 'forget', executions: [] });
  expect(at('2026-03-02T12:51:01-03:00')).toMatchObject({
    kind: 'forget',
    executions: [{ key: null, missed: { reason: 'editada_en_corte' } }],
  });
});

test('no row whatever makes deciding fail', { timeout: 30_000 }, () => {
  const text = fc.option(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        'PERIODICO',
        'PUNTUAL',
        'ANUAL',
        'MENSUAL',
        'SEMANAL',
        '31/02',
        '09:00',
        '9998-12-31 23:59',
      ),
    ),
  );
  const rows: fc.Arbitrary<AlertRow> = fc.record({
    code: fc.string(),
    tenant: text,
    tenantZone: fc.option(fc.oneof(fc.string(), fc.constantFrom('UTC', 'Pacific/Apia', '+14:00')), {
      nil: undefined,
    }),
    active: fc.boolean(),
    trigger: text,
    frequency: text,
    sendTime: text,
    dates: text,
    weekdays: text,
    monthDays: text,
    months: text,
    lastDayOfMonth: fc.boolean(),
    catchUpMinutes: fc.option(fc.integer({ min: -1, max: 2_147_483_647 })),
  });
  fc.assert(
    fc.property(
      rows,
      fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
      (row, date) => {
        const pointer = date.toISOString();
        const span = spanAround(Temporal.Instant.from('2026-03-02T12:00:00Z'), scanPolicy);
        expect(['decided', 'edited']).toContain(
          decideOccurrences(candidate(row, pointer), span, scanPolicy).kind,
        );
      },
    ),
    { numRuns: 500 },
  );
});
