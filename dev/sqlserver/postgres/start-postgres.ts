import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { binaries } from './binaries.ts';
import { clearTheWay } from './clear-the-way.ts';
import { dataFolderAt, prepareDataFolder } from './data-folder.ts';
import { startGuard } from './start-guard.ts';

export interface Postgres {
  address: { host: string; port: number; user: string; password: string };
  /** Resolves with a sentence about its end once it or its guard has ended. */
  ended: Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts PostgreSQL on a folder, which is made if it is missing, under a guard that stops it when this process ends,
 * however it ends. `port` absent = any free one. Throws ExpectedError for a folder that is in use or cannot be used.
 */
export async function startPostgres({
  dataDir,
  port,
}: {
  dataDir: string;
  port?: number;
}): Promise<Postgres> {
  const programs = await binaries();
  const folder = dataFolderAt(dataDir);
  const password = await prepareDataFolder(folder, programs);
  await clearTheWay(folder, programs);
  const address = { host: '127.0.0.1', port: port ?? (await freePort()), user: 'postgres', password };
  const guard = await startGuard(folder, programs, address.port);
  const close = async (): Promise<void> => {
    const inOrder = await guard.close();
    if (!inOrder) await clearTheWay(folder, programs);
  };
  return { address, ended: guard.ended, close };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await once(probe.close(), 'close');
  return port;
}
