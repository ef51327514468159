import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { ServerResponse } from 'node:http';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { call, client, never, receiver, type Answer, type Received } from './a-receiver.ts';

const ok: Answer = (_, response) => void response.end('{"wamid":"wamid.X"}');

test('the receiver gets the very bytes, the headers and the answer is kept', async () => {
  const { url, received } = await receiver(ok);
  const answer = await client().deliverWebhook(call(url), never);
  expect(answer).toMatchObject({
    kind: 'answered',
    status: 200,
    body: '{"wamid":"wamid.X"}',
    retryAfter: null,
  });
  expect(received).toHaveLength(1);
  const [request] = received;
  expect(request?.method).toBe('POST');
  expect(request?.body).toEqual(Buffer.from('{"text":"Hola ñandú 😀"}'));
  expect(request?.headers).toMatchObject({
    authorization: 'Bearer header-secret',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength('{"text":"Hola ñandú 😀"}')),
    'webhook-id': '0195b7a0-3c1e-7d2a-9d6e-3a2f1b4c5d6e',
    'user-agent': 'Vigia',
  });
});

describe('what was received verifies', () => {
  const older = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const newest = 'la-clave-nueva';
  const accented = 'la-contraseña-nueva';

  async function receivedWith(secrets: readonly string[]): Promise<Received & { text: string }> {
    const { url, received } = await receiver(ok);
    await client().deliverWebhook(call(url, { secrets }), never);
    const [request] = received;
    if (request === undefined) throw new Error('nothing came');
    return { ...request, text: request.body.toString('utf8') };
  }

  function verifies(verifier: Webhook, { text, headers }: { text: string; headers: object }): boolean {
    try {
      verifier.verify(text, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  }

  test.each([
    ['in its second', 0, 'made ahead'],
    ['in a later one, signed anew', 1_000, undefined],
  ])('when it was signed ahead and goes %s', async (_, laterMs, mark) => {
    const signedAt = Temporal.Instant.fromEpochMilliseconds(Date.now());
    const now = () => signedAt.add({ milliseconds: laterMs });
    const { url, received } = await receiver(ok);
    const { signAhead, deliverWebhook } = client({
      clock: { now, waitUntil: () => Promise.reject(new Error()) },
    });
    const { signatures, ...signed } = signAhead(call(url, { secrets: [newest] }), signedAt);
    if (signatures === undefined) throw new Error('not signed');
    await deliverWebhook({ ...signed, signatures: { ...signatures, 'x-mark': 'made ahead' } }, never);
    const [request] = received;
    if (request === undefined) throw new Error('nothing came');
    expect(request.headers['x-mark']).toBe(mark);
    expect(request.headers['webhook-timestamp']).toBe(String(Math.floor(now().epochMilliseconds / 1_000)));
    expect(
      verifies(new Webhook(newest, { format: 'raw' }), { ...request, text: request.body.toString('utf8') }),
    ).toBe(true);
  });

  test.each([
    ['the only secret, in plain text', [newest], new Webhook(newest, { format: 'raw' })],
    ['the only secret, as whsec_', [older], new Webhook(older)],
    ['the new one of two', [newest, older], new Webhook(newest, { format: 'raw' })],
    [
      'the UTF-8 bytes of one with accents',
      [accented],
      new Webhook(Buffer.from(accented), { format: 'raw' }),
    ],
    ['the old one of two', [newest, older], new Webhook(older)],
  ])('with the standard library and %s', async (_, secrets, verifier) => {
    expect(verifies(verifier, await receivedWith(secrets))).toBe(true);
  });

  test('with none that did not sign, and not with another body', async () => {
    const request = await receivedWith([newest]);
    expect(verifies(new Webhook(older), request)).toBe(false);
    expect(verifies(new Webhook(newest, { format: 'raw' }), { ...request, text: `${request.text} ` })).toBe(
      false,
    );
  });

  test('with the older X-Signature over the bytes of the body, by the first secret alone', async () => {
    const { body, headers } = await receivedWith([accented, older]);
    const expected = createHmac('sha256', Buffer.from(accented, 'utf8')).update(body).digest('hex');
    expect(headers['x-signature']).toBe(`sha256=${expected}`);
  });

  test('nowhere when there is no secret', async () => {
    const { headers } = await receivedWith([]);
    expect(headers).toHaveProperty('webhook-id');
    expect(headers).not.toHaveProperty('webhook-signature');
    expect(headers).not.toHaveProperty('x-signature');
  });
});

test('calls one after the other keep their connections', async () => {
  const { url, received } = await receiver(ok);
  const { deliverWebhook } = client();
  for (let index = 0; index < 10; index += 1) await deliverWebhook(call(url), never);
  expect(received).toHaveLength(10);
  expect(new Set(received.map(({ socket }) => socket)).size).toBeLessThanOrEqual(2);
});

test('a host serves no more calls at a time than it has places', async () => {
  const waiting: ServerResponse[] = [];
  let most = 0;
  const { url } = await receiver((_, response) => {
    waiting.push(response);
    most = Math.max(most, waiting.length);
    setTimeout(() => waiting.shift()?.end('ok'), 20);
  });
  const { deliverWebhook } = client({ placesPerHost: 3 });
  const calls = Array.from({ length: 12 }, (_, index) => call(url, { tenant: `E${index % 2}` }));
  const answers = await Promise.all(calls.map((each) => deliverWebhook(each, never)));
  expect(answers.every((answer) => answer.kind === 'answered')).toBe(true);
  expect(most).toBe(3);
});

test('an abort leaves what waits unstarted, and what is under way to its answer', async () => {
  const reached = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { url, received } = await receiver((_, response) => {
    reached.resolve();
    void release.promise.then(() => response.end('done'));
  });
  const { deliverWebhook } = client({ placesPerHost: 1 });
  const stop = new AbortController();
  const under = deliverWebhook(call(url), stop.signal);
  const waits = deliverWebhook(call(url), stop.signal);
  await reached.promise;
  stop.abort();
  release.resolve();
  await expect(waits).resolves.toEqual({ kind: 'not-started' });
  await expect(under).resolves.toMatchObject({ kind: 'answered', status: 200, body: 'done' });
  expect(received).toHaveLength(1);
});
