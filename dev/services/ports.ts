import { createServer } from 'node:net';
import { z } from 'zod';
import { ExpectedError } from './expected-error.ts';

/** Where the local stack listens on 127.0.0.1. `--port-offset N` adds N to each. */
const basePorts = {
  host: 7071,
  mails: 8025,
  webhooks: 8026,
  smtp: 1025,
  blob: 10000,
  queue: 10001,
  table: 10002,
  sqlServer: 14330,
  sqlServerFaults: 14331,
  postgres: 14332,
} as const;

type PortName = keyof typeof basePorts;
export type Ports = Readonly<Record<PortName, number>>;
const portNames = Object.keys(basePorts) as PortName[];
export const portsSchema = z.record(z.enum(portNames), z.int().min(1).max(65_535));

export function portsAt(offset: number): Ports {
  const entries = Object.entries(basePorts).map(([name, port]) => [name, port + offset]);
  return portsSchema.parse(Object.fromEntries(entries));
}

/** Throws a sentence naming every busy port and what to do about it. */
export async function requireFreePorts(ports: Partial<Ports>): Promise<void> {
  const busy: string[] = [];
  for (const [name, port] of Object.entries(ports)) if (!(await isFree(port))) busy.push(`${port} (${name})`);
  if (busy.length === 0) return;
  const [noun, verb] = busy.length === 1 ? ['Port', 'is'] : ['Ports', 'are'];
  throw new ExpectedError(
    `${noun} ${busy.join(', ')} on 127.0.0.1 ${verb} in use. Stop what listens there, or move the whole local stack ` +
      'with --port-offset N (for example --port-offset 100).',
  );
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
