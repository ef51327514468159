import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { localSecrets } from '../../../dev/services/connections.ts';
import { bodyOf, listen } from '../../../dev/services/listen.ts';
import { startWebhookReceiver, type ReceivedRequest } from '../../../dev/services/webhook-receiver.ts';
import { freePort } from '../../support/free-port.ts';

const secret = localSecrets.webhookSecret;
const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
let url: string;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  receiver = await startWebhookReceiver(port, secret);
});
afterAll(() => receiver.close());
beforeEach(() => fetch(`${url}/requests`, { method: 'DELETE' }));

async function received(query = ''): Promise<ReceivedRequest[]> {
  return (await (await fetch(`${url}/requests${query}`)).json()) as ReceivedRequest[];
}

function signed(id: string, body: string): Record<string, string> {
  const at = new Date();
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
    'x-signature': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
  };
}

test('a request is kept with method, path, headers, body, signature and time of arrival in ms', async () => {
  const before = Date.now();
  await fetch(`${url}/email/stock`, {
    method: 'POST',
    body: '{"a":"ñ"}',
    headers: signed('m1', '{"a":"ñ"}'),
  });
  const [request] = await received();
  expect(request).toMatchObject({
    method: 'POST',
    path: '/email/stock',
    body: '{"a":"ñ"}',
    signature: 'valid',
    status: 200,
  });
  expect(request?.headers['webhook-id']).toBe('m1');
  expect(request?.at).toBeGreaterThanOrEqual(before);
  expect(request?.at).toBeLessThanOrEqual(Date.now());
});

test('a body that was changed after signing is invalid, one without signatures is unsigned', async () => {
  await fetch(`${url}/sms`, { method: 'POST', body: '{"a":2}', headers: signed('m2', '{"a":1}') });
  await fetch(`${url}/sms`, { method: 'POST', body: '{}' });
  expect((await received()).map((one) => one.signature)).toEqual(['invalid', 'unsigned']);
});

test('an X-Signature that does not fit makes the whole invalid', async () => {
  const headers = { ...signed('m3', '{}'), 'x-signature': `sha256=${'0'.repeat(64)}` };
  await fetch(`${url}/sms`, { method: 'POST', body: '{}', headers });
  expect((await received())[0]?.signature).toBe('invalid');
});

test('the WhatsApp gateway answers with the id of a message', async () => {
  const answer = await fetch(`${url}/whatsapp/x`, { method: 'POST', body: '{}' });
  expect(await answer.json()).toMatchObject({ messages: [{ id: expect.stringMatching(/^wamid\./) }] });
});

test('the gateway of Meta tells afterwards what became of the message, signed', async () => {
  const notices = Promise.withResolvers<{ body: string; signature: unknown }>();
  const port = await freePort();
  const listener = await listen(port, async (request, response) => {
    notices.resolve({
      body: (await bodyOf(request)).toString(),
      signature: request.headers['x-hub-signature-256'],
    });
    response.end();
  });
  const metaPort = await freePort();
  const appSecret = 'un-secreto-de-la-aplicacion';
  const meta = await startWebhookReceiver(metaPort, secret, { url: `http://127.0.0.1:${port}/`, appSecret });
  try {
    const answer = await fetch(`http://127.0.0.1:${metaPort}/meta/x`, { method: 'POST', body: '{}' });
    const { messages } = (await answer.json()) as { messages: { id: string }[] };
    const { body, signature } = await notices.promise;
    expect(JSON.parse(body)).toMatchObject({
      entry: [{ changes: [{ value: { statuses: [{ id: messages[0]?.id, status: 'sent' }] } }] }],
    });
    expect(signature).toBe(`sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`);
  } finally {
    await meta.close();
    await listener.close();
  }
});

test('the flaky gateway fails twice for each webhook-id, then accepts', async () => {
  const post = async (id: string) =>
    (await fetch(`${url}/flaky`, { method: 'POST', body: '{}', headers: { 'webhook-id': id } })).status;
  expect([
    await post('a'),
    await post('a'),
    await post('b'),
    await post('a'),
    await post('b'),
    await post('b'),
  ]).toEqual([500, 500, 500, 200, 500, 200]);
});

test('the other gateways refuse for good and ask to wait', async () => {
  expect((await fetch(`${url}/gone`, { method: 'POST', body: '{}' })).status).toBe(410);
  const busy = await fetch(`${url}/busy`, { method: 'POST', body: '{}' });
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '30']);
});

test('the silent gateway never answers but keeps the request', async () => {
  const abort = new AbortController();
  const call = fetch(`${url}/silent`, { method: 'POST', body: '{}', signal: abort.signal });
  await expect.poll(() => received('?path=/silent')).toMatchObject([{ status: 0 }]);
  abort.abort();
  await expect(call).rejects.toThrow('aborted');
});

test('a message is shown on the list with its text and on a page of its own with everything', async () => {
  const body = JSON.stringify({
    subject: '000001',
    data: { recipient: { name: 'Juan Pérez' }, message: { text: 'Vence A-1' } },
  });
  await fetch(`${url}/gone/x`, { method: 'POST', body, headers: signed('m4', body) });
  const [request] = await received();
  const list = await (await fetch(url)).text();
  for (const text of ['000001', 'Juan Pérez', 'Vence A-1', '410', 'válida', `/requests/${request?.id}`])
    expect(list).toContain(text);
  expect(list).not.toContain('{&quot;');

  const page = await (await fetch(`${url}/requests/${request?.id}`)).text();
  expect(page).toContain('&quot;recipient&quot;: {');
  expect(page).toContain('webhook-signature');
  expect((await fetch(`${url}/requests/999999`)).status).toBe(404);
});

test('the page shows what came, escaped', async () => {
  await fetch(`${url}/email`, { method: 'POST', body: '<script>alert(1)</script>' });
  const page = await fetch(url);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await page.text();
  expect(html).toContain('&lt;script&gt;alert(1)');
  expect(html).not.toContain('<script>');
});
