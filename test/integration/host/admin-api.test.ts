import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { startTestHost, type TestHost } from '../../support/running-host.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost('everything', {
    args: [
      '--enable-auth',
      '--master-key',
      'master',
      '--host-key',
      'of-host',
      '--storage',
      storageConnection(inject('ports')),
    ],
    environment: { 'AzureWebJobs.text.Disabled': 'true', RUN: 'admin-api' },
  });
});
afterAll(() => host.stop('SIGKILL'));

async function status(path: string, key?: string, init: RequestInit = {}): Promise<number> {
  const headers = {
    ...(init.headers as Record<string, string>),
    ...(key === undefined ? {} : { 'x-functions-key': key }),
  };
  const response = await fetch(`${host.address}${path}`, { ...init, headers });
  await response.arrayBuffer();
  return response.status;
}

function post(body: string, type = 'application/json'): RequestInit {
  return { method: 'POST', headers: { 'content-type': type }, body };
}

async function json(path: string): Promise<unknown> {
  const response = await fetch(`${host.address}${path}`, { headers: { 'x-functions-key': 'master' } });
  return response.json();
}

async function functionKey(name: string): Promise<string> {
  const { keys } = (await json(`/admin/functions/${name}/keys`)) as {
    keys: { name: string; value: string }[];
  };
  return keys[0]?.value ?? '';
}

describe('with keys', () => {
  test.each([
    ['/api/bytes', undefined, 200],
    ['/api/bytes', 'wrong', 200],
    ['/api/guarded', undefined, 401],
    ['/api/guarded', 'wrong', 401],
    ['/api/guarded', 'of-host', 200],
    ['/api/guarded', 'master', 200],
    ['/api/locked', 'of-host', 401],
    ['/api/locked', 'master', 200],
    ['/api/text', undefined, 404],
    ['/api/text', 'master', 201],
    ['/admin/functions', undefined, 401],
    ['/admin/functions', 'of-host', 403],
    ['/admin/functions', 'master', 200],
    ['/admin/host/status', 'master', 200],
    ['/admin/host/ping', undefined, 200],
    ['/admin/nothing', 'master', 404],
    ['/admin/warmup', undefined, 200],
    ['/admin/host/systemkeys/_master', 'master', 200],
    ['/admin/host/keys/_master', 'master', 404],
  ])('%s with key %s is %d', async (path, key, expected) => expect(await status(path, key)).toBe(expected));

  test('the query takes a key too, and the header wins', async () => {
    expect(await status('/api/guarded?code=of-host')).toBe(200);
    expect(await status('/api/guarded?code=of-host', 'wrong')).toBe(401);
    expect(await status('/api/guarded?Code=of-host&code=wrong')).toBe(200);
    expect(await status('/api/guarded?code=wrong&code=of-host')).toBe(401);
  });

  test("a function's own key opens that function alone", async () => {
    expect(await status('/api/guarded', await functionKey('guarded'))).toBe(200);
    expect(await status('/api/guarded', await functionKey('nothing'))).toBe(401);
  });

  test('a refusal has no body and no content type', async () => {
    const response = await fetch(`${host.address}/api/guarded`);
    expect([response.headers.get('content-type'), await response.text()]).toEqual([null, '']);
  });
});

describe('a run by hand', () => {
  const path = '/admin/functions/yearly';
  test.each([
    ['is taken', path, 'master', post('{"input":"x"}'), 202],
    ['needs no input', path, 'master', post('{}'), 202],
    ['needs a key', path, undefined, post('{}'), 401],
    ['needs the master key', path, 'of-host', post('{}'), 403],
    ['needs JSON', path, 'master', post('{}', 'text/plain'), 415],
    ['needs valid JSON', path, 'master', post('{'), 400],
    ['needs an object', path, 'master', post('[]'), 400],
    ['needs a text as input', path, 'master', post('{"input":{}}'), 400],
    ['needs a function', '/admin/functions/nobody', 'master', post('{}'), 404],
  ])('%s', async (_what, target, key, init, expected) =>
    expect(await status(target, key, init)).toBe(expected),
  );

  test('takes a body in chunks', async () => {
    const chunks = { ...post(''), body: new Blob(['{"input":"x"}']).stream(), duplex: 'half' } as const;
    expect(await status(path, 'master', chunks)).toBe(202);
  });

  test('of an HTTP function fails in the log', async () => {
    expect(await status('/admin/functions/boom', 'master', post('{}'))).toBe(202);
    await host.said('Exception while executing function: Functions.boom. An HttpRequest is required');
  });
});

test('functions are described', async () => {
  expect(await json('/admin/functions/ANYTHING')).toMatchObject({
    name: 'anything',
    language: 'node',
    invoke_url_template: `${host.address}/api/echo/{id:int}/{*rest}`,
    isDisabled: false,
    config: {
      bindings: [
        { type: 'httpTrigger', authLevel: 'anonymous' },
        { type: 'http', name: '$return' },
      ],
    },
  });
});

test('a key can be set, used and deleted', async () => {
  const own = '/admin/functions/guarded/keys/mine';
  const set = { ...post('{"name":"mine","value":"chosen"}'), method: 'PUT' };
  expect(await status(own, 'master', set)).toBe(201);
  expect(await status('/api/guarded', 'chosen')).toBe(200);
  expect(await status(own, 'master', { method: 'DELETE' })).toBe(204);
  expect(await status('/api/guarded', 'chosen')).toBe(401);
});
