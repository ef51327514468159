import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCrontab } from '../../../dev/host/timer/ncrontab.ts';

function next(expression: string, after: string): string | undefined {
  const found = parseCrontab(expression)?.next(Date.parse(after));
  return found === undefined ? undefined : new Date(found).toISOString();
}

describe('an NCRONTAB expression', () => {
  test.each([
    ['0 * * * * *', '2026-03-02T12:49:00Z', '2026-03-02T12:50:00.000Z'],
    ['0 * * * * *', '2026-03-02T12:48:59.999Z', '2026-03-02T12:49:00.000Z'],
    ['*/15 * * * * *', '2026-03-02T12:49:44.998Z', '2026-03-02T12:49:45.000Z'],
    ['* * * * *', '2026-03-02T12:49:30Z', '2026-03-02T12:50:00.000Z'],
    ['0 30 9 * * 1-5', '2026-03-06T09:30:00Z', '2026-03-09T09:30:00.000Z'],
    ['0 0 0 29 Feb *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 8 1,15 jan-march *', '2026-01-15T08:00:00Z', '2026-02-01T08:00:00.000Z'],
    ['0 5/20 * * * *', '2026-03-02T12:00:00Z', '2026-03-02T12:05:00.000Z'],
    ['0 5/20 * * * *', '2026-03-02T12:45:00Z', '2026-03-02T13:05:00.000Z'],
    ['0 0 22-20 * * *', '2026-03-02T00:00:00Z', '2026-03-02T20:00:00.000Z'],
    ['0 0 0 1 1 *', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00.000Z'],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  test('needs both the day of the month and the day of the week to match', () => {
    expect(next('0 0 0 13 * Fri', '2026-03-14T00:00:00Z')).toBe('2026-11-13T00:00:00.000Z');
  });

  test('that never occurs has no next instant', () => {
    expect(next('0 0 0 30 2 *', '2026-03-14T00:00:00Z')).toBeUndefined();
  });

  test.each(['', '* * * *', '* * * * * * *', '60 * * * * *', '* * 24 * * *', '* * * 0 * *', '* * * * 13 *'])(
    'refuses "%s"',
    (expression) => expect(parseCrontab(expression)).toBeUndefined(),
  );

  test.each([
    'a * * * * *',
    '*/0 * * * * *',
    '1-2-3 * * * * *',
    '1, * * * * *',
    '0 0 0 * * 7',
    '*/ * * * * *',
  ])('refuses "%s" too', (expression) => expect(parseCrontab(expression)).toBeUndefined());

  test('leads from any instant to the first second that its fields allow', () => {
    const second = integer({ min: 0, max: 59 });
    const instants = integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2030, 0, 1) });
    assert(
      property(second, second, instants, (s, m, after) => {
        const found = parseCrontab(`${s} ${m} * * * *`)?.next(after) ?? 0;
        const date = new Date(found);
        expect([date.getUTCSeconds(), date.getUTCMinutes(), found % 1000]).toEqual([s, m, 0]);
        expect(found - after).toBeGreaterThan(0);
        expect(found - after).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });
});
