import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { readUntil } from '../../../src/cli/read-until.ts';

const zone = 'America/Argentina/Buenos_Aires';
const at = (text: string, now = '2026-03-02T15:00:00Z', there = zone) =>
  readUntil(text, Temporal.Instant.from(now), there);

test('takes a length of time from now', () => {
  expect([at('90min'), at('2h'), at('3 d'), at('2H')]).toEqual([
    '2026-03-02T16:30:00Z',
    '2026-03-02T17:00:00Z',
    '2026-03-05T15:00:00Z',
    '2026-03-02T17:00:00Z',
  ]);
});

test('takes the time that the clocks show next, today or tomorrow', () => {
  expect(at('18:30')).toBe('2026-03-02T21:30:00Z');
  expect(at('8:00')).toBe('2026-03-03T11:00:00Z');
  expect(at('12:00')).toBe('2026-03-03T15:00:00Z');
});

test('a day is one of the calendar, also when the clocks are put forward in it', () => {
  expect(at('1d', '2026-03-28T11:00:00Z', 'Europe/Madrid')).toBe('2026-03-29T10:00:00Z');
  expect(at('02:30', '2026-03-28T11:00:00Z', 'Europe/Madrid')).toBe('2026-03-29T01:30:00Z');
});

test('leaves what is neither to the API', () => {
  for (const text of ['2026-03-02T12:00:00-03:00', '25:00', '2 semanas', '', 'mañana'])
    expect(at(text)).toBe(text);
});
