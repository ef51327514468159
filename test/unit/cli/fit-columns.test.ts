import { expect, test } from 'vitest';
import { fitColumns } from '../../../src/cli/fit-columns.ts';

const column = (wide: number, least = 3) => ({ wide, least });

test('leaves what fits as wide as it is', () => {
  expect(fitColumns([column(10), column(5)], 15)).toEqual([10, 5]);
});

test('takes from the widest column alone, until others are as wide', () => {
  expect(fitColumns([column(6), column(40), column(10)], 30)).toEqual([6, 14, 10]);
  expect(fitColumns([column(6), column(40), column(10)], 20)).toEqual([6, 7, 7]);
});

test('takes nothing below what must be left of a column, nor anything that does not help', () => {
  expect(fitColumns([column(19, 19), column(12, 8)], 28)).toEqual([19, 9]);
  expect(fitColumns([column(19, 19), column(12, 8)], 10)).toEqual([19, 8]);
});
