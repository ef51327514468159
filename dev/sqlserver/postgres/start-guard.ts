import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ExpectedError } from '../../services/expected-error.ts';
import type { Binaries } from './binaries.ts';
import type { DataFolder } from './data-folder.ts';

/** What the guard is told: where PostgreSQL is and what to start. */
export const GuardOrder = z.object({
  pgCtl: z.string(),
  root: z.string(),
  cluster: z.string(),
  logFile: z.string(),
  guardFile: z.string(),
  port: z.number(),
});
/** The guard's one line on standard output. */
export const GuardReport = z.object({ failed: z.string().optional() });

export interface Guard {
  /** Resolves with a sentence about its end once it has ended. */
  ended: Promise<string>;
  /** Whether PostgreSQL was stopped in order: not when the guard was killed. */
  close(): Promise<boolean>;
}

const START_LIMIT_MS = 40_000;
const STOP_LIMIT_MS = 4_000;

/** Starts the guard in a process group of its own, so that a terminal's Ctrl-C does not reach it, and PostgreSQL with it. */
export async function startGuard(folder: DataFolder, { pgCtl }: Binaries, port: number): Promise<Guard> {
  const order: z.infer<typeof GuardOrder> = { ...folder, pgCtl, port };
  const guard = spawn(
    process.execPath,
    [fileURLToPath(import.meta.resolve('./guard.ts')), JSON.stringify(order)],
    {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
      windowsHide: true,
    },
  );
  const ended = once(guard, 'exit');
  guard.stdin.on('error', () => undefined);
  const close = async (): Promise<boolean> => {
    guard.stdin.end();
    await endOf(guard, ended);
    return guard.exitCode === 0;
  };
  const line = once(createInterface(guard.stdout), 'line').then(([text]) =>
    GuardReport.parse(JSON.parse(String(text))),
  );
  const report = await Promise.race([
    line,
    ended.then(() => ({ failed: 'its guard ended at its start' })),
    sleep(START_LIMIT_MS, { failed: `it was not ready after ${START_LIMIT_MS / 1000} s` }, { ref: false }),
  ]);
  if (report.failed === undefined)
    return { ended: ended.then(() => 'The local SQL Server’s PostgreSQL ended.'), close };
  await close();
  throw new ExpectedError(`PostgreSQL did not start on ${folder.cluster}: ${report.failed}`);
}

async function endOf(guard: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const patience = setTimeout(() => guard.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(patience);
}
