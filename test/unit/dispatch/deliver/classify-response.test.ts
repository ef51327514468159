import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { classifyResponse } from '../../../../src/dispatch/deliver/classify-response.ts';

const now = Temporal.Instant.from('2026-03-02T12:49:00Z');

function answered(status: number, body = '', retryAfter: string | null = null) {
  return { kind: 'answered', status, body, retryAfter, ms: 5 } as const;
}

test.each([
  [200, 'accepted'],
  [202, 'accepted'],
  [204, 'accepted'],
  [299, 'accepted'],
  [301, 'rejected'],
  [307, 'rejected'],
  [400, 'rejected'],
  [401, 'rejected'],
  [404, 'rejected'],
  [408, 'retry'],
  [409, 'rejected'],
  [410, 'rejected'],
  [422, 'rejected'],
  [425, 'rejected'],
  [429, 'retry'],
  [500, 'retry'],
  [502, 'retry'],
  [503, 'retry'],
  [599, 'retry'],
])('%i is %s', (status, kind) => {
  expect(classifyResponse(answered(status), now).kind).toBe(kind);
});

test.each([
  ['webhook_tiempo', 'retry'],
  ['webhook_red', 'retry'],
  ['webhook_direccion', 'rejected'],
] as const)('a call that failed with %s is %s', (reason, kind) => {
  const verdict = classifyResponse({ kind: 'failed', reason, detail: 'Lo que pasó.', ms: 5 }, now);
  expect(verdict).toMatchObject({ kind, reason, detail: 'Lo que pasó.' });
});

describe('Retry-After', () => {
  test.each([
    ['120', '2026-03-02T12:51:00Z'],
    [' 30 ', '2026-03-02T12:49:30Z'],
    ['Mon, 02 Mar 2026 13:49:00 GMT', '2026-03-02T13:49:00Z'],
    ['86400', '2026-03-02T18:49:00Z'],
    ['Tue, 03 Mar 2026 13:49:00 GMT', '2026-03-02T18:49:00Z'],
    ['999999999', '2026-03-02T18:49:00Z'],
    ['0', null],
    ['-5', null],
    ['1e3', null],
    ['Mon, 02 Mar 2026 12:00:00 GMT', null],
    ['Mon, 42 Foo 2026 12:00:00 GMT', null],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%s means %s', (header, after) => {
    const verdict = classifyResponse(answered(503, '', header), now);
    expect(verdict.kind === 'retry' && (verdict.after?.toString() ?? null)).toBe(after);
  });

  test('is not looked at where the answer is final', () => {
    expect(classifyResponse(answered(400, '', '60'), now)).not.toHaveProperty('after');
  });
});

test.each([
  ['{"wamid":"wamid.A1"}', 'wamid.A1'],
  ['{"messaging_product":"whatsapp","messages":[{"id":"wamid.B2","x":1}]}', 'wamid.B2'],
  ['{"messages":[{"id":"one"},{"id":"two"}]}', 'one'],
  ['{"wamid":"","messages":[{"id":"wamid.C3"}]}', 'wamid.C3'],
  [`{"wamid":"${'x'.repeat(100)}"}`, 'x'.repeat(100)],
  [`{"wamid":"${'x'.repeat(101)}"}`, null],
  ['{"wamid":17}', null],
  ['{"messages":[]}', null],
  ['{"messages":{"id":"no"}}', null],
  ['[{"wamid":"no"}]', null],
  ['null', null],
  ['OK', null],
  ['', null],
])('the WhatsApp id in %s is %s', (body, wamid) => {
  expect(classifyResponse(answered(200, body), now)).toEqual({ kind: 'accepted', wamid });
});

test('details name the status, and never the body', () => {
  for (const status of [302, 404, 503]) {
    const verdict = classifyResponse(answered(status, 'la respuesta'), now);
    expect(verdict).toHaveProperty('detail', expect.stringContaining(String(status)));
    expect(verdict).not.toHaveProperty('detail', expect.stringContaining('la respuesta'));
  }
});
