import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { DataFolder } from '../../../dev/sqlserver/postgres/data-folder.ts';
import { runByPgCtl, type RunningPostgres } from '../../../dev/sqlserver/postgres/run-postgres.ts';
import { startPostgres } from '../../../dev/sqlserver/postgres/start-postgres.ts';
import type { Postgres } from '../../../dev/sqlserver/postgres/start-postgres.ts';
import { freePort } from '../../support/free-port.ts';

/** One folder for all tests: making PostgreSQL's files takes longer than anything else here. */
const folder = mkdtempSync(join(tmpdir(), 'wire-postgres-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

async function started(): Promise<Postgres> {
  const postgres = await startPostgres(folder);
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

const guardPid = (): number => lineOf(join(folder, 'guard'), 1);
const postmasterPid = (): number => lineOf(join(folder, 'pgdata', 'postmaster.pid'), 0);

test('a closed server listens no more, and its data are there again', async () => {
  const first = await started();
  await ask(first, 'create table notes1 as select 1 as id');
  await first.close();
  await expect(ask(first, 'select 1')).rejects.toThrow(/ECONNREFUSED|ENOENT/);
  await expect(ask(await started(), 'select id from notes1')).resolves.toEqual([[1]]);
});

test('what was committed survives the kill of everything', async () => {
  const first = await started();
  await ask(first, 'create table notes2 as select 1 as id');
  for (const pid of [guardPid(), postmasterPid()]) process.kill(pid, 'SIGKILL');
  await expect(ask(await started(), 'select id from notes2')).resolves.toEqual([[1]]);
});

test('a PostgreSQL whose guard was killed is taken over', async () => {
  await ask(await started(), 'create table notes3 as select 1 as id');
  process.kill(guardPid(), 'SIGKILL');
  await expect(ask(await started(), 'select id from notes3')).resolves.toEqual([[1]]);
});

test('closing stops a PostgreSQL whose guard was killed', async () => {
  const postgres = await started();
  process.kill(guardPid(), 'SIGKILL');
  expect(await postgres.ended).toContain('ended');
  await postgres.close();
  await expect(ask(postgres, 'select 1')).rejects.toThrow(/ECONNREFUSED|ENOENT/);
});

test('a PostgreSQL that was killed is told of', async () => {
  const postgres = await started();
  process.kill(postmasterPid(), 'SIGKILL');
  expect(await postgres.ended).toContain('ended');
});

test('one that pg_ctl has started, as on Windows, is told of when it is stopped and when it is killed', async () => {
  await (await started()).close();
  const data = new DataFolder(folder);
  const run = async (): Promise<RunningPostgres> => {
    const settings = ['listen_addresses=127.0.0.1', `port=${await freePort()}`, 'unix_socket_directories='];
    const running = await runByPgCtl(data, settings, openSync(data.logFile, 'w'));
    onTestFinished(() => running.stop('immediate'));
    await expect
      .poll(() => existsSync(data.markFile) && readFileSync(data.markFile, 'utf8'))
      .toContain('ready');
    return running;
  };
  const stopped = await run();
  stopped.stop('fast');
  await stopped.gone;
  expect(existsSync(data.markFile)).toBe(false);
  const killed = await run();
  process.kill(postmasterPid(), 'SIGKILL');
  await killed.gone;
});

test('the mark of a PostgreSQL that is gone is not taken for the process that has its number now', async () => {
  await (await started()).close();
  writeFileSync(join(folder, 'pgdata', 'postmaster.pid'), `${process.pid}\n${folder}\n0\n1\n`);
  await expect(ask(await started(), 'select 1')).resolves.toEqual([[1]]);
});

test('a folder in use is refused with a sentence that says by whom', async () => {
  const first = await started();
  await expect(startPostgres(folder)).rejects.toThrow(
    `in use by another local SQL Server (process ${process.pid})`,
  );
  await expect(ask(first, 'select 1')).resolves.toEqual([[1]]);
});

test('a cluster that was never finished is made anew', async () => {
  const unfinished = join(folder, 'pgdata.new');
  await (await started()).close();
  rmSync(join(folder, 'pgdata'), { recursive: true, maxRetries: 10 });
  writeFileSync(unfinished, 'half');
  await expect(ask(await started(), 'select 1')).resolves.toEqual([[1]]);
  expect(existsSync(unfinished)).toBe(false);
});

test('a folder of another PostgreSQL is refused with a sentence that says what to do', async () => {
  await (await started()).close();
  const file = join(folder, 'pgdata', 'PG_VERSION');
  const version = readFileSync(file);
  onTestFinished(() => writeFileSync(file, version));
  writeFileSync(file, '9\n');
  await expect(startPostgres(folder)).rejects.toThrow(
    `The data folder ${folder} was made by another version of PostgreSQL. Delete it, or name another.`,
  );
});

test('a port in use is refused with a sentence', async () => {
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  onTestFinished(() => void busy.close());
  const { port } = busy.address() as AddressInfo;
  await expect(startPostgres(folder, port)).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use.`);
});

test('whoever lacks the password is not let in', async () => {
  const { address } = await started();
  const client = new Client({ ...address, password: 'guess', database: 'postgres' });
  client.on('error', () => undefined);
  await expect(client.connect()).rejects.toThrow('password authentication failed');
});
