import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { startTestHost, type TestHost } from '../../support/running-host.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost('everything', {
    args: ['--storage', storageConnection(inject('ports'))],
    environment: { RUN: 'http' },
  });
});
afterAll(() => host.stop('SIGKILL'));

function call(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${host.address}${path}`, init);
}

async function answer(
  path: string,
  init?: RequestInit,
): Promise<[status: number, type: string | null, body: string]> {
  const response = await call(path, init);
  return [response.status, response.headers.get('content-type'), await response.text()];
}

describe('a function over HTTP', () => {
  test.each([
    ['/api/text', [201, 'text/plain;charset=UTF-8', 'hello']],
    ['/API/TEXT/', [201, 'text/plain;charset=UTF-8', 'hello']],
    ['/api/bytes', [200, null, '\u0001\u0002\u0003']],
    ['/api/nothing', [204, null, '']],
    ['/api/boom', [500, null, '']],
    ['/api/unknown', [404, null, '']],
    ['/api/echo/x', [404, null, '']],
  ])('answers %s', async (path, expected) => expect(await answer(path)).toEqual(expected));

  test.each([
    ['POST', '/api/text'],
    ['HEAD', '/api/text'],
    ['OPTIONS', '/api/text'],
  ])('knows no %s %s', async (method, path) =>
    expect(await answer(path, { method })).toEqual([404, null, '']),
  );

  test('may get 30 KB of headers', async () => {
    const headers = { 'x-sample': 'a'.repeat(30_000) };
    expect((await call('/api/text', { headers })).status).toBe(201);
  });

  test('is found by a path with dots', async () => {
    const { hostname, port } = new URL(host.address);
    const asking = get({ hostname, port, path: '/admin/.././api/x/%2E%2e/text' });
    const [answered] = (await once(asking, 'response')) as [IncomingMessage];
    answered.resume();
    expect(answered.statusCode).toBe(201);
  });

  test.each([
    ['a path with NUL', '/api/text%00', 'x', 400],
    ['a header that is no UTF-8', '/api/text', 'Jos\u00e9', 400],
    ['a header in UTF-8', '/api/text', 'Jos\u00c3\u00a9', 201],
    ['a header with characters that JavaScript’s Headers do not take', '/api/text', '\u00c5\u0081ukasz', 500],
  ])('is asked with %s', async (_what, path, value, status) => {
    const { hostname, port } = new URL(host.address);
    const asking = get({ hostname, port, path, headers: { 'x-sample': value } }); // written byte by byte
    const [answered] = (await once(asking, 'response')) as [IncomingMessage];
    answered.resume();
    expect(answered.statusCode).toBe(status);
  });

  test('answers HEAD without a length', async () => {
    expect((await call('/api/text', { method: 'HEAD' })).headers.get('content-length')).toBeNull();
  });

  test('sees the request as it was sent', async () => {
    const response = await call('/api/echo/5/a%20b/c?x=1&x=2&y', {
      method: 'POST',
      headers: { 'x-sample': 'ñ'.normalize('NFD').slice(0, 1) },
      body: '{"a":1}',
    });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      method: 'POST',
      url: `${host.address}/api/echo/5/a%20b/c?x=1&x=2&y`,
      params: { id: '5', rest: 'a b/c' },
      query: { x: '1,2', y: '' },
      header: 'n',
      body: '{"a":1}',
      user: null,
    });
  });

  test('sets cookies as ASP.NET writes them', async () => {
    const response = await call('/api/cookie');
    expect(response.headers.getSetCookie()).toEqual([
      'a%20b=c%3Bd; max-age=60; path=/; samesite=lax; httponly',
    ]);
  });

  test('that throws shows its stack on the console', async () => {
    await call('/api/boom');
    await host.said('Stack: Error: boom on purpose');
    await host.said('host-apps/everything/functions/http.js');
  });

  test('needs no key while keys are off', async () => {
    expect((await call('/api/locked')).status).toBe(200);
    expect((await call('/admin/functions')).status).toBe(200);
  });
});

test('the root shows a page', async () => {
  expect((await answer('/')).slice(0, 2)).toEqual([200, 'text/html']);
});

describe('an app that streams', () => {
  test('gets the request and gives the answer as they flow', async () => {
    await using streaming = await startTestHost('streaming');
    const response = await fetch(`${streaming.address}/api/upper/word`, { method: 'POST', body: 'streamed' });
    expect([response.status, response.headers.get('x-word'), await response.text()]).toEqual([
      201,
      'word',
      'STREAMED',
    ]);
    expect((await fetch(`${streaming.address}/api/boom`)).status).toBe(500);
  });
});
