import { expect, test } from 'vitest';
import { isAlive, isZombie } from '../../../dev/services/is-alive.ts';

test('a process that runs is alive, and a number that nobody has is not', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(2 ** 30)).toBe(false);
});

test.each([
  ['42 (node) Z 1 42 42 0 -1 4228300 0', true],
  ['42 (node) S 1 42 42 0 -1 4194560 0', false],
  ['42 (a ) Z name) S 1 42 42 0 -1 4194560 0', false],
])('%s is of a process that has ended: %s', (stat, ended) => {
  expect(isZombie(stat)).toBe(ended);
});
