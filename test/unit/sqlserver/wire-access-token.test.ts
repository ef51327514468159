import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { TYPES } from 'tedious';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { echo, scriptedEngine } from './wire-scripted-engine.ts';
import { aWire, query } from './wire-world.ts';
import type { World } from './wire-world.ts';

afterEach(() => vi.unstubAllEnvs());

const token = `eyJ0eXAi.${'ñ€_-'.repeat(1_500)}.sig`;
const withToken = { type: 'azure-active-directory-access-token', options: { token } } as const;
const asTokenSays = { user: '', password: '', database: 'erp', accessToken: token };

const encryptions = [
  ['without encryption', () => ({ encrypt: false })],
  ['with TLS inside PRELOGIN', () => ({ encrypt: true })],
  [
    'with TLS from the first byte',
    ({ identity }: World) => ({ encrypt: 'strict', cryptoCredentialsDetails: { ca: identity.certificate } }),
  ],
] as const;

test.each(encryptions)('a driver logs in with an access token %s', async (_, encryption) => {
  const world = await aWire(scriptedEngine(echo));
  const connection = await world.connect(encryption(world), withToken);
  expect(world.engine.logins).toMatchObject([asTokenSays]);
  const { rows } = await query(connection, 'select @a', (request) => request.addParameter('a', TYPES.Int, 7));
  expect(rows).toEqual([[7]]);
});

test.each(encryptions)('a driver that gets its token on the way logs in %s', async (_, encryption) => {
  const world = await aWire(scriptedEngine(echo));
  const asked: unknown[] = [];
  const credential = {
    getToken: (scopes: string | string[]) => {
      asked.push(scopes);
      return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 60_000 });
    },
  };
  await world.connect(encryption(world), { type: 'token-credential', options: { credential } });
  expect(asked).toEqual(['https://database.windows.net/.default']);
  expect(world.engine.logins).toMatchObject([asTokenSays]);
});

test('a driver logs in with the managed identity of its host', async () => {
  const asked: URL[] = [];
  const identities = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://identity'));
    const expires = Math.floor(Date.now() / 1_000) + 3_600;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: token, expires_on: expires, token_type: 'Bearer' }));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void identities.close());
  await once(identities, 'listening');
  const { port } = identities.address() as AddressInfo;
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${port}/token`);
  vi.stubEnv('IDENTITY_HEADER', 'secret');
  const world = await aWire(scriptedEngine(echo));
  const options = { clientId: '8d8f7a2e-0000-4000-8000-000000000001' };
  await world.connect({ encrypt: true }, { type: 'azure-active-directory-default', options });
  expect(world.engine.logins).toMatchObject([asTokenSays]);
  expect(asked.at(-1)?.searchParams.get('resource')).toContain('https://database.windows.net');
  expect(asked.at(-1)?.searchParams.get('client_id')).toBe(options.clientId);
});

test('a refused access token is told with its number', async () => {
  const refused = { number: 18_456, severity: 14, state: 1, message: 'Login failed.', line: 1 };
  const world = await aWire(scriptedEngine(echo, refused));
  await expect(world.connect({}, withToken)).rejects.toThrow('Login failed.');
  expect(world.engine.log).toEqual([]);
});
