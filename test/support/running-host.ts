import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A host of an app, such as the samples in test/support/host-apps, as a process of its own. `await using` stops it. */
export interface TestHost extends AsyncDisposable {
  readonly address: string;
  /** Every line so far, of both outputs. */
  readonly lines: readonly string[];
  readonly pid: number;
  /** Ends when a line holds the text. */
  said(text: string): Promise<void>;
  /** Sends the order to stop, waits for the end and gives the exit code; -1 when a signal ended it. */
  stop(order: 'SIGTERM' | 'SIGINT' | 'SIGKILL' | 'close-stdin'): Promise<number>;
}

export interface HostRun {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const HOST = fileURLToPath(new URL('../../dev/host.ts', import.meta.url));
const APPS = fileURLToPath(new URL('./host-apps/', import.meta.url));

/** Starts the host on a free port, with a sample app, and waits until it takes requests. */
export function startTestHost(app: string, run: HostRun = {}): Promise<TestHost> {
  return startHostOf(`${APPS}${app}`, run);
}

/** The same with the app in that folder. */
export async function startHostOf(folder: string, run: HostRun = {}): Promise<TestHost> {
  const host = spawnHost(folder, run);
  const started = await host.line('Host started on http://localhost:');
  return { ...host, address: `http://127.0.0.1:${started.split(':').at(-1) ?? ''}` };
}

/** Starts a host that is not going to come up; gives what it said and its exit code. */
export async function failingHost(
  app: string,
  run: HostRun = {},
): Promise<{ lines: readonly string[]; code: number }> {
  const host = spawnHost(`${APPS}${app}`, run);
  return { code: await host.ended, lines: host.lines };
}

function spawnHost(folder: string, { args = [], environment = {} }: HostRun) {
  const child = spawn(
    process.execPath,
    [HOST, '--app', folder, '--port', '0', '--stop-with-parent', ...args],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], ...environment },
    },
  );
  const lines: string[] = [];
  const heard = new Set<() => void>();
  for (const output of [child.stdout, child.stderr]) {
    createInterface(output).on('line', (line) => {
      lines.push(line);
      for (const listener of heard) listener();
    });
  }
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : -1));
  const line = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find((each) => each.includes(text));
        if (found === undefined) return;
        heard.delete(look);
        resolve(found);
      };
      heard.add(look);
      look();
      void ended.then((code) =>
        reject(new Error(`The host ended (${code}) before it said "${text}":\n${lines.join('\n')}`)),
      );
    });
  const stop: TestHost['stop'] = async (order) => {
    if (order === 'close-stdin') child.stdin.end();
    else child.kill(order);
    return ended;
  };
  return {
    lines,
    line,
    ended,
    stop,
    pid: child.pid ?? 0,
    said: async (text: string) => void (await line(text)),
    [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')),
  };
}
