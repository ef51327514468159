import { localSecrets } from './connections.ts';
import { controlDatabaseName } from './local-settings.ts';
import { localZone } from './local-zone.ts';
import type { Ports } from './ports.ts';

/** The short table with which every command of the local stack begins. */
export function showAddresses(ports: Ports, more: readonly (readonly [string, string])[] = []): void {
  const rows = [
    ['Webhooks recibidos', `http://127.0.0.1:${ports.webhooks}/   (JSON: /requests)`],
    ['Correos recibidos', `http://127.0.0.1:${ports.mails}/   (JSON: /mails)`],
    ...more,
    [
      'SQL Server',
      `127.0.0.1,${ports.sqlServer}   base ${controlDatabaseName}, usuario sa, clave ${localSecrets.saPassword}`,
    ],
    ['Azurite', `blobs ${ports.blob}, colas ${ports.queue}, tablas ${ports.table}`],
    ['Horas', `de ${localZone}`],
  ] as const;
  const width = Math.max(...rows.map(([name]) => name.length));
  console.log(['', ...rows.map(([name, address]) => `  ${name.padEnd(width)}  ${address}`), ''].join('\n'));
}
