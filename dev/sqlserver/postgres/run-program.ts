import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { asOtherUser } from './as-other-user.ts';

export interface Finished {
  /** Nothing when it was stopped for taking too long. */
  code: number | null;
  /** What it said on standard output and standard error. */
  said: string;
}

const KEPT_CHARACTERS = 4_000;

/** Runs one of PostgreSQL's programs to its end, at most `limitMs`. */
export async function runProgram(
  path: string,
  args: readonly string[],
  cwd: string,
  limitMs: number,
): Promise<Finished> {
  const { command, user } = asOtherUser([path, ...args], cwd);
  const child = spawn(command[0], command.slice(1), {
    ...user,
    cwd,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_CHARACTERS)));
  }
  // 'exit' and not 'close': the server that pg_ctl starts may keep the outputs open.
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, said: said.trim() };
}
