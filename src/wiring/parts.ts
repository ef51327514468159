import type { Kysely } from 'kysely';
import type { ControlSchema } from '../adapters/mssql/schema.ts';
import type { DispatchQueue } from '../adapters/storage-queue/dispatch-queue.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Telemetry } from '../core/telemetry.ts';
import type { Fault } from '../domain/fault.ts';

/** What every part of the program is built from. */
export interface Parts {
  config: Config;
  clock: Clock;
  log: Logger;
  telemetry: Telemetry;
  db: Kysely<ControlSchema>;
  queue: DispatchQueue;
  storeFaults: (faults: readonly Fault[]) => Promise<void>;
  /** Strikes every known secret out of a text from outside. */
  strike: (text: string) => Promise<string>;
  getSecret: (name: string) => string | undefined;
}
