import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import type { AlertRow } from '../../../src/domain/alert.ts';
import { parseAlert } from '../../../src/domain/parse-alert.ts';
import { nextOccurrence, occurrenceOfKey, occurrencesBetween } from '../../../src/domain/recurrence.ts';
import { daily, listed, monthly, weekly, yearly } from '../../support/alert-rows.ts';

const BUENOS_AIRES = 'America/Argentina/Buenos_Aires';

function scheduleOf(row: AlertRow, weekStartsOn: 'monday' | 'sunday' = 'monday') {
  const parse = parseAlert(row, { timeZone: BUENOS_AIRES, weekStartsOn });
  if (parse.kind === 'invalid') throw new Error(JSON.stringify(parse.faults));
  return parse.alert;
}

function localTimes(row: AlertRow, from: string, to: string): string[] {
  const { schedule, zone } = scheduleOf(row);
  return occurrencesBetween(schedule, zone, Temporal.Instant.from(from), Temporal.Instant.from(to)).map(
    ({ at }) => at.toPlainDateTime().toString({ smallestUnit: 'minute' }),
  );
}

describe('what an operator writes', () => {
  test.each<[string, AlertRow, string, string, string[]]>([
    [
      'DIARIO fires every day, both ends of the span included',
      daily('12:49:00'),
      '2026-03-02T12:49:00-03:00',
      '2026-03-04T12:49:00-03:00',
      ['2026-03-02T12:49', '2026-03-03T12:49', '2026-03-04T12:49'],
    ],
    [
      'SEMANAL counts from Monday',
      weekly('1,7', '09:00:00'),
      '2026-03-01T00:00:00-03:00',
      '2026-03-09T23:00:00-03:00',
      ['2026-03-01T09:00', '2026-03-02T09:00', '2026-03-08T09:00', '2026-03-09T09:00'],
    ],
    [
      'MENSUAL skips the months without the 31st',
      monthly('31', '09:00:00'),
      '2026-01-01T00:00:00Z',
      '2026-06-01T00:00:00Z',
      ['2026-01-31T09:00', '2026-03-31T09:00', '2026-05-31T09:00'],
    ],
    [
      'MENSUAL with cfg_UltimoDiaMes sends once on the last day, however many days are lacking',
      monthly('15,29,30,31', '09:00:00', { lastDayOfMonth: true }),
      '2026-02-01T00:00:00Z',
      '2026-05-01T02:00:00Z',
      [
        '2026-02-15T09:00',
        '2026-02-28T09:00',
        '2026-03-15T09:00',
        '2026-03-29T09:00',
        '2026-03-30T09:00',
        '2026-03-31T09:00',
        '2026-04-15T09:00',
        '2026-04-29T09:00',
        '2026-04-30T09:00',
      ],
    ],
    [
      'ANUAL takes the days of cfg_Meses',
      yearly('1,15', '3,9', '09:00:00'),
      '2026-01-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
      ['2026-03-01T09:00', '2026-03-15T09:00', '2026-09-01T09:00', '2026-09-15T09:00'],
    ],
    [
      'ANUAL takes days with their month',
      yearly('25/12,01/05', null, '09:00:00'),
      '2026-01-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
      ['2026-05-01T09:00', '2026-12-25T09:00'],
    ],
    [
      'ANUAL mixes both forms',
      yearly('10,25/12', '6', '09:00:00'),
      '2026-01-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
      ['2026-06-10T09:00', '2026-12-25T09:00'],
    ],
    [
      '29/02 comes in leap years alone, and the century is none',
      yearly('29/02', null, '09:00:00'),
      '2092-03-01T00:00:00Z',
      '2108-03-01T00:00:00Z',
      ['2096-02-29T09:00', '2104-02-29T09:00', '2108-02-29T09:00'],
    ],
    [
      '29/02 with cfg_UltimoDiaMes comes every year',
      yearly('29/02', null, '09:00:00', { lastDayOfMonth: true }),
      '2027-01-01T00:00:00Z',
      '2029-01-01T00:00:00Z',
      ['2027-02-28T09:00', '2028-02-29T09:00'],
    ],
    [
      'cfg_UltimoDiaMes without days is the last day of every month',
      monthly('', '09:00:00', { lastDayOfMonth: true }),
      '2026-01-15T00:00:00Z',
      '2026-03-15T00:00:00Z',
      ['2026-01-31T09:00', '2026-02-28T09:00'],
    ],
    [
      'PUNTUAL fires every listed time, in all three styles, in the order of time',
      listed('05/03/2026 18:00, 2026-03-02 12:49:00,2026-03-02T13:00'),
      '2026-03-01T00:00:00Z',
      '2026-04-01T00:00:00Z',
      ['2026-03-02T12:49', '2026-03-02T13:00', '2026-03-05T18:00'],
    ],
  ])('%s', (_sentence, row, from, to, expected) => {
    expect(localTimes(row, from, to)).toEqual(expected);
  });

  test('weeks of an installation that counts from Sunday', () => {
    const { schedule, zone } = scheduleOf(weekly('1,2', '09:00:00'), 'sunday');
    const next = nextOccurrence(schedule, zone, Temporal.Instant.from('2026-03-03T00:00:00Z'));
    expect(next?.key).toBe('2026-03-08');
    expect(occurrenceOfKey(schedule, zone, '2026-03-09')?.at.dayOfWeek).toBe(1);
    expect(occurrenceOfKey(schedule, zone, '2026-03-10')).toBeNull();
  });
});

