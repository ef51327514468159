import { expect, test } from 'vitest';
import { escapeHtml, oneLine, shortLine } from '../../../src/poison/escape.ts';
import { mailAddressesOf } from '../../../src/poison/mail-addresses.ts';

function addresses(...emails: string[]) {
  const { usable, unusable } = mailAddressesOf(emails.map((email) => ({ email, name: null, tenant: null })));
  return [usable, unusable].map((list) => list.map(({ email }) => email));
}

test.each([
  ['a@example.com'],
  ['nombre.apellido+avisos@sub.example.com.ar'],
  ['administración@ñandú.com.ar'],
  ["o'brien@example.com"],
  ['root@localhost'],
])('%s can be mailed to', (email) => {
  expect(addresses(` ${email}\t`)).toEqual([[email], []]);
});

test.each([
  [''],
  ['nadie'],
  ['a@'],
  ['@example.com'],
  ['a@b@example.com'],
  ['a@example.com;b@example.com'],
  ['a@example.com, b@example.com'],
  ['Ada <a@example.com>'],
  ['"a b"@example.com'],
  ['a@example.com>\r\nRCPT TO:<b@example.com'],
  ['a\0@example.com'],
  ['(comentario)a@example.com'],
])('%j cannot', (email) => {
  expect(addresses(email)).toEqual([[], [email.trim()]]);
});

test('an address that stands there twice is one, in whatever case it is written', () => {
  expect(addresses('a@example.com', 'A@Example.com ', 'b@example.com')).toEqual([
    ['a@example.com', 'b@example.com'],
    [],
  ]);
});

test.each([
  ['a\0b\u0007c', 'a b c'],
  ['a\r\n\t b', 'a  b'],
  ['a\u2028b\u2029c', 'a b c'],
  ['\u202eabc\u202c \u2066x\u2069\u200f', 'abc x'],
  ['a\ud83d', 'a\ufffd'],
  [' 💸 ', '💸'],
])('%j is %j on a line', (text, line) => {
  expect(oneLine(text)).toBe(line);
});

test('a line that is cut ends with a whole character and says that it was cut', () => {
  expect([shortLine('💸💸💸', 6), shortLine('💸💸💸', 5), shortLine('💸💸💸', 4)]).toEqual([
    '💸💸💸',
    '💸💸…',
    '💸…',
  ]);
});

test('what means something in HTML is escaped', () => {
  expect(escapeHtml(`<a href="x" id='y'>&amp;</a>`)).toBe(
    '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;',
  );
});
