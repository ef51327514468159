import { readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../../../dev/sqlserver/postgres/start-postgres.ts';
import type { Postgres } from '../../../dev/sqlserver/postgres/start-postgres.ts';
import { readableTemporaryFolder } from '../../support/temporary-folder.ts';

/** With a name that a list of folders would have to quote. */
const folder = readableTemporaryFolder('wire, "postgres" ');
afterAll(() => folder[Symbol.dispose]());

test('a folder of another user is refused with a sentence', async () => {
  using dataDir = readableTemporaryFolder('wire-postgres-');
  symlinkSync('/usr', join(dataDir.path, 'pgdata'));
  await expect(startPostgres(dataDir.path)).rejects.toThrow(
    `${dataDir.path} was made by another user (number 0)`,
  );
});

test('PostgreSQL is reached through a socket in its own folder, by TCP, and not without the password', async () => {
  const { address } = await started();
  expect(address.host).toBe(join(folder.path, 'pgdata'));
  await expect(seenFrom(address)).resolves.toBe(null);
  await expect(seenFrom({ ...address, host: '127.0.0.1' })).resolves.toBe('127.0.0.1/32');
  await expect(seenFrom({ ...address, password: 'guess' })).rejects.toThrow('password authentication failed');
});

test('below a path that is too long for a socket PostgreSQL is reached by TCP', async () => {
  const deep = `${folder.path}${'deep'.repeat(20)}`;
  symlinkSync(folder.path, deep);
  onTestFinished(() => rmSync(deep));
  const { address } = await started(deep);
  await expect(seenFrom(address)).resolves.toBe('127.0.0.1/32');
});

test('a socket that a killed PostgreSQL has left is no obstacle', async () => {
  const { address } = await started();
  for (const pid of [lineOf('guard', 1), lineOf('pgdata/postmaster.pid', 0)]) process.kill(pid, 'SIGKILL');
  expect(sockets()).toHaveLength(2);
  const again = await started(folder.path, address.port);
  expect(again.address).toEqual(address);
  await again.close();
  expect(sockets()).toEqual([]);
});

const lineOf = (file: string, line: number): number =>
  Number(readFileSync(join(folder.path, file), 'utf8').split('\n')[line]);
const sockets = (): string[] =>
  readdirSync(join(folder.path, 'pgdata')).filter((name) => name.startsWith('.s.PGSQL'));

async function started(path = folder.path, port?: number): Promise<Postgres> {
  const postgres = await startPostgres(path, port);
  onTestFinished(() => postgres.close());
  return postgres;
}

/** The client's address as PostgreSQL sees it; null = it came through the socket. */
async function seenFrom(address: Postgres['address']): Promise<unknown> {
  const client = new Client({ ...address, database: 'postgres' });
  await client.connect();
  try {
    return (await client.query('SELECT inet_client_addr()::text AS address')).rows[0].address;
  } finally {
    await client.end();
  }
}
