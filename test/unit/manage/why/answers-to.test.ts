import { expect, test } from 'vitest';
import { answersTo } from '../../../../src/manage/why/answers-to.ts';

const persons = [
  { code: 'P001', name: 'Juan Pérez' },
  { code: 'P002', name: 'Ana Gómez' },
  { code: 'P014', name: 'María Juana López' },
  { code: 'JUAN', name: null },
  { code: 'P015', name: 'O’Higgins, Bernardo' },
  { code: 'P015', name: 'O’Higgins, Bernardo' },
];

test.each([
  ['P001', ['P001']],
  ['p001 ', ['P001']],
  ['juan', ['JUAN']],
  ['juan p', ['P001']],
  ['perez', ['P001']],
  ['PÉREZ juan', ['P001']],
  ['jua', ['P001', 'P014']],
  ['uan', []],
  ['bernardo', ['P015']],
  ['higgins', ['P015']],
  ['Pedro', []],
  ['«»', []],
  ['', []],
])('%j finds %j', (asked, codes) => {
  expect(answersTo(asked, persons).map(({ code }) => code)).toEqual(codes);
});
