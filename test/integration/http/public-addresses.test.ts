import { describe, expect, test } from 'vitest';
import { createServer as createTcpServer } from 'node:net';
import { aNameServer } from './a-name-server.ts';
import { call, client, listen, never, receiver } from './a-receiver.ts';

/** A port of this machine, and how often somebody has connected to it. */
async function aPort() {
  const counted = { port: 0, connections: 0 };
  counted.port = await listen(createTcpServer(() => (counted.connections += 1)));
  return counted;
}

const refused = (host: string) => ({
  kind: 'failed',
  reason: 'webhook_direccion',
  detail: `La dirección de ${host} no es pública, y WEBHOOK_ALLOWED_HOSTS no lo nombra.`,
});

/** Public by its number, but nobody's: connecting fails. */
const nobodys = '3ffe:0000:0000:0000:0000:0000:0000:0001';
const loopback6 = '0000:0000:0000:0000:0000:0000:0000:0001';

describe('a name that resolves to', () => {
  test.each([
    ['loopback', [{ a: '127.0.0.1' }]],
    ['a private address', [{ a: '10.1.2.3' }]],
    ['the metadata service', [{ a: '169.254.169.254' }]],
    ["Azure's WireServer", [{ a: '168.63.129.16' }]],
    ['loopback of IPv6', [{ aaaa: loopback6 }]],
    ['loopback inside IPv6', [{ aaaa: '0000:0000:0000:0000:0000:ffff:7f00:0001' }]],
    ['a private address of IPv6', [{ aaaa: 'fd00:0ec2:0000:0000:0000:0000:0000:0254' }]],
    ['one private address among public ones', [{ a: '8.8.8.8' }, { a: '8.8.4.4' }, { a: '127.0.0.1' }]],
    ['a private IPv6 beside a public IPv4', [{ a: '8.8.8.8' }, { aaaa: loopback6 }]],
    ['another name that is loopback', [{ cname: 'inside.example.net' }, { a: '127.0.0.1' }]],
    [
      'a chain of names that ends at loopback',
      [{ cname: 'one.example.net' }, { cname: 'localhost' }, { a: '127.0.0.1' }],
    ],
  ] as const)('%s is refused before anything is connected to', async (_, answers) => {
    const here = await aPort();
    const { lookup, asked } = await aNameServer((_name, kind) =>
      answers.filter((answer) => 'cname' in answer || kind in answer),
    );
    const { connectAhead, deliverWebhook } = client({ lookup, allowedHosts: [] });
    const url = `https://hook.example.com:${here.port}/path-secret`;
    connectAhead(url, 2);
    const answer = await deliverWebhook(call(url), never);
    expect(answer).toMatchObject(refused('hook.example.com'));
    expect(asked).toContain('hook.example.com a');
    expect(here.connections).toBe(0);
  });
});

test('a name that changes its address between two questions is connected to where it was checked', async () => {
  const here = await aPort();
  let questions = 0;
  const { lookup } = await aNameServer((_name, kind) => {
    if (kind === 'a') return [];
    questions += 1;
    return [{ aaaa: questions === 1 ? nobodys : loopback6 }];
  });
  const { deliverWebhook } = client({ lookup, allowedHosts: [] });
  const rebound = call(`https://rebind.example.com:${here.port}/`, { timeoutMs: 300 });
  expect(await deliverWebhook(rebound, never)).not.toMatchObject({ reason: 'webhook_direccion' });
  expect(questions).toBe(1);
  expect(await deliverWebhook(rebound, never)).toMatchObject(refused('rebind.example.com'));
  expect(questions).toBe(2);
  expect(here.connections).toBe(0);
});

test('a name without an address is a network error', async () => {
  const { lookup } = await aNameServer(() => []);
  const { deliverWebhook } = client({ lookup, allowedHosts: [] });
  expect(await deliverWebhook(call('https://nowhere.example.com/'), never)).toMatchObject({
    kind: 'failed',
    reason: 'webhook_red',
    detail: expect.stringMatching(/^No se pudo hablar con nowhere\.example\.com \(E\w+\)\.$/),
  });
});

test('a name server that is silent is a time-out', async () => {
  const { deliverWebhook } = client({ lookup: () => {}, allowedHosts: [] });
  expect(await deliverWebhook(call('https://slow.example.com/', { timeoutMs: 100 }), never)).toMatchObject({
    reason: 'webhook_tiempo',
    detail: 'slow.example.com no respondió en 0.1 s.',
  });
});

test.each(['https://localhost', 'https://127.0.0.1', 'https://[::ffff:127.0.0.1]', 'https://2130706433'])(
  '%s is refused without a question or a connection',
  async (origin) => {
    const here = await aPort();
    const { lookup, asked } = await aNameServer(() => [{ a: '8.8.8.8' }]);
    const { connectAhead, deliverWebhook } = client({ lookup, allowedHosts: [] });
    connectAhead(`${origin}:${here.port}/`, 2);
    expect(await deliverWebhook(call(`${origin}:${here.port}/`), never)).toMatchObject({
      reason: 'webhook_direccion',
      ms: 0,
    });
    expect([asked, here.connections]).toEqual([[], 0]);
  },
);

test('a host that is named may be anywhere, and one that is not named stays refused', async () => {
  const { url, received } = await receiver((_, response) => response.end());
  const { port } = new URL(url);
  const { lookup } = await aNameServer((_name, kind) => (kind === 'a' ? [{ a: '127.0.0.1' }] : []));
  const { deliverWebhook } = client({ lookup, allowedHosts: ['LocalHost', '127.0.0.1:1'] });
  const to = (host: string) => deliverWebhook(call(`http://${host}:${port}/`), never);
  expect(await to('localhost.example.com')).toMatchObject({ reason: 'webhook_direccion' });
  expect(await to('localhost.')).toMatchObject({ reason: 'webhook_direccion' });
  expect(await to('127.0.0.1')).toMatchObject({ reason: 'webhook_direccion' });
  expect(received).toEqual([]);
  expect(await to('LOCALHOST')).toMatchObject({ kind: 'answered', status: 200 });
});

test.each([301, 302, 303, 307, 308])('a redirect (%i) to a private address leads nowhere', async (status) => {
  const here = await aPort();
  const { url } = await receiver((_, response) =>
    response.writeHead(status, { location: `http://127.0.0.1:${here.port}/` }).end(),
  );
  expect(await client().deliverWebhook(call(url), never)).toMatchObject({ kind: 'answered', status });
  expect(here.connections).toBe(0);
});
