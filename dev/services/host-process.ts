import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { localSettings } from './local-settings.ts';
import type { Ports } from './ports.ts';

const stopLimitMs = 6_000;
const startLimitMs = 30_000;

export interface HostProcess {
  /** The exit code, when it ends by itself. */
  ended: Promise<number>;
  close(): Promise<void>;
}

/** The local Functions host with the built app of this folder, ready to be called. Its lines go to this terminal. */
export async function startHostProcess(
  ports: Ports,
  {
    settings = {},
    output = 'inherit',
  }: { settings?: Record<string, string>; output?: 'inherit' | 'ignore' } = {},
): Promise<HostProcess> {
  const host = spawn(
    process.execPath,
    [
      fileURLToPath(import.meta.resolve('../host.ts')),
      ...['--app', process.cwd(), '--port', String(ports.host), '--stop-with-parent', '--quiet'],
    ],
    { stdio: ['pipe', output, 'inherit'], env: { ...process.env, ...localSettings(ports), ...settings } },
  );
  host.stdin.on('error', () => {}); // it may have ended already
  const ended = once(host, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
  const close = async () => {
    host.stdin.end();
    const patience = setTimeout(() => host.kill('SIGKILL'), stopLimitMs);
    await ended;
    clearTimeout(patience);
  };
  const ready = await Promise.race([answers(`http://127.0.0.1:${ports.host}/admin/host/status`), ended]);
  if (ready === true) return { ended, close };
  await close();
  throw new Error(
    ready === false
      ? `The host did not answer within ${startLimitMs / 1000} s.`
      : `The host ended at its start (code ${ready}).`,
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

async function answers(url: string): Promise<boolean> {
  const giveUp = Date.now() + startLimitMs;
  while (Date.now() < giveUp) {
    const answer = await fetch(url).catch(() => undefined); // not listening yet
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
