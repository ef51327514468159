import { once } from 'node:events';
import { openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataFolder } from './data-folder.ts';
import { runPostgres } from './run-postgres.ts';

/*
 * The process that holds PostgreSQL: guard.ts FOLDER PORT SOCKETS. Its standard input is a pipe from the local SQL
 * Server: when that closes, be it by an orderly end or by kill -9, it stops PostgreSQL and ends. A terminal's signals are
 * not for it. It says `ready`, or why PostgreSQL does not run.
 */

const START_LIMIT_MS = 30_000;
const STOP_PATIENCE_MS = 2_000;

const [, , path = '', port = '', sockets = ''] = process.argv;
const folder = new DataFolder(path);
const { markFile, logFile, guardFile } = folder;

/**
 * fsync is off: what PostgreSQL has written survives the end of any process, but not that of the machine. Commits are
 * still written before they are told (synchronous_commit stays on).
 */
const settings = [
  'listen_addresses=127.0.0.1',
  `port=${port}`,
  `unix_socket_directories=${sockets}`, // from PostgreSQL's folder
  'fsync=off',
  'max_connections=300',
  'wal_level=minimal',
  // SQL Server gathers statistics when a query wants them. Without, PostgreSQL reads whole tables that have just been filled.
  'autovacuum_naptime=15s',
  'max_wal_senders=0',
];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdout.on('error', () => undefined);
let isEnding = false;
const ownerGone = new Promise<void>((resolve) => {
  process.stdin
    .once('close', resolve)
    .once('error', () => resolve())
    .resume();
});
await sayWhoseItIs();

const postgres = await runPostgres(folder, settings, openSync(logFile, 'w'));
const isRunning = await Promise.race([postgres.gone.then(() => false), ready()]);
process.stdout.write(isRunning ? 'ready' : readFileSync(logFile, 'utf8').slice(-2_000) || 'its log is empty');
const wasKilled = await Promise.race([postgres.gone.then(() => true), ownerGone.then(() => false)]);
isEnding = true;
postgres.stop('fast');
setTimeout(() => postgres.stop('immediate'), STOP_PATIENCE_MS);
await postgres.gone;
rmSync(guardFile, { force: true });
process.exit(wasKilled ? 1 : 0);

/** Whoever else wants the folder asks at the port in the guard's file. */
async function sayWhoseItIs(): Promise<void> {
  const owner = process.ppid;
  const server = createServer((asker) => {
    asker.on('error', () => undefined);
    asker.end(isEnding ? 'ending' : `held for ${owner}`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port: asked } = server.address() as AddressInfo;
  writeFileSync(guardFile, `${asked}\n${process.pid}\n`);
}

/** PostgreSQL says so in its mark. */
async function ready(): Promise<boolean> {
  const began = Date.now();
  while (Date.now() - began < START_LIMIT_MS) {
    await sleep(10);
    try {
      if (readFileSync(markFile, 'utf8').split('\n')[7]?.startsWith('ready')) return true;
    } catch {
      // not there yet
    }
  }
  return false;
}
