import { Connection, TYPES } from 'tedious';
import { expect, test } from 'vitest';
import type { SqlMessage } from '../../../dev/sqlserver/contract.ts';
import { echo, rowsOf, scriptedEngine } from './wire-scripted-engine.ts';
import { aWire, query } from './wire-world.ts';

const strict = { encrypt: 'strict', cryptoCredentialsDetails: {} };

test.each([
  ['without encryption', () => ({ encrypt: false })],
  ['with TLS inside PRELOGIN', () => ({ encrypt: true })],
  ['with TLS from the first byte', (ca: string) => ({ ...strict, cryptoCredentialsDetails: { ca } })],
])('a driver logs in %s and reads rows', async (_, encryption) => {
  const world = await aWire(scriptedEngine(echo));
  const connection = await world.connect(encryption(world.identity.certificate));
  const { rows } = await query(connection, 'select @a', (request) => request.addParameter('a', TYPES.Int, 7));
  expect(rows).toEqual([[7]]);
});

test('the certificate is one that a careful client can check', async () => {
  const world = await aWire(scriptedEngine(echo));
  const { certificate: ca } = world.identity;
  await world.connect({ encrypt: true, trustServerCertificate: false, cryptoCredentialsDetails: { ca } });
  await expect(world.connect({ encrypt: true, trustServerCertificate: false })).rejects.toThrow(
    'self-signed',
  );
});

test('the engine learns who logs in, with which password and to which database', async () => {
  const world = await aWire(scriptedEngine(echo));
  await world.connect({ database: 'Ñandú', appName: 'vigia', workstationId: 'host-1' });
  expect(world.engine.logins).toEqual([
    { user: 'sa', password: 'Pässword₤1', database: 'Ñandú', applicationName: 'vigia', hostName: 'host-1' },
  ]);
});

test('a refused login is told with its number, and no session is left', async () => {
  const refused = { number: 18456, severity: 14, state: 1, message: "Login failed for user 'sa'.", line: 1 };
  const { port, engine } = await aWire(scriptedEngine(echo, refused));
  await expect(loginErrors(port)).resolves.toEqual([18456]);
  expect(engine.log).toEqual([]);
});

test('a database that cannot be opened is told together with the failed login', async () => {
  const refused: SqlMessage = {
    number: 4060,
    severity: 11,
    state: 1,
    message: 'Cannot open database',
    line: 1,
  };
  const { port } = await aWire(scriptedEngine(echo, refused));
  await expect(loginErrors(port)).resolves.toEqual([4060, 18456]);
});

test.each([
  [512, false],
  [4096, true],
  [32_767, false],
  [32_767, true],
])('packets of %i bytes carry answers that are longer (encrypted: %s)', async (packetSize, encrypt) => {
  const text = 'ñ'.repeat(50_000);
  const column = { name: 'text', type: { name: 'nvarchar', length: 'max' }, nullable: true } as const;
  const world = await aWire(scriptedEngine(() => rowsOf([column], [[text], [text]])));
  const { rows } = await query(await world.connect({ packetSize, encrypt }), 'select text from notes');
  expect(rows).toEqual([[text], [text]]);
});

/** The numbers of the errors that a login meets. */
async function loginErrors(port: number): Promise<number[]> {
  const connection = new Connection({
    server: 'localhost',
    authentication: { type: 'default', options: { userName: 'sa', password: 'wrong' } },
    options: { port, encrypt: false, trustServerCertificate: true },
  });
  const numbers: number[] = [];
  connection.on('errorMessage', ({ number }) => numbers.push(number));
  await new Promise<void>((resolve) => {
    connection.on('connect', () => resolve());
    connection.connect();
  });
  connection.close();
  return numbers;
}
