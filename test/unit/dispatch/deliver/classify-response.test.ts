import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { classifyResponse } from '../../../../src/dispatch/deliver/classify-response.ts';

const now = Temporal.Instant.from('2026-03-02T12:49:00Z');

function answered(status: number, body = '', retryAfter: string | null = null) {
  return { kind: 'answered', status, body, retryAfter, ms: 5 } as const;
}

const classes = {
  accepted: [200, 201, 202, 203, 204, 205, 206, 207, 226, 299],
  rejected: [
    ...[300, 301, 302, 303, 304, 307, 308, 399],
    ...[400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 421, 422, 423, 424, 425],
    ...[426, 428, 431, 451, 499],
  ],
  retry: [408, 429, 500, 501, 502, 503, 504, 507, 511, 520, 599, 600, 999, 0, 99, 100, 101, 103, 199],
} as const;

describe.each(Object.entries(classes))('%s', (kind, statuses) => {
  test.each(statuses)('%i', (status) => {
    expect(classifyResponse(answered(status), now).kind).toBe(kind);
  });
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
    ['Monday, 02-Mar-26 13:49:00 GMT', '2026-03-02T13:49:00Z'],
    ['Mon Mar  2 13:49:00 2026', '2026-03-02T13:49:00Z'],
    ['86400', '2026-03-02T18:49:00Z'],
    ['21600', '2026-03-02T18:49:00Z'],
    ['21599', '2026-03-02T18:48:59Z'],
    ['Mon Mar 23 13:49:00 2026', '2026-03-02T18:49:00Z'],
    ['Wednesday, 02-Mar-76 13:49:00 GMT', '2026-03-02T18:49:00Z'],
    ['Wednesday, 02-Mar-77 13:49:00 GMT', null],
    ['Sunday, 06-Nov-94 08:49:37 GMT', null],
    ['Sun Nov  6 08:49:37 1994', null],
    ['Mon, 02 Mar 2026 13:49:00 +0300', null],
    ['Mon, 02 Mar 2026 25:49:00 GMT', null],
    ['Mon, 30 Feb 2026 13:49:00 GMT', null],
    ['2026-03-02T13:49:00Z', null],
    ['1.5', null],
    ['30, 60', null],
    ['99999999999999999999', null],
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
  ['{"messages":[{"id":"one"}],"wamid":{"id":"no"}}', 'one'],
  ['{"messages":[17,{"id":"two"}]}', null],
  ['{"messages":[{"id":null}]}', null],
  ['{"messages":"x"}', null],
  [`{"wamid":"${'x'.repeat(300)}","messages":[{"id":"wamid.D4"}]}`, 'wamid.D4'],
  ['{"wamid":" wamid.E5 "}', 'wamid.E5'],
  ['{"wamid":"wamid.😀"}', 'wamid.😀'],
  ['{"wamid":1e400}', null],
  ['{"__proto__":{"wamid":"no"}}', null],
  ['{"wamid":"cut', null],
  ['"wamid"', null],
  ['[[[[]]]]', null],
  ['['.repeat(60_000), null],
  [`${'{"messages":['.repeat(4_000)}${']}'.repeat(4_000)}`, null],
  ['[{"wamid":"no"}]', null],
  ['null', null],
  ['OK', null],
  ['', null],
])('the WhatsApp id in %s is %s', (body, wamid) => {
  expect(classifyResponse(answered(200, body), now)).toEqual({ kind: 'accepted', wamid });
});

test('a redirect says so', () => {
  expect(classifyResponse(answered(302), now)).toHaveProperty('detail', expect.stringContaining('redirige'));
  expect(classifyResponse(answered(404), now)).not.toHaveProperty(
    'detail',
    expect.stringContaining('redirige'),
  );
});

test('details name the status, and never the body', () => {
  for (const status of [302, 404, 503]) {
    const verdict = classifyResponse(answered(status, 'la respuesta'), now);
    expect(verdict).toHaveProperty('detail', expect.stringContaining(String(status)));
    expect(verdict).not.toHaveProperty('detail', expect.stringContaining('la respuesta'));
  }
});
