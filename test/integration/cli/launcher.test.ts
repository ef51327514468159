import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Answers what it was asked with: the path and the headers, as a problem would name them. */
const server = createServer((request, response) => {
  const { 'x-functions-key': key, 'x-operator': operator } = request.headers;
  const isKnown = key === 'clave' && typeof operator === 'string' && operator !== '';
  const body = request.url?.startsWith('/api/manage/executions') ? '{"executions":[],"next":null}' : 'nada';
  response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' }).end(isKnown ? body : '');
});
let address = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** As npx does it, from another folder. */
async function vigia(...args: string[]) {
  return await started([], args);
}

async function started(flags: string[], args: string[]) {
  const launcher = `${process.cwd()}/bin/vigia.mjs`;
  const child = spawn(process.execPath, [...flags, launcher, ...args], {
    cwd: '/',
    env: { VIGIA_URL: address, VIGIA_KEY: 'clave', TZ: 'America/Montevideo' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  return { code, out, error };
}

test('bin/vigia.mjs runs from its sources in any folder, and gives its exit code to the shell', async () => {
  const answers = await Promise.all([vigia('executions'), vigia('executions', '--key', 'otra'), vigia('wy')]);
  expect(answers).toEqual([
    { code: 0, out: 'No hay ninguna.\n', error: '' },
    { code: 3, out: '', error: expect.stringMatching(/no acepta la clave que se mandó \(401\)/) as string },
    { code: 2, out: '', error: expect.stringMatching(/^No hay un comando «wy»/) as string },
  ]);
});

test('under an older Node it hands over to the one that npm has brought along', async () => {
  const pretend =
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })";
  const answer = await started(
    ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`],
    ['executions'],
  );
  expect(answer).toEqual({ code: 0, out: 'No hay ninguna.\n', error: '' });
});
