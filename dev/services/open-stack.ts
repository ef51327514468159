import { resolve } from 'node:path';
import { QueueServiceClient } from '@azure/storage-queue';
import { sql } from 'kysely';
import { alertQueue, poisonQueue } from '../../src/app.ts';
import { openControlDatabase } from '../../src/adapters/mssql/control-database.ts';
import { migrate } from '../../src/adapters/mssql/migrations/migrate.ts';
import { storageConnection } from './connections.ts';
import { holdServices, type HeldServices } from './hold-services.ts';
import { controlDatabaseName, localSqlConnection, writeMissingLocalSettings } from './local-settings.ts';
import { portsAt, type Ports } from './ports.ts';
import { readOptions, wholeNumber } from './run-command.ts';

export const stackOptions = {
  'port-offset': { type: 'string', default: '0' },
  data: { type: 'string', default: '.local' },
  fresh: { type: 'boolean', default: false },
  settings: { type: 'string', default: 'local.settings.json' },
} as const;

export const stackUsage = `  --port-offset N   add N to every port
  --data FOLDER     where the servers keep their data (default .local)
  --fresh           begin with empty servers: everything in that folder is deleted
  --settings FILE   where the app's settings are written if they are missing (default local.settings.json)`;

export interface Stack extends HeldServices {
  ports: Ports;
  /** Names of the settings in an older file that lead elsewhere. */
  otherSettings: readonly string[];
}

export interface StackOptions {
  ports: Ports;
  dataFolder: string;
  fresh: boolean;
  settingsFile: string;
}

export function readStackOptions(values: ReturnType<typeof readOptions<typeof stackOptions>>): StackOptions {
  const offset = wholeNumber('port-offset', values['port-offset'], 0, 50_000);
  const dataFolder = resolve(values.data, offset === 0 ? 'stack' : `stack-${offset}`);
  return { ports: portsAt(offset), dataFolder, fresh: values.fresh, settingsFile: resolve(values.settings) };
}

/**
 * The services with the control database migrated, the queues made and the app's settings written; nothing of it once
 * the signal has aborted.
 */
export async function openStack(options: StackOptions, signal?: AbortSignal): Promise<Stack> {
  const { ports } = options;
  const services = await holdServices({ ...options, signal });
  if (signal?.aborted) return { ...services, ports, otherSettings: [] };
  try {
    await createDatabases(ports, [controlDatabaseName]);
    await migrate(localSqlConnection(ports, controlDatabaseName));
    const queues = QueueServiceClient.fromConnectionString(storageConnection(ports));
    for (const name of [alertQueue, poisonQueue]) await queues.getQueueClient(name).createIfNotExists();
    const otherSettings = writeMissingLocalSettings(options.settingsFile, ports);
    return { ...services, ports, otherSettings };
  } catch (error) {
    await services.close();
    throw error;
  }
}

export async function createDatabases(ports: Ports, names: readonly string[]): Promise<void> {
  const master = openControlDatabase({ connection: localSqlConnection(ports, 'master') });
  try {
    for (const name of names) {
      await sql`IF DB_ID(${name}) IS NULL CREATE DATABASE ${sql.id(name)}`.execute(master);
    }
  } finally {
    await master.destroy();
  }
}
