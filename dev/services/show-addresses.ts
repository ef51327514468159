import { localSecrets } from './connections.ts';
import { controlDatabaseName } from './local-settings.ts';
import { localZone } from './local-zone.ts';
import type { Stack } from './open-stack.ts';

/** The short table with which every command of the local stack begins. */
export function showAddresses(
  { ports, otherSettings }: Stack,
  more: readonly (readonly [string, string])[] = [],
): void {
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
  if (otherSettings.length > 0) {
    console.log(
      `⚠ local.settings.json ya existía y lleva a otro lado (${otherSettings.join(', ')}): func start y npm run migrate\n` +
        '  lo usan como está. Si no lo cambió usted, bórrelo: se escribe de nuevo en el próximo arranque.\n',
    );
  }
}
