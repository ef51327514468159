import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../../services/expected-error.ts';
import { isAlive } from '../../services/is-alive.ts';
import type { DataFolder } from './data-folder.ts';
import { runProgram } from './run-program.ts';

const LEAVE_LIMIT_MS = 6_000;
const STOP_LIMIT_MS = 10_000;
const PROBE_LIMIT_MS = 500;

/** PostgreSQL answers this question for TLS with one letter. */
const ASK_FOR_TLS = Buffer.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f);

/**
 * Deals with what an earlier run has left in the folder: waits for one that is ending, stops a PostgreSQL whose guard was
 * killed, and removes the mark of one that is gone. Process ids are never trusted: another process may have them by now.
 */
export async function clearTheWay(
  { root, cluster, markFile, guardFile }: DataFolder,
  pgCtl: string,
): Promise<void> {
  const began = Date.now();
  for (;;) {
    // A guard says whom it holds PostgreSQL for, or that it is ending. It may not have seen yet that its owner is gone.
    const answer = await said(numberIn(guardFile, 0));
    const owner = /^held for (\d+)$/.exec(answer)?.[1];
    if (owner === undefined && answer !== 'ending') break;
    const isOwned = owner !== undefined && isAlive(Number(owner));
    if (isOwned || Date.now() - began > LEAVE_LIMIT_MS) {
      throw new ExpectedError(
        `The data folder ${root} is in use by another local SQL Server${isOwned ? ` (process ${owner})` : ''}. ` +
          'Stop that one, or name another folder.',
      );
    }
    await sleep(100);
  }
  if (/^[SN]$/.test(await said(numberIn(markFile, 3), ASK_FOR_TLS))) {
    const args = ['stop', '-D', cluster, '-m', 'immediate', '-t', String(STOP_LIMIT_MS / 1000)];
    await runProgram(pgCtl, args, root, STOP_LIMIT_MS + 1_000);
  }
  rmSync(markFile, { force: true });
  const files = existsSync(cluster) ? readdirSync(cluster) : [];
  for (const name of files) if (name.startsWith('.s.PGSQL.')) rmSync(join(cluster, name), { force: true });
}

/** The number in a line of a file that may be missing or half written. */
function numberIn(path: string, line: number): number | undefined {
  try {
    const number = Number(readFileSync(path, 'utf8').split('\n')[line]);
    return Number.isInteger(number) && number > 0 && number < 65_536 ? number : undefined;
  } catch {
    return undefined;
  }
}

/** The first thing that a local port says, to a question if there is one; '' when nobody is there. */
function said(port: number | undefined, question = Buffer.of()): Promise<string> {
  if (port === undefined) return Promise.resolve('');
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(question));
    const finish = (answer: string): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PROBE_LIMIT_MS, () => finish(''));
    socket.once('data', (answer) => finish(answer.toString('latin1')));
    for (const end of ['error', 'close'] as const) socket.once(end, () => finish(''));
  });
}
