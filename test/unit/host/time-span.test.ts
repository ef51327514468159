import { expect, test } from 'vitest';
import { formatTimeSpan, parseTimeSpan } from '../../../dev/host/time-span.ts';

test.each([
  ['00:00:02', 2_000],
  ['00:10', 600_000],
  ['1.02:03:04', 93_784_000],
  ['00:00:00.100', 100],
  ['-00:00:01', -1_000],
  ['7', 604_800_000],
])('"%s" lasts %d ms', (text, ms) => expect(parseTimeSpan(text)).toBe(ms));

test.each(['', 'soon', '24:00:00', '00:60:00', '0 * * * * *'])('"%s" is no time span', (text) => {
  expect(parseTimeSpan(text)).toBeUndefined();
});

test.each([
  [600_000, '00:10:00'],
  [93_784_000, '1.02:03:04'],
  [1_500, '00:00:01.5000000'],
])('%d ms is written %s', (ms, text) => expect(formatTimeSpan(ms)).toBe(text));
