import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../../../dev/sqlserver/postgres/start-postgres.ts';
import type { Postgres } from '../../../dev/sqlserver/postgres/start-postgres.ts';

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wire-postgres-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function started(dataDir: string): Promise<Postgres> {
  const postgres = await startPostgres({ dataDir });
  onTestFinished(() => postgres.close());
  return postgres;
}

async function ask({ address }: Postgres, text: string): Promise<unknown[]> {
  const client = new Client({ ...address, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

function lineOf(file: string, line: number): number {
  return Number(readFileSync(file, 'utf8').split('\n')[line]);
}

const guardOf = (folder: string): number => lineOf(join(folder, 'guard'), 1);
const postmasterOf = (folder: string): number => lineOf(join(folder, 'pgdata', 'postmaster.pid'), 0);

test('a closed server listens no more, and its data are there again', async () => {
  const folder = aFolder();
  const first = await started(folder);
  await ask(first, 'create table notes as select 1 as id');
  await first.close();
  await expect(ask(first, 'select 1')).rejects.toThrow('ECONNREFUSED');
  await expect(ask(await started(folder), 'select id from notes')).resolves.toEqual([[1]]);
});

test('what was committed survives the kill of everything', async () => {
  const folder = aFolder();
  const first = await started(folder);
  await ask(first, 'create table notes as select 1 as id');
  for (const pid of [guardOf(folder), postmasterOf(folder)]) process.kill(pid, 'SIGKILL');
  await expect(ask(await started(folder), 'select id from notes')).resolves.toEqual([[1]]);
});

test('a PostgreSQL whose guard was killed is taken over', async () => {
  const folder = aFolder();
  await ask(await started(folder), 'create table notes as select 1 as id');
  process.kill(guardOf(folder), 'SIGKILL');
  await expect(ask(await started(folder), 'select id from notes')).resolves.toEqual([[1]]);
});

test('the mark of a PostgreSQL that is gone is not taken for the process that has its number now', async () => {
  const folder = aFolder();
  await (await started(folder)).close();
  writeFileSync(join(folder, 'pgdata', 'postmaster.pid'), `${process.pid}\n${folder}\n0\n1\n`);
  await expect(ask(await started(folder), 'select 1')).resolves.toEqual([[1]]);
});

test('a folder in use is refused with a sentence that says by whom', async () => {
  const folder = aFolder();
  const first = await started(folder);
  await expect(startPostgres({ dataDir: folder })).rejects.toThrow(
    `in use by another local SQL Server (process ${process.pid})`,
  );
  await expect(ask(first, 'select 1')).resolves.toEqual([[1]]);
});

test('a cluster that was never finished is made anew', async () => {
  const folder = aFolder();
  const unfinished = join(folder, 'pgdata.new');
  await (await started(folder)).close();
  rmSync(join(folder, 'pgdata'), { recursive: true });
  writeFileSync(unfinished, 'half');
  await expect(ask(await started(folder), 'select 1')).resolves.toEqual([[1]]);
  expect(existsSync(unfinished)).toBe(false);
});

test('whoever lacks the password is not let in', async () => {
  const { address } = await started(aFolder());
  const client = new Client({ ...address, password: 'guess', database: 'postgres' });
  client.on('error', () => undefined);
  await expect(client.connect()).rejects.toThrow('password authentication failed');
});
