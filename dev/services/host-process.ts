import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ExpectedError } from './expected-error.ts';
import { localSettings } from './local-settings.ts';
import type { Ports } from './ports.ts';

const stopLimitMs = 6_000;
const startLimitMs = 30_000;

export interface HostProcess {
  pid: number;
  /** When it can be called. Rejects when it ends before, or takes too long. */
  ready: Promise<void>;
  /** The exit code, when it ends by itself. */
  ended: Promise<number>;
  close(): Promise<void>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface HostProcessOptions {
  /** Beside those of the local stack. */
  settings?: Record<string, string>;
  /** An open file takes what it says and its errors. */
  output?: 'inherit' | 'ignore' | number;
  /** Where the built app is. */
  app?: string;
}

/**
 * The local Functions host with a built app, that of this folder unless told. Its lines go to this terminal, for which it
 * stays with it: Windows would give a detached process no way to write there. It ends with this process, be it by kill -9.
 */
export function startHostProcess(
  ports: Ports,
  { settings = {}, output = 'inherit', app = process.cwd() }: HostProcessOptions = {},
): HostProcess {
  const host = spawn(
    process.execPath,
    [
      fileURLToPath(import.meta.resolve('../host.ts')),
      ...['--app', app, '--port', String(ports.host), '--stop-with-parent', '--quiet'],
    ],
    {
      stdio: ['pipe', output, typeof output === 'number' ? output : 'inherit'],
      env: { ...process.env, ...localSettings(ports), ...settings },
    },
  );
  host.stdin?.on('error', () => {}); // it may have ended already
  const ended = once(host, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
  const closing = new AbortController();
  const close = async () => {
    closing.abort();
    host.stdin?.end();
    const patience = setTimeout(() => host.kill('SIGKILL'), stopLimitMs);
    await ended;
    clearTimeout(patience);
  };
  const kill = async () => {
    closing.abort();
    host.kill('SIGKILL');
    await ended;
  };
  const { pid = 0 } = host;
  return { pid, ready: readiness(ports, ended, closing), ended, close, kill };
}

async function readiness(ports: Ports, ended: Promise<number>, closing: AbortController): Promise<void> {
  const limit = AbortSignal.any([closing.signal, AbortSignal.timeout(startLimitMs)]);
  const isReady = answers(`http://127.0.0.1:${ports.host}/admin/host/status`, limit);
  const result = await Promise.race([isReady, ended]);
  if (result === true || closing.signal.aborted) return;
  closing.abort();
  throw new ExpectedError(
    result === false
      ? `The Functions host did not answer within ${startLimitMs / 1000} s.`
      : `The Functions host ended at its start (code ${result}).`,
  );
}

/** A scan now instead of at the next full minute, as an operator would ask for one. */
export async function scanNow(ports: Ports): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${ports.host}/admin/functions/scan-due-alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"input": ""}',
  });
  if (answer.status !== 202) throw new Error(`The host answered ${answer.status} to a scan by hand.`);
}

async function answers(url: string, limit: AbortSignal): Promise<boolean> {
  while (!limit.aborted) {
    const answer = await fetch(url, { signal: limit }).catch(() => undefined); // not listening yet
    if (answer?.ok) return true;
    await sleep(50);
  }
  return false;
}
