import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ExpectedError } from './expected-error.ts';
import { findKeeper, isAlive } from './keeper-note.ts';
import { requireFreePorts, type Ports } from './ports.ts';

const startLimitMs = 60_000;
const stopLimitMs = 10_000;
const keeperLine = z.union([z.object({ ready: z.literal(true) }), z.object({ failed: z.string() })]);

export interface HeldServices {
  /** Another command had started them on this folder and these ports; closing leaves them alone. */
  alreadyRunning: boolean;
  close(): Promise<void>;
}

/**
 * The local services, held by a process of their own that ends with this one, even when this one is killed.
 * Throws ExpectedError for what a person can mend: a busy port, a folder that cannot be written or is in use.
 */
export async function holdServices(options: {
  ports: Ports;
  dataFolder: string;
  fresh?: boolean;
}): Promise<HeldServices> {
  const { ports, dataFolder, fresh = false } = options;
  requireWritable(dataFolder);
  if (await runsAlready(dataFolder, ports, fresh)) return { alreadyRunning: true, close: async () => {} };
  const { host: _hostsOwn, ...servicePorts } = ports;
  await requireFreePorts(servicePorts);

  const keeper = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('./keeper.ts', import.meta.url)),
      JSON.stringify({ ports, dataFolder, fresh, ownerPid: process.pid }),
    ],
    { detached: true, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(keeper, 'exit');
  const close = async () => {
    keeper.stdin.end();
    const patience = setTimeout(() => keeper.kill('SIGKILL'), stopLimitMs);
    await ended;
    clearTimeout(patience);
  };
  keeper.stdin.on('error', () => {}); // it may have ended already
  const said = await firstLine(keeper.stdout, ended);
  if ('ready' in said) return { alreadyRunning: false, close };
  await close();
  throw new Error(`The local services did not start: ${said.failed}`);
}

async function firstLine(
  output: NodeJS.ReadableStream,
  ended: Promise<unknown>,
): Promise<z.infer<typeof keeperLine>> {
  const timer = Promise.withResolvers<never>();
  const timeout = setTimeout(
    () => timer.reject(new Error(`nothing was ready after ${startLimitMs / 1000} s`)),
    startLimitMs,
  );
  try {
    const line = once(createInterface(output), 'line').then(([text]) =>
      keeperLine.parse(JSON.parse(String(text))),
    );
    return await Promise.race([
      line,
      timer.promise,
      ended.then(() => ({ failed: 'their process ended at its start' })),
    ]);
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timeout);
  }
}

function requireWritable(dataFolder: string): void {
  try {
    mkdirSync(dataFolder, { recursive: true });
    accessSync(dataFolder, constants.W_OK);
  } catch (cause) {
    throw new ExpectedError(
      `The data folder ${dataFolder} cannot be written. Give its rights to your user, or name another one with --data.`,
      { cause },
    );
  }
}

/** Waits for a keeper that has lost its command to end; one whose command lives is either ours to share or in the way. */
async function runsAlready(dataFolder: string, ports: Ports, fresh: boolean): Promise<boolean> {
  const giveUp = Date.now() + stopLimitMs;
  for (;;) {
    const keeper = findKeeper(dataFolder);
    if (!keeper) return false;
    const samePorts = keeper.ports.sqlServer === ports.sqlServer;
    if (isAlive(keeper.ownerPid) && samePorts && !fresh) return true;
    if (isAlive(keeper.ownerPid) || Date.now() > giveUp) {
      throw new ExpectedError(
        `The data folder ${dataFolder} is used by local services that run already (process ${keeper.ownerPid}). ` +
          'Stop them, or name another folder with --data and other ports with --port-offset.',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
