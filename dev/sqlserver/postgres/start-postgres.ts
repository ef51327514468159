import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, ListenOptions } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExpectedError } from '../../services/expected-error.ts';
import { binaries } from './binaries.ts';
import { clearTheWay } from './clear-the-way.ts';
import { DataFolder } from './data-folder.ts';

export interface Postgres {
  /** `host` is a folder with a socket in it where there can be one; TCP is listened to as well. */
  address: { host: string; port: number; user: string; password: string };
  /** Resolves with a sentence about its end once it or its guard has ended. */
  ended: Promise<string>;
  close(): Promise<void>;
}

const STOP_LIMIT_MS = 4_000;
/** In bytes; macOS takes the fewest. */
const MAX_SOCKET_PATH = 103;

/**
 * Starts PostgreSQL on a folder, which is made if it is missing, under a guard that stops it when this process ends,
 * however it ends. `wantedPort` absent = any free one. Throws ExpectedError for a folder or port that cannot be used.
 */
export async function startPostgres(dataDir: string, wantedPort?: number): Promise<Postgres> {
  const { initdb, pg_ctl } = await binaries();
  const folder = new DataFolder(dataDir);
  const password = await folder.prepare(initdb);
  await clearTheWay(folder, pg_ctl);
  const port = wantedPort ?? (await freePort());
  const hasSocket = await canHoldSocket(folder.cluster, port);
  const address = { host: hasSocket ? folder.cluster : '127.0.0.1', port, user: 'postgres', password };
  // In a process group of its own, so that a terminal's Ctrl-C does not reach it, and PostgreSQL with it.
  const guard = spawn(
    process.execPath,
    [fileURLToPath(import.meta.resolve('./guard.ts')), folder.root, String(port), hasSocket ? '.' : ''],
    { detached: true, stdio: ['pipe', 'pipe', 'inherit'], windowsHide: true },
  );
  const ended = once(guard, 'exit').then(() => 'The local SQL Server’s PostgreSQL ended.');
  guard.stdin.on('error', () => undefined);
  const close = async (): Promise<void> => {
    guard.stdin.end();
    const patience = setTimeout(() => guard.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(patience);
    if (guard.exitCode !== 0) await clearTheWay(folder, pg_ctl); // it was killed
  };
  const [said = ''] = await Promise.race([once(guard.stdout, 'data'), ended.then(() => [''])]);
  if (String(said) === 'ready') return { address, ended, close };
  await close();
  throw new ExpectedError(whyNot(String(said), folder, port));
}

/** A sentence for what PostgreSQL's log says. */
function whyNot(log: string, { root, cluster }: DataFolder, port: number): string {
  if (log.includes('already running on port'))
    // in words of its own, after those of the system
    return `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or choose another for PostgreSQL.`;
  if (log.includes('incompatible with server'))
    return `The data folder ${root} was made by another version of PostgreSQL. Delete it, or name another.`;
  return `PostgreSQL did not start on ${cluster}: ${log.trim()}`;
}

/** A socket there is quicker than TCP. None on Windows, below a long path, and on file systems that containers share. */
async function canHoldSocket(folder: string, port: number): Promise<boolean> {
  const path = join(folder, `.s.PGSQL.${port}`);
  if (process.platform === 'win32' || Buffer.byteLength(path) > MAX_SOCKET_PATH) return false;
  return listenOnce({ path }).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  return ((await listenOnce({ port: 0, host: '127.0.0.1' })) as AddressInfo).port;
}

async function listenOnce(where: ListenOptions): Promise<AddressInfo | string | null> {
  const probe = createServer().listen(where);
  await once(probe, 'listening');
  const address = probe.address();
  await once(probe.close(), 'close');
  return address;
}