describe('daylight saving', () => {
  const instants = (row: AlertRow, from: string, to: string): string[] => {
    const { schedule, zone } = scheduleOf(row);
    return occurrencesBetween(schedule, zone, Temporal.Instant.from(from), Temporal.Instant.from(to)).map(
      ({ key, at }) => `${key} ${at.toString({ timeZoneName: 'never' })}`,
    );
  };

  test.each([
    ['a gap moves 02:30 to 03:30', 'America/New_York', '02:30:00', '2026-03-08', '2026-03-08T03:30:00-04:00'],
    [
      'a fold takes the earlier 01:30, once',
      'America/New_York',
      '01:30:00',
      '2026-11-01',
      '2026-11-01T01:30:00-04:00',
    ],
    [
      'a gap at midnight keeps the key of its day',
      'America/Santiago',
      '00:00:00',
      '2026-09-06',
      '2026-09-06T01:00:00-03:00',
    ],
    [
      'a gap at midnight, in a zone that keeps its clocks otherwise',
      'Africa/Cairo',
      '00:00:00',
      '2026-04-24',
      '2026-04-24T01:00:00+03:00',
    ],
    ['a gap of half an hour', 'Australia/Lord_Howe', '02:15:00', '2026-10-04', '2026-10-04T02:45:00+11:00'],
    ['a zone at half past', 'Asia/Kolkata', '09:00:00', '2026-03-02', '2026-03-02T09:00:00+05:30'],
  ])('%s', (_sentence, tenantZone, sendTime, date, expected) => {
    const day = Temporal.PlainDate.from(date);
    const from = day.subtract({ days: 1 }).toZonedDateTime({ timeZone: tenantZone, plainTime: '12:00' });
    const to = day.toZonedDateTime({ timeZone: tenantZone, plainTime: '23:59' });
    expect(
      instants(daily(sendTime, { tenantZone }), from.toInstant().toString(), to.toInstant().toString()),
    ).toEqual([`${date} ${expected}`]);
  });

  test('a gap before midnight moves an occurrence into the next day, and it keeps the key of its own', () => {
    expect(
      instants(
        daily('23:30:00', { tenantZone: 'America/Nuuk' }),
        '2026-03-28T12:00:00Z',
        '2026-03-30T06:00:00Z',
      ),
    ).toEqual(['2026-03-28 2026-03-29T00:30:00-01:00', '2026-03-29 2026-03-29T23:30:00-01:00']);
  });

  test('a listed time in a gap fires beside the one that is listed where it is moved to', () => {
    expect(
      instants(
        listed('2026-03-08 02:30, 2026-03-08 03:30', { tenantZone: 'America/New_York' }),
        '2026-03-08T00:00:00Z',
        '2026-03-09T00:00:00Z',
      ),
    ).toEqual([
      '2026-03-08T02:30:00 2026-03-08T03:30:00-04:00',
      '2026-03-08T03:30:00 2026-03-08T03:30:00-04:00',
    ]);
  });

  test('the day that Samoa left out fires with the day after it', () => {
    expect(
      instants(
        daily('08:00:00', { tenantZone: 'Pacific/Apia' }),
        '2011-12-30T10:00:00Z',
        '2011-12-31T10:00:00Z',
      ),
    ).toEqual(['2011-12-30 2011-12-31T08:00:00+14:00', '2011-12-31 2011-12-31T08:00:00+14:00']);
  });

  test('two listed times that a gap puts out of order come in the order of their instants', () => {
    expect(
      instants(
        listed('2026-03-08 02:30, 2026-03-08 03:00', { tenantZone: 'America/New_York' }),
        '2026-03-08T00:00:00Z',
        '2026-03-09T00:00:00Z',
      ),
    ).toEqual([
      '2026-03-08T03:00:00 2026-03-08T03:00:00-04:00',
      '2026-03-08T02:30:00 2026-03-08T03:30:00-04:00',
    ]);
  });
});
