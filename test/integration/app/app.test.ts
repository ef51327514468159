import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { migrate } from '../../../src/adapters/mssql/migrations/migrate.ts';
import { createVigia } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { sqlConnectionOf } from '../../../src/core/sql-connection.ts';
import { nudge } from '../../../src/domain/nudge.ts';
import { controlDatabase, emptyDatabase } from '../../support/control-database.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { aMailServer } from '../poison/a-mail-server.ts';

function appOn(connection: string, environment: Record<string, string> = {}) {
  const config = loadConfig({
    CONTROL_DATABASE: connection,
    AzureWebJobsStorage: storageConnection(inject('ports')),
    ...environment,
  });
  const lines: string[] = [];
  const app = createVigia(config, {
    clock: clockAt('2026-03-02T15:49:00Z'),
    write: (line) => lines.push(line),
  });
  return { ...app, lines, [Symbol.asyncDispose]: app.close };
}

test('the program refuses a control database that is not migrated, and works as soon as it is', async () => {
  await using database = await emptyDatabase();
  await using app = appOn(database.connection);
  await expect(app.scanDueAlerts()).rejects.toThrow(/npm run migrate/);
  await expect(app.dispatchAlert({ executionId: 1 })).rejects.toThrow(/npm run migrate/);
  await migrate(database.connection);
  expect(await app.scanDueAlerts()).toMatchObject({ candidates: 0, failures: [] });
  expect(await app.dispatchAlert({ executionId: 1 })).toMatchObject({ kind: 'ignored', because: 'unknown' });
  expect(app.lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 'warn', event: 'config.lacking', setting: 'SMTP_SERVER', part: 'mail', why: 'missing' },
    { time: '2026-03-02T15:49:00Z', level: 'info', event: 'scan.finished', candidates: 0 },
    { event: 'message.ignored', executionId: 1, because: 'unknown' },
  ]);
});

test('a secret of ours in a foreign message is not kept', async () => {
  await using database = await controlDatabase();
  const { authentication } = sqlConnectionOf(database.connection);
  const password = authentication?.type === 'default' ? (authentication.options.password ?? '') : '';
  await using app = appOn(database.connection, {
    SMTP_SERVER: '127.0.0.1',
    SMTP_PORT: '1',
    SMTP_USER: 'vigia@example.com',
    SMTP_PASSWORD: 'clave-del-correo',
  });
  await app.dispatchAlert({ pedido: `Password=${password}` });
  await app.reportPoison(`la clave-del-correo y ${storageConnection(inject('ports'))}`);
  const { rows } = await sql<{ body: string }>`
    SELECT fal_Cuerpo AS body FROM CT_Scheduler_Fallas ORDER BY fal_id`.execute(database.db);
  expect(rows).toEqual([
    { body: '{"pedido":"Password=•••"}' },
    { body: expect.stringMatching(/^la ••• y .*AccountKey=•••;/) },
  ]);
});

test('the program in record mode refuses a database that another system works on', async () => {
  await using database = await controlDatabase();
  await sql`INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha) VALUES ('000001', '2026-03-01')`.execute(
    database.db,
  );
  await using app = appOn(database.connection, { DELIVERY_MODE: 'record' });
  await expect(app.scanDueAlerts()).rejects.toThrow(/DELIVERY_MODE is record/);
  await using other = appOn(database.connection);
  expect(await other.scanDueAlerts()).toMatchObject({ failures: [] });
});

test('a program whose mail waits for the Key Vault works, and what it could not mail is mailed when it has the secret', async () => {
  await using database = await controlDatabase();
  await sql`INSERT INTO CT_Alertas_Admin_Emails (adm_Email) VALUES ('ana@example.com')`.execute(database.db);
  await using server = await aMailServer();
  const mail = { SMTP_SERVER: '127.0.0.1', SMTP_PORT: String(server.port) };
  const unmailed = async () => {
    const { rows } = await sql`SELECT fal_id FROM CT_Scheduler_Fallas WHERE fal_Informada IS NULL`.execute(
      database.db,
    );
    return rows.length;
  };

  await using waiting = appOn(database.connection, {
    ...mail,
    SMTP_FROM: '@Microsoft.KeyVault(SecretUri=https://kv-vigia.vault.azure.net/secrets/SMTP-FROM)',
  });
  expect(await waiting.scanDueAlerts()).toMatchObject({ failures: [] });
  await waiting.reportPoison('un mensaje ajeno');
  expect([await unmailed(), server.mails.length]).toEqual([1, 0]);
  expect(waiting.lines.join('')).toContain('"setting":"SMTP_FROM","part":"mail","why":"unresolved"');

  await using mended = appOn(database.connection, { ...mail, SMTP_FROM: 'vigia@example.com' });
  await mended.reportPoison(nudge);
  expect([await unmailed(), server.mails.length]).toEqual([0, 1]);
});
