import { rm } from 'node:fs/promises';
import { mkdtempSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { holdServices } from '../../dev/services/hold-services.ts';
import { portsAt, requireFreePorts, type Ports } from '../../dev/services/ports.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    ports: Ports;
  }
}

/** Starts the local servers once for a project's tests, on free ports and an empty folder. They end with this process. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'vigia-test-'));
  chmodSync(dataFolder, 0o755); // under root, PostgreSQL runs as another user
  const ports = await findFreePorts();
  const services = await holdServices({ ports, dataFolder });
  project.provide('ports', ports);
  return async () => {
    await services.close();
    await rm(dataFolder, { recursive: true, force: true });
  };
}

/** Below the range from which the system takes the ports of outgoing connections. */
async function findFreePorts(): Promise<Ports> {
  for (let tries = 0; ; tries++) {
    const ports = portsAt(15_000 + Math.floor(Math.random() * 3_000));
    try {
      await requireFreePorts(ports);
      return ports;
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}
