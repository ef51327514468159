import { expect, test } from 'vitest';
import { parseMessage } from '../../../src/dispatch/parse-message.ts';

const ours = { kind: 'ours', executionId: 7 };

test.each([
  ['an object', { executionId: 7 }],
  ['an object with more in it', { executionId: 7, from: 'somebody' }],
  ['JSON text', '{"executionId":7}'],
  ['Base64 of JSON', Buffer.from('{"executionId":7}').toString('base64')],
])('%s that names an execution is ours', (_what, message) => {
  expect(parseMessage(message)).toEqual(ours);
});

test.each([
  [7, '7'],
  [null, 'null'],
  ['', ''],
  ['hola', 'hola'],
  [[1, 2], '[1,2]'],
  [{ executionId: '7' }, '{"executionId":"7"}'],
  [{ executionId: 0 }, '{"executionId":0}'],
  [{ executionId: 2_147_483_648 }, '{"executionId":2147483648}'],
  [undefined, 'undefined'],
])('%j is not ours', (message, body) => {
  expect(parseMessage(message)).toEqual({ kind: 'foreign', body });
});

test('a foreign body is kept whole, so that a secret in it is struck out before anything is cut', () => {
  expect(parseMessage('x'.repeat(70_000))).toEqual({ kind: 'foreign', body: 'x'.repeat(70_000) });
});
