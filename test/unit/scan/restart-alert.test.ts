import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import type { AlertRow } from '../../../src/domain/alert.ts';
import { fingerprintOf } from '../../../src/domain/fingerprint.ts';
import { parseAlert } from '../../../src/domain/parse-alert.ts';
import { restartAlert, type AgendaRow } from '../../../src/scan/restart-alert.ts';
import type { ScanPolicy } from '../../../src/scan/scan-policy.ts';
import { spanAround } from '../../../src/scan/span.ts';
import { daily, listed, weekly } from '../../support/alert-rows.ts';
import { scanPolicy } from '../../support/scan-policy.ts';

/** Monday. */
const now = Temporal.Instant.from('2026-03-02T12:00:00-03:00');
const aMinuteAgo = '2026-03-02T11:59:00-03:00';
const atNine = '2026-03-02T09:00:00-03:00';

function agendaOf(row: AlertRow, pointer: string | null, more: Partial<AgendaRow> = {}): AgendaRow {
  return {
    fingerprint: fingerprintOf(parseAlert(row, scanPolicy)),
    pointer: pointer === null ? null : Temporal.Instant.from(pointer).toZonedDateTimeISO('UTC'),
    problem: null,
    ...more,
  };
}

function restart(
  row: AlertRow,
  agenda: AgendaRow | null,
  lastScan: string | null = aMinuteAgo,
  more: Partial<ScanPolicy> = {},
) {
  const policy = { ...scanPolicy, ...more };
  const last = lastScan === null ? null : Temporal.Instant.from(lastScan);
  return restartAlert({ row, agenda }, spanAround(now, policy), last, policy);
}

function told(...given: Parameters<typeof restart>) {
  const result = restart(...given);
  if (result.kind !== 'restart') return result.kind;
  return {
    pointer: result.pointer?.toPlainDateTime().toString({ smallestUnit: 'minute' }) ?? null,
    missed: result.missed.map(
      ({ key, at, missed }) => `${key} ${at.toPlainTime().toString()} ${missed?.reason}`,
    ),
  };
}

describe('a new alert', () => {
  test.each<[string, AlertRow, string | null, { pointer: string | null; missed: string[] }]>([
    [
      'starts at its next occurrence',
      daily('15:00:00'),
      aMinuteAgo,
      { pointer: '2026-03-02T15:00', missed: [] },
    ],
    [
      'is due while its time lies within the window',
      daily('11:58:00'),
      aMinuteAgo,
      { pointer: '2026-03-02T11:58', missed: [] },
    ],
    [
      'ignores what lay before the last scan',
      daily('11:57:59'),
      aMinuteAgo,
      { pointer: '2026-03-03T11:57', missed: [] },
    ],
    [
      'was seen late when its time lies between the last scan and the window',
      daily('11:00:00'),
      atNine,
      { pointer: '2026-03-03T11:00', missed: ['2026-03-02 11:00:00 vista_tarde'] },
    ],
    [
      'was seen late when its time is that of the last scan',
      daily('09:00:00'),
      atNine,
      { pointer: '2026-03-03T09:00', missed: ['2026-03-02 09:00:00 vista_tarde'] },
    ],
    [
      'ignores what lay a second before the last scan',
      daily('08:59:59'),
      atNine,
      { pointer: '2026-03-03T08:59', missed: [] },
    ],
    [
      'was seen late a second before the window, and is due where it begins',
      listed('2026-03-02 11:57:59, 2026-03-02 11:58'),
      atNine,
      { pointer: '2026-03-02T11:58', missed: ['2026-03-02T11:57:59 11:57:59 vista_tarde'] },
    ],
    [
      'missed nothing at the first start',
      daily('11:00:00'),
      null,
      { pointer: '2026-03-03T11:00', missed: [] },
    ],
    [
      'that is inactive has no pointer',
      daily('15:00:00', { active: false }),
      atNine,
      { pointer: null, missed: [] },
    ],
    [
      'whose list is over has no pointer',
      listed('2026-03-01 10:00'),
      aMinuteAgo,
      { pointer: null, missed: [] },
    ],
  ])('%s', (_sentence, row, lastScan, expected) => {
    expect(told(row, null, lastScan)).toEqual(expected);
  });

  test('seen after an outage of half a year has one line for what lies before ALERTS_MISSED_DAYS', () => {
    const result = restart(daily('11:00:00'), null, '2025-09-01T12:00:00-03:00');
    expect(result.kind === 'restart' && result.missed.map(({ missed }) => missed?.reason)).toEqual([
      'corte_largo',
      ...Array.from({ length: 7 }, () => 'vista_tarde'),
    ]);
  });
});

test('the day of an edit is that of the tenant, not of the server', () => {
  const row = daily('15:00:00', { tenantZone: 'Pacific/Kiritimati' });
  const result = restart(row, agendaOf(daily('14:00:00'), '2026-03-03T14:00:00+14:00'));
  expect(result.kind === 'restart' && result.today.toString()).toBe('2026-03-03');
});

