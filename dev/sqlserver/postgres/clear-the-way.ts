import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../../services/expected-error.ts';
import type { Binaries } from './binaries.ts';
import type { DataFolder } from './data-folder.ts';
import { runProgram } from './run-program.ts';

const LEAVE_LIMIT_MS = 6_000;
const STOP_LIMIT_MS = 10_000;
const PROBE_LIMIT_MS = 500;

/**
 * Deals with what an earlier run has left in the folder: waits for one that is ending, stops a PostgreSQL whose guard was
 * killed, and removes the mark of one that is gone, even when another process has its number by now.
 */
export async function clearTheWay(folder: DataFolder, { pgCtl }: Binaries): Promise<void> {
  const markFile = join(folder.cluster, 'postmaster.pid');
  const giveUp = Date.now() + LEAVE_LIMIT_MS;
  while (isAlive(numberIn(markFile, 0)) && Date.now() < giveUp) {
    if (!isAlive(numberIn(folder.guardFile, 0))) break;
    await sleep(100);
  }
  const port = numberIn(markFile, 3);
  if (port !== undefined && (await answers(port))) {
    const guard = numberIn(folder.guardFile, 0);
    if (isAlive(guard)) {
      throw new ExpectedError(
        `The data folder ${folder.root} is in use by another local SQL Server (its guard is process ${guard}). ` +
          'Stop that one, or name another folder.',
      );
    }
    const args = ['stop', '-D', folder.cluster, '-m', 'immediate', '-t', String(STOP_LIMIT_MS / 1000)];
    await runProgram(pgCtl, args, folder.root, STOP_LIMIT_MS + 1_000);
  }
  rmSync(markFile, { force: true });
}

/** The number in a line of a file that may be missing or half written. */
function numberIn(path: string, line: number): number | undefined {
  try {
    const number = Number(readFileSync(path, 'utf8').split('\n')[line]);
    return Number.isInteger(number) && number > 0 ? number : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether PostgreSQL answers there: it says S or N to the question for TLS. */
function answers(port: number): Promise<boolean> {
  const askForTls = Buffer.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f);
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(askForTls));
    const finish = (isPostgres: boolean): void => {
      socket.destroy();
      resolve(isPostgres);
    };
    socket.setTimeout(PROBE_LIMIT_MS, () => finish(false));
    socket.on('data', (answer) => finish(answer[0] === 0x53 || answer[0] === 0x4e));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
  });
}
