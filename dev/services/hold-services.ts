import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { untilAborted } from './end-of-command.ts';
import { ExpectedError } from './expected-error.ts';
import { isAlive } from './is-alive.ts';
import { findKeeper, type KeeperLine, keeperLine } from './keeper-note.ts';
import { isFree, requireFreePorts, type Ports } from './ports.ts';

const startLimitMs = 60_000;
const stopLimitMs = 10_000;
const checkMs = 500;

export interface HeldServices {
  /** Another command had started them on this folder and these ports; closing leaves them alone. */
  alreadyRunning: boolean;
  /** Resolves with a sentence about their end once they have ended, asked to or not. */
  ended: Promise<string>;
  close(): Promise<void>;
}

/**
 * The local services, held by a process of their own that ends with this one, even when this one is killed. When the
 * signal aborts while they start, they end again, and what is given has nothing to close.
 * Throws ExpectedError for what a person can mend: a busy port, a folder that cannot be written or is in use.
 */
export async function holdServices(options: {
  ports: Ports;
  dataFolder: string;
  fresh?: boolean;
  signal?: AbortSignal | undefined;
}): Promise<HeldServices> {
  const { ports, dataFolder, fresh = false, signal = new AbortController().signal } = options;
  requireWritable(dataFolder);
  const others = await keeperToShare(dataFolder, ports, fresh);
  if (others !== undefined) return { alreadyRunning: true, ended: endOf(others), close: async () => {} };
  const { host: _hostsOwn, ...servicePorts } = ports;
  await requireFreePorts(servicePorts);

  const keeper = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('./keeper.ts', import.meta.url)),
      JSON.stringify({ ports, dataFolder, fresh, ownerPid: process.pid }),
    ],
    { detached: true, stdio: ['pipe', 'pipe', 'inherit'], windowsHide: true },
  );
  const ended = once(keeper, 'exit');
  const close = async () => {
    keeper.stdin.end();
    const patience = setTimeout(() => keeper.kill('SIGKILL'), stopLimitMs);
    await ended;
    clearTimeout(patience);
  };
  keeper.stdin.on('error', () => {}); // it may have ended already
  const lines = createInterface(keeper.stdout);
  const said = await Promise.race([nextLine(lines, ended, startLimitMs), untilAborted(signal)]);
  if (said === undefined) {
    await close();
    return { alreadyRunning: false, ended: Promise.resolve('Ended during the start.'), close };
  }
  if ('ready' in said) {
    const later = nextLine(lines, ended).then((line) => ('failed' in line ? line.failed : ''));
    return { alreadyRunning: false, ended: later, close };
  }
  await close();
  throw new ExpectedError(`The local services did not start: ${said.failed}`);
}

async function nextLine(lines: Interface, ended: Promise<unknown>, limitMs?: number): Promise<KeeperLine> {
  const limit = limitMs === undefined ? undefined : AbortSignal.timeout(limitMs);
  const line = once(lines, 'line', limit ? { signal: limit } : {}).then(([text]) =>
    keeperLine.parse(JSON.parse(String(text))),
  );
  const end = ended.then(() => ({ failed: 'The process that holds the local services ended.' }));
  try {
    return await Promise.race([line, end]);
  } catch (error) {
    if (limit?.aborted) return { failed: `nothing was ready after ${startLimitMs / 1000} s` };
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

/** Of services that another command holds: no message comes from them, so that their process is looked at. */
async function endOf(keeperPid: number): Promise<string> {
  while (isAlive(keeperPid)) await sleep(checkMs, undefined, { ref: false });
  return 'The local services ended with the command that had started them.';
}

/** Makes the folder if it is missing; throws a sentence when this user cannot write there. */
export function requireWritable(dataFolder: string): void {
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

/**
 * The keeper to share, if there is one: one whose command lives is either ours to share or in the way. One that is
 * starting or ending is waited for; a note with the number of a process that is another by now counts for nothing.
 */
async function keeperToShare(dataFolder: string, ports: Ports, fresh: boolean): Promise<number | undefined> {
  const giveUp = Date.now() + stopLimitMs;
  for (;;) {
    const keeper = findKeeper(dataFolder);
    if (!keeper) return undefined;
    const isServing = !(await isFree(keeper.ports.mails));
    const isHeld = isServing && isAlive(keeper.ownerPid);
    if (isHeld && keeper.ports.sqlServer === ports.sqlServer && !fresh) return keeper.pid;
    const isOver = Date.now() > giveUp;
    if (isHeld || (isServing && isOver)) {
      throw new ExpectedError(
        `The data folder ${dataFolder} is used by local services that run already (process ${keeper.ownerPid}). ` +
          'Stop them, or name another folder with --data and other ports with --port-offset.',
      );
    }
    if (isOver) return undefined;
    await sleep(100);
  }
}