describe('an edited alert', () => {
  const before = daily('10:00:00');
  test('starts over from the window, and its executions are to be settled', () => {
    const result = restart(daily('15:00:00'), agendaOf(before, '2026-03-03T10:00:00-03:00'));
    expect(result).toMatchObject({ kind: 'restart', edited: true, missed: [] });
    expect(result.kind === 'restart' && result.today.toString()).toBe('2026-03-02');
  });

  test('whose old time passed in an outage has that on record without a key, so that its new time is sent', () => {
    expect(told(daily('13:00:00'), agendaOf(before, '2026-03-02T10:00:00-03:00'), atNine)).toEqual({
      pointer: '2026-03-02T13:00',
      missed: ['null 10:00:00 editada_en_corte'],
    });
  });

  test('that keeps its old time, which passed in an outage, has that on record once', () => {
    const list = '2026-03-02 10:00';
    expect(
      told(listed(`${list}, 2026-03-02 10:30`), agendaOf(listed(list), '2026-03-02T10:00:00-03:00'), atNine),
    ).toEqual({
      pointer: null,
      missed: ['null 10:00:00 editada_en_corte', '2026-03-02T10:30:00 10:30:00 vista_tarde'],
    });
  });

  test('that was deactivated in an outage has its old time on record too', () => {
    expect(
      told(daily('10:00:00', { active: false }), agendaOf(before, '2026-03-02T10:00:00-03:00'), atNine),
    ).toEqual({
      pointer: null,
      missed: ['null 10:00:00 editada_en_corte'],
    });
  });

  test('whose old time still lies in the window loses nothing', () => {
    expect(told(weekly('1', '11:58:00'), agendaOf(daily('11:58:00'), '2026-03-02T11:58:00-03:00'))).toEqual({
      pointer: '2026-03-02T11:58',
      missed: [],
    });
  });

  test('in a column that time does not depend on stays as it is', () => {
    expect(
      told(daily('10:00:00', { catchUpMinutes: 5 }), agendaOf(before, '2026-03-03T10:00:00-03:00')),
    ).toBe('unchanged');
  });
});

test('an edit that was taken back before it was seen has what lies in the window decided anew', () => {
  const row = daily('12:01:00');
  expect(told(row, agendaOf(row, '2026-03-03T12:01:00-03:00'))).toEqual({
    pointer: '2026-03-02T12:01',
    missed: [],
  });
  expect(told(row, agendaOf(row, '2026-03-02T12:01:00-03:00'))).toBe('unchanged');
  expect(told(row, agendaOf(row, '2026-03-01T12:01:00-03:00'))).toBe('unchanged');
});

describe('an alert that cannot be read', () => {
  test('loses its pointer and is told once', () => {
    const bad = daily('nunca');
    const found = restart(bad, agendaOf(daily('10:00:00'), '2026-03-03T10:00:00-03:00'));
    expect(found).toMatchObject({ kind: 'restart', pointer: null, problemIsNew: true });
    const problem = found.kind === 'restart' ? found.problem : null;
    expect(problem).toContain('cfg_HoraEnvio');
    expect(restart(bad, agendaOf(bad, null, { problem }))).toEqual({ kind: 'unchanged' });
  });

  test('is told again when it is changed to another bad value, and not when it can be read again', () => {
    const bad = daily('nunca');
    const first = restart(bad, null);
    const problem = first.kind === 'restart' ? first.problem : null;
    const was = agendaOf(bad, null, { problem });
    expect(restart(daily('jamás'), was)).toMatchObject({ problemIsNew: true, pointer: null });
    expect(restart(daily('15:00:00'), was)).toMatchObject({ problem: null, missed: [] });
    expect(restart(daily('15:00:00'), was)).toHaveProperty('pointer.hour', 15);
  });

  test('only in one entry of its list keeps its pointer when that entry is changed', () => {
    const pointer = '2026-03-03T10:00:00-03:00';
    const was = agendaOf(listed('2026-03-03 10:00, x'), pointer, { problem: 'otro' });
    expect(restart(listed('2026-03-03 10:00, y'), was)).toMatchObject({
      kind: 'restart',
      edited: false,
      problemIsNew: true,
      missed: [],
      pointer: was.pointer,
    });
  });

  test('and is inactive is nobody’s trouble', () => {
    expect(restart(daily('nunca', { active: false }), null)).toMatchObject({
      problem: null,
      problemIsNew: false,
    });
  });
});

test('time zone data that moves an occurrence makes its pointer start over', () => {
  const row = daily('10:00:00');
  expect(told(row, agendaOf(row, '2026-03-03T11:00:00-03:00'))).toEqual({
    pointer: '2026-03-03T10:00',
    missed: [],
  });
  expect(told(row, agendaOf(row, null))).toEqual({ pointer: '2026-03-03T10:00', missed: [] });
});

test('ALERTS_ONLY takes an alert by its code or its tenant, and forgets one that it no longer names', () => {
  const row = daily('15:00:00', { code: 'A1', tenant: 'T1' });
  expect(restart(row, null, aMinuteAgo, { only: { tenants: ['T1'], alerts: [] } }).kind).toBe('restart');
  expect(restart(row, null, aMinuteAgo, { only: { tenants: [], alerts: ['A1'] } }).kind).toBe('restart');
  expect(restart(row, null, aMinuteAgo, { only: { tenants: ['t1'], alerts: [] } }).kind).toBe('restart');
  expect(restart(row, null, aMinuteAgo, { only: { tenants: [], alerts: ['a1'] } }).kind).toBe('restart');
  const others = { only: { tenants: ['T2'], alerts: ['A2'] } };
  expect(restart(row, null, aMinuteAgo, others).kind).toBe('unchanged');
  expect(restart(row, agendaOf(row, '2026-03-02T15:00:00-03:00'), aMinuteAgo, others).kind).toBe('forget');
});
