import { HttpRequest } from '@azure/functions';
import { sql } from 'kysely';
import { createHmac } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { createVigia } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { controlDatabase } from '../../support/control-database.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { aMonitor } from '../http/a-monitor.ts';

const appSecret = '0123456789abcdef0123456789abcdef';

function notified(value: unknown): HttpRequest {
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ changes: [{ field: 'messages', value }] }],
  });
  return new HttpRequest({
    method: 'POST',
    url: 'https://vigia.test/api/callbacks/messages',
    headers: {
      'x-hub-signature-256': `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`,
    },
    body: { string: body },
  });
}

test('news that come too early are given to their delivery by the next scan, and the scan is told to the monitor', async () => {
  await using database = await controlDatabase();
  await using monitor = await aMonitor();
  const lines: string[] = [];
  const config = loadConfig({
    CONTROL_DATABASE: database.connection,
    AzureWebJobsStorage: storageConnection(inject('ports')),
    WHATSAPP_APP_SECRET: appSecret,
    HEARTBEAT_URL: monitor.url,
  });
  const clock = clockAt('2026-03-02T15:49:00Z');
  const app = createVigia(config, { clock, write: (line) => lines.push(line) });
  try {
    const answer = await app.callbacks(notified({ statuses: [{ id: 'wamid.1', status: 'read' }] }));
    expect(answer).toMatchObject({ status: 200 });
    await sql`
      INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Cod, msg_Destino, msg_Estado, msg_Wamid)
      VALUES (1, 'P1', '+5491155551111', 'ENVIADO', 'wamid.1')`.execute(database.db);
    await app.scanDueAlerts();
    const stored = await database.db.selectFrom('CT_Alertas_Mensajes').select('msg_Estado').execute();
    expect(stored).toEqual([{ msg_Estado: 'LEIDO' }]);
    await expect.poll(() => monitor.answered, { timeout: 10_000 }).toBe(1);
  } finally {
    await app.close();
  }
  expect(lines.join('')).not.toContain('una-clave');
});

test('what is refused needs no database, and a database that is away is told to the gateway', async () => {
  const config = loadConfig({
    CONTROL_DATABASE: 'Server=127.0.0.1,1;Database=x;User Id=x;Password=una-clave-larga',
    AzureWebJobsStorage: storageConnection(inject('ports')),
    WHATSAPP_APP_SECRET: appSecret,
  });
  const app = createVigia(config, { clock: clockAt('2026-03-02T15:49:00Z'), write: () => undefined });
  try {
    const unsigned = new HttpRequest({ method: 'POST', url: 'https://vigia.test/x', body: { string: '{}' } });
    expect(await app.callbacks(unsigned)).toMatchObject({ status: 503 });
    const signed = await app.callbacks(notified({ statuses: [{ id: 'wamid.1', status: 'read' }] }));
    expect(signed.status).toBe(503);
    expect(Buffer.isBuffer(signed.body) && signed.body.toString()).toContain('callback_not_stored');
  } finally {
    await app.close();
  }
});
