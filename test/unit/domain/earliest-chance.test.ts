import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { earliestChance } from '../../../src/domain/earliest-chance.ts';
import { parseAlert } from '../../../src/domain/parse-alert.ts';
import { nextOccurrence } from '../../../src/domain/recurrence.ts';
import { daily, listed, monthly, weekly } from '../../support/alert-rows.ts';

const settings = { timeZone: 'America/Argentina/Buenos_Aires', weekStartsOn: 'monday' } as const;
const at = (text: string) => Temporal.Instant.from(text);
const chanceOf = (from: string, row: ReturnType<typeof daily>) =>
  Temporal.Instant.fromEpochMilliseconds(earliestChance(at(from), settings)(row)).toString();

describe('the earliest chance of an alert', () => {
  test('is its time today, if that is still to come', () => {
    expect(chanceOf('2026-03-02T15:00:00Z', daily('12:00:00'))).toBe('2026-03-02T15:00:00Z');
    expect(chanceOf('2026-03-02T14:00:00Z', weekly('7', '12:00:00'))).toBe('2026-03-02T15:00:00Z');
  });

  test('is its time tomorrow, if that is over', () => {
    expect(chanceOf('2026-03-02T15:00:01Z', daily('12:00:00'))).toBe('2026-03-03T15:00:00Z');
  });

  test('is any time, where the clocks are turned, or where no time of the day counts', () => {
    const inMadrid = { ...daily('12:00:00'), tenantZone: 'Europe/Madrid' };
    expect(chanceOf('2026-03-28T18:00:00Z', inMadrid)).toBe('2026-03-28T18:00:00Z');
    expect(chanceOf('2026-03-02T18:00:00Z', listed('2026-03-03 10:00'))).toBe('2026-03-02T18:00:00Z');
    expect(chanceOf('2026-03-02T18:00:00Z', daily('x'))).toBe('2026-03-02T18:00:00Z');
  });

  test('never lies behind the next occurrence, wherever and whenever', () => {
    const two = (n: number) => String(n).padStart(2, '0');
    const zones = [
      'Pacific/Apia',
      'Europe/Madrid',
      'America/Santiago',
      'Australia/Lord_Howe',
      'Asia/Beirut',
      'UTC',
      '+05:30',
    ];
    const around = [
      '2011-12-30T10:00:00Z',
      '2026-03-29T01:00:00Z',
      '2026-09-06T04:00:00Z',
      '2026-10-03T15:30:00Z',
    ];
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.nat(59), fc.nat(59))
      .map((parts) => parts.map(two).join(':'));
    const rowAt = (text: string) => [daily(text), weekly('1,4', text), monthly('1,30', text)];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...around),
        fc.integer({ min: -400_000_000, max: 400_000_000 }),
        time,
        (zone, moment, milliseconds, text) => {
          const from = at(moment).add({ milliseconds });
          for (const row of rowAt(text)) {
            const parse = parseAlert({ ...row, tenantZone: zone }, settings);
            if (parse.kind === 'invalid') throw new Error('Cannot be read.');
            const next = nextOccurrence(parse.alert.schedule, zone, from);
            const chance = earliestChance(from, settings)({ ...row, tenantZone: zone });
            expect(chance).toBeLessThanOrEqual(next?.at.epochMilliseconds ?? Infinity);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
