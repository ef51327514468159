import { rm } from 'node:fs/promises';
import { mkdtempSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { holdServices } from '../../dev/services/hold-services.ts';
import { portsAt, type Ports } from '../../dev/services/ports.ts';
import { freeOffset } from '../../dev/services/free-offset.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    ports: Ports;
  }
}

/** Starts the local servers once for a project's tests, on free ports and an empty folder. They end with this process. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'vigia-test-'));
  chmodSync(dataFolder, 0o755); // under root, PostgreSQL runs as another user
  const ports = portsAt(await freeOffset());
  const services = await holdServices({ ports, dataFolder });
  project.provide('ports', ports);
  return async () => {
    await services.close();
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 10 });
  };
}
