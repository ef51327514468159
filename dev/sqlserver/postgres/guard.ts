import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../services/keeper-note.ts';
import type { AddressInfo } from 'node:net';
import { runProgram } from './run-program.ts';
import { GuardOrder, GuardReport } from './start-guard.ts';
import type { z } from 'zod';

/*
 * The process that holds PostgreSQL. Its standard input is a pipe from the local SQL Server: when that closes, be it by an
 * orderly end or by kill -9, it stops PostgreSQL and ends. A terminal's signals are not for it.
 */

const START_SECONDS = 30;
const STOP_SECONDS = 2;
const CHECK_MS = 1_000;

const { pgCtl, root, cluster, logFile, guardFile, port } = GuardOrder.parse(
  JSON.parse(process.argv[2] ?? ''),
);

/**
 * fsync is off: what PostgreSQL has written survives the end of any process, but not that of the machine. Commits are
 * still written before they are told (synchronous_commit stays on).
 */
const settings = [
  'listen_addresses=127.0.0.1',
  `port=${port}`,
  'unix_socket_directories=',
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
const started = await start();
tell(started);
await (started.failed === undefined ? Promise.race([ownerGone, postgresGone()]) : ownerGone);
isEnding = true;
const stopped = (await stop('fast')).code === 0 || (await stop('immediate')).code === 0;
rmSync(guardFile, { force: true });
process.exit(stopped ? 0 : 1);

/** Whoever else wants the folder asks at the port in the guard's file. */
async function sayWhoseItIs(): Promise<void> {
  const owner = process.ppid;
  const server = createServer((asker) => {
    asker.on('error', () => undefined);
    asker.end(isEnding ? 'ending' : `held for ${owner}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: asked } = server.address() as AddressInfo;
  writeFileSync(guardFile, `${asked}\n${process.pid}\n`);
}

async function start(): Promise<z.infer<typeof GuardReport>> {
  rmSync(logFile, { force: true });
  const options = settings.map((setting) => `-c ${setting}`).join(' ');
  const args = [
    'start',
    '-D',
    cluster,
    '-l',
    logFile,
    '-o',
    options,
    '-w',
    '-t',
    String(START_SECONDS),
    '-s',
  ];
  const { code, said } = await runProgram(pgCtl, args, root, (START_SECONDS + 1) * 1000);
  return code === 0 ? {} : { failed: `${said}\n${logged()}`.trim() };
}

/** Somebody may have killed it: then there is nothing left to hold. */
async function postgresGone(): Promise<void> {
  const postmaster = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
  while (isAlive(postmaster)) await sleep(CHECK_MS, undefined, { ref: false });
}

function stop(mode: 'fast' | 'immediate'): ReturnType<typeof runProgram> {
  const args = ['stop', '-D', cluster, '-m', mode, '-t', String(STOP_SECONDS), '-s'];
  return runProgram(pgCtl, args, root, (STOP_SECONDS + 1) * 1000);
}

function logged(): string {
  try {
    return readFileSync(logFile, 'utf8').slice(-2_000);
  } catch {
    return '';
  }
}

function tell(report: z.infer<typeof GuardReport>): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
