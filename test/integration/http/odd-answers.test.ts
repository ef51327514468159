import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../../../dev/sqlserver/wire/self-signed-certificate.ts';
import { freePort } from '../../support/free-port.ts';
import { call, client, listen, never, rawReceiver, receiver } from './a-receiver.ts';

describe('an answer', () => {
  test.each([200, 201, 202, 204, 301, 302, 307, 308, 400, 404, 408, 410, 413, 422, 429, 500, 503, 599])(
    'of %i is handed on, and a redirect is not followed',
    async (status) => {
      const { url, received } = await receiver((_, response) =>
        response.writeHead(status, { location: '/elsewhere' }).end(),
      );
      const answer = await client().deliverWebhook(call(url), never);
      expect(answer).toMatchObject({ kind: 'answered', status, body: '' });
      expect(received).toHaveLength(1);
    },
  );

  test('keeps Retry-After as it was sent', async () => {
    for (const given of ['120', 'Mon, 02 Mar 2026 13:49:00 GMT', '-1', 'x, y']) {
      const { url } = await receiver((_, response) =>
        response.writeHead(429, { 'retry-after': given }).end(),
      );
      const answer = await client().deliverWebhook(call(url), never);
      expect(answer).toMatchObject({ status: 429, retryAfter: given });
    }
  });

  test('is the one after any number of 1xx', async () => {
    const { url } = await rawReceiver((socket) =>
      socket.end(
        'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n' +
          'HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok',
      ),
    );
    expect(await client().deliverWebhook(call(url), never)).toMatchObject({ status: 202, body: 'ok' });
  });

  test.each([
    ['that HTTP does not know', '999 Strange', 999],
    ['without a reason', '204', 204],
  ])('may have a status %s', async (_, line, status) => {
    const { url } = await rawReceiver((socket) => socket.end(`HTTP/1.1 ${line}\r\n\r\n`));
    expect(await client().deliverWebhook(call(url), never)).toMatchObject({ kind: 'answered', status });
  });

  test('that tells of a body but has none ends with the connection', async () => {
    const { url } = await rawReceiver((socket) =>
      socket.end('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end'),
    );
    expect(await client().deliverWebhook(call(url), never)).toMatchObject({ body: 'until the end' });
  });
});

