import { existsSync, writeFileSync } from 'node:fs';
import { localSecrets, sqlConnection, storageConnection } from './connections.ts';
import type { Ports } from './ports.ts';

export const controlDatabaseName = 'Vigia';

/** The settings with which the app runs on the local stack. */
export function localSettings(ports: Ports): Record<string, string> {
  return {
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AzureWebJobsStorage: storageConnection(ports),
    CONTROL_DATABASE: localSqlConnection(ports, controlDatabaseName),
    SMTP_SERVER: '127.0.0.1',
    SMTP_PORT: String(ports.smtp),
    SMTP_FROM: 'vigia@localhost.localdomain',
    WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${ports.webhooks}`,
    LOG_FORMAT: 'text',
  };
}

export function localSqlConnection(ports: Pick<Ports, 'sqlServer'>, database: string): string {
  return sqlConnection(`127.0.0.1,${ports.sqlServer}`, database, 'sa', localSecrets.saPassword);
}

/** For `func start` and the local host: written when missing, never touched when there. */
export function writeMissingLocalSettings(file: string, ports: Ports): boolean {
  if (existsSync(file)) return false;
  const settings = { IsEncrypted: false, Values: localSettings(ports) };
  writeFileSync(file, `${JSON.stringify(settings, undefined, 2)}\n`, { flag: 'wx' });
  return true;
}
