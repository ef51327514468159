import { expect, test } from 'vitest';
import { redact } from '../../../src/core/redact.ts';

test.each([
  ['as it stands', 'the token is s3cr3t-token!', 'the token is •••'],
  ['URL-encoded', 'GET /?t=s3cr3t-token! and s3cr3t-token%21', 'GET /?t=••• and s3cr3t-token%21'],
  ['in Base64', `Basic ${Buffer.from('s3cr3t-token!').toString('base64')}`, 'Basic •••'],
])('strikes out a secret %s', (_, text, expected) => {
  expect(redact(text, ['s3cr3t-token!'])).toBe(expected);
});

test('strikes out a secret that JSON or a URL had to escape', () => {
  const secret = 'a"b/c d\\e';
  for (const form of [JSON.stringify(secret), encodeURIComponent(secret), String.raw`x a"b\/c d\e`]) {
    expect(redact(form, [secret])).toContain('•••');
    expect(redact(form, [secret])).not.toContain('a"b');
  }
});

test('strikes out the longer of two secrets first, so that nothing of it is left', () => {
  expect(redact('abcdef-ghijkl', ['abcdef', 'abcdef-ghijkl'])).toBe('•••');
});

test('leaves ordinary text alone where a secret is too short to be one', () => {
  expect(redact('a cat sat', ['a', '', 'cat'])).toBe('a cat sat');
});
