import { describe, expect, test } from 'vitest';
import { mentionedIn, redact } from '../../../src/core/redact.ts';

test.each([
  ['as it stands', 'the token is s3cr3t-token!', 'the token is •••'],
  ['URL-encoded', 'GET /?t=s3cr3t-token! and s3cr3t-token%21', 'GET /?t=••• and •••'],
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

const awkward = 'Ña/b+c=d"e<f>&\\g h\'i';

test.each([
  ['as it is', awkward],
  ['in a URL', encodeURIComponent(awkward)],
  [
    'in a URL with small letters',
    encodeURIComponent(awkward).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ],
  ['in a form', new URLSearchParams({ x: awkward }).toString().slice(2)],
  ['in JSON', JSON.stringify(awkward)],
  [
    'in JSON of ASCII alone',
    JSON.stringify(awkward)
      .replaceAll('Ñ', String.raw`\u00d1`)
      .replaceAll('<', String.raw`\u003C`),
  ],
  ['in JSON with escaped slashes', JSON.stringify(awkward).replaceAll('/', String.raw`\/`)],
  ['in HTML', 'Ña/b+c=d&quot;e&lt;f&gt;&amp;\\g h&#39;i'],
  ['in HTML with numbers', '&#209;a&#x2F;b+c=d&#34;e&#60;f&#x3e;&#38;\\g h&#x27;i'],
  ['in Base64', Buffer.from(awkward).toString('base64')],
  ['in the URL form of Base64', Buffer.from(awkward).toString('base64url')],
  ['in Base64 after one more byte', Buffer.from(`:${awkward}`).toString('base64')],
  ['in Base64 after two more and before others', Buffer.from(`u:${awkward};x`).toString('base64')],
  ['in Base64 in a URL', encodeURIComponent(Buffer.from(`user:${awkward}`).toString('base64'))],
])('leaves nothing of a secret %s', (_, form) => {
  const struck = redact(`before ${form} after`, [awkward]);
  expect(struck).toMatch(/^before .{0,8}•••.{0,6} after$/);
});

describe('a text that was cut', () => {
  const secret = 'clave/muy secreta';

  test.each([
    ['as it is', secret],
    ['in a URL', encodeURIComponent(secret)],
    ['in Base64', Buffer.from(secret).toString('base64')],
    ['in Base64 after something', Buffer.from(`u:${secret}`).toString('base64').slice(3)],
  ])('ends without the beginning of a secret %s', (_, form) => {
    for (let length = 6; length < form.length; length += 1) {
      expect(redact(`${secret} y ${form.slice(0, length)}`, [secret], 'cut')).toBe('••• y •••');
    }
    expect(redact(`y ${form.slice(0, 5)}`, [secret], 'cut')).toBe(`y ${form.slice(0, 5)}`);
  });

  test('keeps its end when that is no secret', () => {
    expect(redact('una clave', [secret], 'cut')).toBe('una clave');
    expect(redact('', [secret], 'cut')).toBe('');
    expect(redact('una clave/muy', [secret])).toBe('una clave/muy');
  });
});

test('characters with a meaning in patterns are only themselves', () => {
  expect(redact('aaaaaaaa a.*a|()[]{}^$a-b', ['.*a|()[]{}^$a-b'])).toBe('aaaaaaaa a•••');
  expect(redact('abcdefg', ['a.c.e.g', '.......'])).toBe('abcdefg');
});

test('a secret may be of any length', () => {
  for (const length of [1_000, 1_001, 100_000]) {
    const secret = 'á/"<é '.repeat(length).slice(0, length);
    const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
    expect(redact(forms.join(' y '), [secret, 'otro-secreto'])).toBe('••• y ••• y •••');
    expect(redact(`x${secret.slice(0, 900)}`, [secret], 'cut')).toBe('x•••');
  }
});

test('half characters are no obstacle', () => {
  expect(redact('a\ud800bcdefg', ['a\ud800bcdefg', 'otro secreto'])).toBe('a\ud800bcdefg');
  expect(redact('clave 😀 secreta', ['clave 😀 secreta'])).toBe('•••');
});

test('strikes out the longer of two secrets first, so that nothing of it is left', () => {
  expect(redact('abcdef-ghijkl', ['abcdef', 'abcdef-ghijkl'])).toBe('•••');
});

test('leaves ordinary text alone where a secret is too short to be one', () => {
  expect(redact('a cat sat', ['a', '', 'cat'])).toBe('a cat sat');
});

test('of many secrets those that a text mentions are found, in whatever usual form', () => {
  const secrets = ['clave "uno"', 'clave/dos', 'clave tres', 'clave cuatro', 'corta'];
  const text = `${JSON.stringify('clave "uno"')} ${encodeURIComponent('clave/dos')} ${Buffer.from('u:clave tres').toString('base64')} corta`;
  expect(mentionedIn(text, secrets)).toEqual(['clave "uno"', 'clave/dos', 'clave tres']);
});
