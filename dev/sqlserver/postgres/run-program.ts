import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** PostgreSQL refuses to run as root: then it runs as this user (nobody), who owns its folder. */
export const otherUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

const setpriv = '/usr/bin/setpriv';
const KEPT_CHARACTERS = 4_000;

/**
 * Starts one of PostgreSQL's programs as its user. A checkout or data folder below a folder that is closed to others, such
 * as /root, is reached with the one capability that lets a process enter and read folders; `no_setuid_fixup` lets access(2)
 * honour it too.
 */
export function startProgram(
  path: string,
  args: readonly string[],
  cwd: string,
  stdio: StdioOptions,
): ChildProcess {
  const options = { cwd, stdio, env: { ...process.env, LC_ALL: 'C' }, windowsHide: true };
  const isReached = !isClosedToOthers(dirname(path)) && !isClosedToOthers(dirname(cwd));
  if (otherUser === undefined || isReached || !existsSync(setpriv))
    return spawn(path, args, { ...options, ...otherUser });
  const { uid, gid } = otherUser;
  const privileges = [
    ...[`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'],
    ...['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'],
  ];
  return spawn(setpriv, [...privileges, '--', path, ...args], options);
}

function isClosedToOthers(folder: string): boolean {
  const parent = dirname(folder);
  return (statSync(folder).mode & 0o001) === 0 || (parent !== folder && isClosedToOthers(parent));
}

/** Runs one to its end, at most `limitMs`: its exit code, null when it took too long, and what it said. */
export async function runProgram(
  path: string,
  args: readonly string[],
  cwd: string,
  limitMs: number,
): Promise<{ code: number | null; said: string }> {
  const child = startProgram(path, args, cwd, ['ignore', 'pipe', 'pipe']);
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  let said = '';
  for (const output of [child.stdout, child.stderr])
    output?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_CHARACTERS)));
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { code, said: said.trim() };
}
