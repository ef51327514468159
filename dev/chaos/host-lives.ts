import { setTimeout as sleep } from 'node:timers/promises';
import { untilAborted } from '../services/end-of-command.ts';
import { ExpectedError } from '../services/expected-error.ts';
import { scanNow, startHostProcess, type HostProcess } from '../services/host-process.ts';
import type { Ports } from '../services/ports.ts';

/** The host from one start to its end. */
export interface Life {
  /** From 1. */
  number: number;
  /** Resolves when it can be called, or is over. */
  ready: Promise<void>;
  /** Aborted when it was killed. */
  over: AbortSignal;
  /** Resolves when it is over; rejects when it ended although nobody killed it. */
  ended: Promise<void>;
  /** The fatal alert that killed it. */
  killer(): Killer | null;
  /** Asks for a scan. */
  scan(): Promise<void>;
  kill(by?: Killer): Promise<void>;
}

/** cfg_Cod of the alerts that kill. */
export const killers = ['FATAL1', 'FATAL2'] as const;
export type Killer = (typeof killers)[number];

export interface HostLives extends AsyncDisposable {
  start(): Life;
  /** Kills whatever life there is. */
  killNow(by: Killer): Promise<void>;
}

export interface HostLivesOptions {
  ports: Ports;
  app: string;
  settings: Record<string, string>;
  /** An open file for what it says. */
  output: number;
}

/** Starts the host, again and again, one at a time. */
export function hostLives({ ports, app, settings, output }: HostLivesOptions): HostLives {
  let last: Life | null = null;
  return {
    start: () =>
      (last = lifeOf(startHostProcess(ports, { app, settings, output }), (last?.number ?? 0) + 1, ports)),
    killNow: async (by) => await last?.kill(by),
    [Symbol.asyncDispose]: async () => await last?.kill(),
  };
}

function lifeOf(host: HostProcess, number: number, ports: Ports): Life {
  const over = new AbortController();
  const { signal } = over;
  let killer: Killer | null = null;
  const died = host.ended.then((code) => {
    if (!signal.aborted) throw new ExpectedError(`The host ended although nobody killed it (code ${code}).`);
  });
  return {
    number,
    ready: host.ready.catch(unless(signal)),
    over: signal,
    ended: Promise.race([untilAborted(signal), died]),
    killer: () => killer,
    scan: () => scanNow(ports).catch(unless(signal)),
    kill: async (by) => {
      if (!signal.aborted) killer = by ?? null;
      over.abort();
      await host.kill();
    },
  };
}

/** What fails because the host is no more is no fault. */
function unless(over: AbortSignal): (cause: unknown) => void {
  return (cause) => {
    if (!over.aborted) throw cause;
  };
}

/** More often than each minute, so that what a killed process left is found soon. */
const scanEveryMs = 1_200;

/** Scans until the life is over. */
export async function keepScanning(life: Life): Promise<void> {
  await life.ready;
  while (!life.over.aborted) {
    await life.scan();
    await sleep(scanEveryMs, undefined, { signal: life.over }).catch(() => undefined);
  }
}
