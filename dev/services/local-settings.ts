import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
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
    CALLBACK_SECRET: localSecrets.callbackSecret,
    WHATSAPP_APP_SECRET: localSecrets.whatsappAppSecret,
    WHATSAPP_VERIFY_TOKEN: localSecrets.whatsappVerifyToken,
    LOG_FORMAT: 'text',
  };
}

export function localSqlConnection(ports: Pick<Ports, 'sqlServer'>, database: string): string {
  return sqlConnection(`127.0.0.1,${ports.sqlServer}`, database, 'sa', localSecrets.saPassword);
}

/**
 * For `func start` and `npm run migrate`: written when missing, never touched when there. Gives the names of the settings
 * in it that lead elsewhere than to these servers.
 */
export function writeMissingLocalSettings(file: string, ports: Ports): string[] {
  const values = localSettings(ports);
  if (!existsSync(file)) {
    const settings = { IsEncrypted: false, Values: values };
    writeFileSync(file, `${JSON.stringify(settings, undefined, 2)}\n`, { flag: 'wx' });
    return [];
  }
  const kept = settingsFile.safeParse(jsonOf(readFileSync(file, 'utf8'))).data?.Values ?? {};
  return Object.keys(values).filter((name) => kept[name] !== values[name]);
}

const settingsFile = z.object({ Values: z.record(z.string(), z.unknown()) });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
