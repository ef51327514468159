import { expect, test } from 'vitest';
import { sameCode } from '../../../src/domain/same-code.ts';

test.each([
  ['e1', 'E1'],
  ['E1  ', 'E1'],
  ['ñu', 'ÑU'],
])('«%s» and «%s» are the same code', (one, other) => {
  expect(sameCode(one)).toBe(sameCode(other));
});

test.each([
  [' E1', 'E1'],
  ['E 1', 'E1'],
  ['E1\t', 'E1'],
  ['E1\u00A0', 'E1'],
  ['01', '1'],
])('«%s» and «%s» are not', (one, other) => {
  expect(sameCode(one)).not.toBe(sameCode(other));
});
