import { expect, test } from 'vitest';
import { operatorOf } from '../../../src/manage/operator-of.ts';

const signedIn = { 'x-ms-client-principal-name': 'ana@empresa.example', 'x-operator': 'otro' };

test('the signed-in principal counts only where the installation says so', () => {
  expect(operatorOf(new Headers(signedIn), true)).toBe('ana@empresa.example');
  expect(operatorOf(new Headers(signedIn), false)).toBe('otro');
  expect(operatorOf(new Headers({ 'x-operator': ' luis ' }), true)).toBe('luis');
});

test('who says nothing is unknown', () => {
  expect(operatorOf(new Headers(), true)).toBe('unknown');
});

test('a name in UTF-8 is read as such, and one in Latin-1 too', () => {
  const bytes = Buffer.from('José', 'utf8').toString('latin1');
  expect(operatorOf(new Headers({ 'x-operator': bytes }), false)).toBe('José');
  expect(operatorOf(new Headers({ 'x-operator': 'José' }), false)).toBe('José');
});

test.each([
  ['=?UTF-8?B?Sm9zw6k=?=', 'José'],
  ['=?utf-8?q?Jos=C3=A9_P=C3=A9rez?=', 'José Pérez'],
  ['=?iso-8859-1?Q?Jos=E9?= =?UTF-8?B?IFDDqXJleg==?=', 'José Pérez'],
  ['=?nada?B?Sm9zw6k=?=', '=?nada?B?Sm9zw6k=?='],
  ['=?UTF-8?B?/w==?=', '=?UTF-8?B?/w==?='],
])('a name that is encoded as in mails, %s, is read', (written, name) => {
  expect(operatorOf(new Headers({ 'x-operator': written }), false)).toBe(name);
});

test('an encoded name may hide no line break', () => {
  expect(() => operatorOf(new Headers({ 'x-operator': '=?UTF-8?Q?a=0Ab?=' }), false)).toThrow('on one line');
});

test('a name that is too long is refused', () => {
  expect(() => operatorOf(new Headers({ 'x-operator': 'x'.repeat(201) }), false)).toThrow(
    'header.x-operator must be at most 200 characters',
  );
});