describe('a body', () => {
  test('without an end is cut at 64 KiB, and its connection closed', async () => {
    const closed = Promise.withResolvers<number>();
    const { url } = await receiver(({ socket }, response) => {
      socket.once('close', () => closed.resolve(socket.bytesWritten));
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const answer = await client().deliverWebhook(call(url), never);
    expect(answer).toMatchObject({ kind: 'answered', status: 200, body: 'x'.repeat(65_536) });
    // What stood in the buffers of both sides; an endless one that is read on would be far more.
    expect(await closed.promise).toBeLessThan(20_000_000);
  });

  test('that drips ends with the time limit for everything, and its status counts', async () => {
    const dripping = Promise.withResolvers<void>();
    const { url } = await receiver(({ socket }, response) => {
      response.writeHead(202);
      const timer = setInterval(() => response.write('.'), 10);
      socket.once('close', () => {
        clearInterval(timer);
        dripping.resolve();
      });
    });
    const answer = await client().deliverWebhook(call(url, { timeoutMs: 150 }), never);
    expect(answer).toMatchObject({ kind: 'answered', status: 202, body: expect.stringMatching(/^\.+$/) });
    expect(answer).toHaveProperty(
      'ms',
      expect.toSatisfy((ms: number) => ms >= 140 && ms < 2_000),
    );
    await dripping.promise;
  });

  test('that breaks off is kept as far as it came', async () => {
    const { url } = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart', () => socket.resetAndDestroy());
    });
    expect(await client().deliverWebhook(call(url), never)).toMatchObject({ kind: 'answered', status: 200 });
  });

  test('that breaks off in a secret keeps nothing of it', async () => {
    const { url } = await rawReceiver((socket) =>
      socket.end('HTTP/1.1 400 No\r\nContent-Length: 100\r\n\r\nwrong key: signing-sec'),
    );
    expect(await client().deliverWebhook(call(url), never)).toMatchObject({ body: 'wrong key: •••' });
  });

  test('that is cut in a secret keeps nothing of it', async () => {
    const { url } = await receiver((_, response) =>
      response.writeHead(500).end(`${'x'.repeat(65_536 - 8)}signing-secret`),
    );
    const answer = await client().deliverWebhook(call(url), never);
    expect(answer).toMatchObject({ body: `${'x'.repeat(65_536 - 8)}•••` });
  });

  test('that is compressed is not kept, nor unpacked', async () => {
    const { url, received } = await receiver((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.from([0x1f, 0x8b, 8, 0])),
    );
    await expect(client().deliverWebhook(call(url), never)).resolves.toMatchObject({ status: 200, body: '' });
    expect(received[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('of bytes that are no text becomes one, without NUL', async () => {
    const { url } = await receiver((_, response) => response.end(Buffer.from([0x61, 0, 0xff, 0xc3])));
    expect(await client().deliverWebhook(call(url), never)).toMatchObject({ body: 'a\ufffd' });
  });

  test('with what it echoes of our secrets loses that', async () => {
    const { url } = await receiver((request, response) =>
      response
        .writeHead(404)
        .end(`Cannot POST ${request.url}; auth ${request.headers.authorization}; signing-secret`),
    );
    const answer = await client().deliverWebhook(call(url), never);
    expect(answer).toMatchObject({ status: 404, body: 'Cannot POST •••; auth •••; •••' });
  });
});

describe('no answer at all', () => {
  test.each([
    ['nothing but an end', ''],
    ['something that is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['an end in the middle of the headers', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['headers without an end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`],
    ['a thousand headers', `HTTP/1.1 200 OK\r\n${'x: yyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(1_000)}\r\n`],
    ['100 Continue, which nobody asked for', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'],
    ['a status below all', 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n'],
    ['no status at all', 'HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a status that is no number', 'HTTP/1.1 abc OK\r\n\r\n'],
  ])('%s is a network error', async (_, text) => {
    const { url } = await rawReceiver((socket) => socket.end(text));
    const answer = await client().deliverWebhook(call(url), never);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'webhook_red' });
    expect(answer).toHaveProperty(
      'detail',
      expect.stringMatching(/^No se pudo hablar con 127\.0\.0\.1 \(\w+\)\.$/),
    );
  });

  test('a reset in the middle of the headers is one too', async () => {
    const { url } = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-A', () => socket.resetAndDestroy());
    });
    expect(await client().deliverWebhook(call(url), never)).toMatchObject({ reason: 'webhook_red' });
  });

  test('before the time limit is a time-out, and the connection is closed', async () => {
    const closed = Promise.withResolvers<void>();
    const { url } = await receiver(({ socket }) => void socket.once('close', () => closed.resolve()));
    const answer = await client().deliverWebhook(call(url, { timeoutMs: 150 }), never);
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: 'webhook_tiempo',
      detail: '127.0.0.1 no respondió en 0.15 s.',
    });
    await closed.promise;
  });

  test('but headers that drip, or 1xx without end, is a time-out as well', async () => {
    for (const drop of ['x', 'HTTP/1.1 103 Early Hints\r\n\r\n']) {
      const { url } = await rawReceiver((socket) => {
        if (drop === 'x') socket.write('HTTP/1.1 200 OK\r\nX: ');
        const timer = setInterval(() => socket.write(drop), 10);
        socket.once('close', () => clearInterval(timer));
      });
      const answer = await client().deliverWebhook(call(url, { timeoutMs: 100 }), never);
      expect(answer).toMatchObject({ kind: 'failed', reason: 'webhook_tiempo' });
    }
  });

  test('from a TLS handshake that never ends is a time-out', async () => {
    const port = await listen(createTcpServer(() => {}));
    const answer = await client().deliverWebhook(
      call(`https://127.0.0.1:${port}/`, { timeoutMs: 150 }),
      never,
    );
    expect(answer).toMatchObject({ kind: 'failed', reason: 'webhook_tiempo' });
    expect(answer).toHaveProperty(
      'ms',
      expect.toSatisfy((ms: number) => ms < 2_000),
    );
  });

  test('from a server that nobody vouches for is a network error, and nothing is sent to it', async () => {
    let requests = 0;
    const { key, certificate } = selfSignedCertificate();
    const port = await listen(createTlsServer({ key, cert: certificate }, () => (requests += 1)));
    const answer = await client().deliverWebhook(call(`https://127.0.0.1:${port}/path-secret`), never);
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: 'webhook_red',
      detail: expect.stringMatching(/^No se pudo hablar con 127\.0\.0\.1 \(\w+\)\.$/),
    });
    expect(requests).toBe(0);
  });

  test('from a server without TLS behind https is a network error', async () => {
    const { url } = await rawReceiver((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const answer = await client().deliverWebhook(call(url.replace('http:', 'https:')), never);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'webhook_red' });
  });

  test('where nobody listens is a network error that names the host and the code alone', async () => {
    const answer = await client().deliverWebhook(
      call(`http://127.0.0.1:${await freePort()}/path-secret?q=1`),
      never,
    );
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: 'webhook_red',
      detail: 'No se pudo hablar con 127.0.0.1 (ECONNREFUSED).',
    });
  });
});
