import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../services/is-alive.ts';
import { binaries } from './binaries.ts';
import type { DataFolder } from './data-folder.ts';
import { startProgram } from './run-program.ts';

const START_LIMIT_S = 30;
const CHECK_MS = 200;

/** A PostgreSQL that runs, or is about to. */
export interface RunningPostgres {
  /** Once it has ended, whoever ended it, or could not start: the log says why. */
  gone: Promise<void>;
  /** `fast` ends its sessions, `immediate` leaves the rest to the recovery of the next start. */
  stop(mode: 'fast' | 'immediate'): void;
}

/** Starts PostgreSQL on a folder with settings that are `name=value` without blanks. `log` is its log file, open. */
type RunPostgres = (folder: DataFolder, settings: readonly string[], log: number) => Promise<RunningPostgres>;

const runAsChild: RunPostgres = async ({ root, cluster, logFile }, settings, log) => {
  const { postgres } = await binaries();
  const args = ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])];
  const child = startProgram(postgres, args, root, ['ignore', log, log]);
  const gone = once(child, 'exit').then(
    () => undefined,
    (error: unknown) => writeFileSync(logFile, String(error)),
  );
  return { gone, stop: (mode) => void child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT') };
};

/**
 * Windows has no signals, and PostgreSQL refuses to run there with an administrator's rights, which pg_ctl takes from it.
 * It is no child of this process then, whose end would be told.
 */
export const runByPgCtl: RunPostgres = async ({ root, cluster, markFile, logFile }, settings, log) => {
  const { pg_ctl } = await binaries();
  const options = settings.map((setting) => `-c ${setting}`).join(' ');
  const onCluster = ['-D', cluster, '--silent'];
  const start = async (): Promise<void> => {
    const args = ['start', ...onCluster, '--timeout', String(START_LIMIT_S), '--options', options];
    const [code] = await once(startProgram(pg_ctl, args, root, ['ignore', log, log]), 'exit');
    if (code !== 0) return;
    const pid = Number.parseInt(readFileSync(markFile, 'utf8'), 10);
    while (isAlive(pid)) await sleep(CHECK_MS);
  };
  const stop = (mode: string) =>
    startProgram(pg_ctl, ['stop', ...onCluster, '--no-wait', '--mode', mode], root, 'ignore');
  return {
    gone: start().catch((error: unknown) => writeFileSync(logFile, String(error))),
    stop: (mode) => void stop(mode).on('error', () => undefined),
  };
};

export const runPostgres = process.platform === 'win32' ? runByPgCtl : runAsChild;
