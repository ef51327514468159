import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const checkMs = 50;

/**
 * Windows has no signals between processes. There a command is told what its console would give it (Ctrl-C, a closed
 * window), and takes it the same way.
 */
const hasSignals = process.platform !== 'win32';
const hearing = hasSignals ? [] : ['--import', import.meta.resolve('./told-signals.ts')];

/** One of the commands of dev/, started as npm would, with its output at hand. `await using` ends it. */
export interface RunningCommand extends AsyncDisposable {
  pid: number;
  /** Every line so far, of both outputs. */
  lines: readonly string[];
  /** Waits until a line matches. Throws with all that was said when the time is over or the command has ended. */
  line(pattern: RegExp, withinMs: number): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Exit code; null when a signal ended it. */
  ended: Promise<number | null>;
}

export function runCommand(
  command: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): RunningCommand {
  const child = spawn(process.execPath, [...hearing, 'dev/run.mjs', command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', hasSignals ? 'ignore' : 'ipc'],
    env: { ...environmentWithoutNpm(), ...environment },
  });
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr])
    if (output) createInterface(output).on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  const kill = (signal: NodeJS.Signals): void => {
    if (hasSignals || signal === 'SIGKILL') child.kill(signal);
    else child.send(signal, () => {}); // it may have ended already
  };
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started.`);
  return {
    pid,
    lines,
    ended,
    kill,
    async line(pattern, withinMs) {
      const giveUp = performance.now() + withinMs;
      for (;;) {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) return found;
        if (performance.now() > giveUp || child.exitCode !== null || child.signalCode !== null)
          throw new Error(`${command} did not say ${String(pattern)}:\n${lines.join('\n')}`);
        await Promise.race([ended, pause(checkMs)]);
      }
    },
    async [Symbol.asyncDispose]() {
      kill('SIGTERM');
      await ended;
    },
  };
}

/** Under npm, a command ends with the npm that started it; here that would be the one of the tests. */
function environmentWithoutNpm(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
}
