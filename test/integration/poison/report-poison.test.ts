import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sendMail } from '../../../src/adapters/mail/send-mail.ts';
import { gatherIncidents } from '../../../src/adapters/mssql/gather-incidents.ts';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import { readIncidents } from '../../../src/adapters/mssql/read-incidents.ts';
import { readReport } from '../../../src/adapters/mssql/read-report.ts';
import { recordMail } from '../../../src/adapters/mssql/record-mail.ts';
import { takeIncident } from '../../../src/adapters/mssql/take-incident.ts';
import type { Fault } from '../../../src/domain/fault.ts';
import { nudge } from '../../../src/domain/nudge.ts';
import { reportPoison } from '../../../src/poison/report-poison.ts';
import { controlDatabase, type TestDatabase } from '../../support/control-database.ts';
import { freePort } from '../../support/free-port.ts';
import { keptLog } from '../../support/kept-log.ts';
import { clockAt, type MovedClock } from '../../support/moved-clock.ts';
import { aMailServer } from './a-mail-server.ts';

const start = '2026-03-02T12:00:00Z';

/** A mailer of one process: several of them share a database. */
function mailerOn(smtpPort: number, clock: MovedClock) {
  const { db } = database;
  const log = keptLog();
  const report = reportPoison({
    clock,
    log,
    storeFault: (fault) => insertFaults(db, [fault]),
    gatherIncidents: gatherIncidents(db),
    readIncidents: readIncidents(db),
    takeIncident: takeIncident(db),
    readReport: readReport(db),
    sendMail: sendMail({
      server: '127.0.0.1',
      port: smtpPort,
      secure: false,
      login: null,
      from: 'vigia@example.com',
    }),
    recordMail: recordMail(db),
    zone: 'America/Argentina/Buenos_Aires',
  });
  return { report, log };
}

function eventsOf({ events }: ReturnType<typeof keptLog>): readonly string[] {
  return events.map(({ event }) => event);
}

let database: TestDatabase;

beforeAll(async () => {
  database = await controlDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** Two companies with an alert each, and three administrators: of all, of the first company, and a former one. */
beforeEach(async () => {
  const used = ['Scheduler_Fallas', 'Scheduler_Averias', 'Scheduler_Alertas', 'Alertas_Mensajes'];
  const filled = ['Empresas', 'Alertas_Config', 'Alertas_Admin_Emails'];
  for (const table of [...used, ...filled])
    await sql`DELETE FROM ${sql.table(`CT_${table}`)}`.execute(database.db);
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Nombre) VALUES ('E001', 'Farmacia Norte'), ('E002', 'Ferretería Sur');
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfg_Nombre, cfgemp_Cod)
    VALUES ('000001', 'Facturas impagas', 'E001'), ('000002', 'Stock mínimo', 'E002');
    INSERT INTO CT_Alertas_Admin_Emails (adm_Email, adm_Nombre, adm_Activo, admemp_Cod)
    VALUES ('todo@example.com', 'Ada', 1, NULL), ('norte@example.com', 'Noé', 1, 'E001'),
      ('antes@example.com', 'Eva', 0, NULL);`.execute(database.db);
});

function aFault(at: string, given: Partial<Fault> = {}): Fault {
  const fault = {
    reason: 'empresa_no_disponible',
    detail: 'No responde.',
    alert: '000001',
    tenant: 'E001',
  } as const;
  return { ...fault, at: Temporal.Instant.from(`2026-03-02T${at}Z`), ...given };
}

/** An execution of the alert, prepared at that time of the day, in that state. */
async function anExecution(alert: string, prepared: string, state: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_Estado, sch_Preparada, sch_Ocurrencia)
    OUTPUT inserted.sch_id AS id
    VALUES (${alert}, '2026-03-02', ${state}, CAST(${`2026-03-02T${prepared}`} AS DATETIME2(3)),
      CAST('2026-03-02T09:00:00-03:00' AS DATETIMEOFFSET(0)))`.execute(database.db);
  return rows[0]?.id ?? 0;
}

describe('faults', () => {
  test('are mailed to those whom the company concerns, and marked as reported', async () => {
    await using server = await aMailServer();
    const id = await anExecution('000001', '12:00:00', 'PARCIAL');
    await sql`
      INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Cod, msgper_Nombre, msg_Destino, msg_Estado, msg_Error)
      VALUES (${id}, 'P1', 'Juan Pérez', 'a', 'ENVIADO', NULL),
        (${id}, 'P2', 'Ana <Gómez>', 'b', 'RECHAZADO', 'webhook_rechazo: El webhook respondió 410.')`.execute(
      database.db,
    );
    await insertFaults(database.db, [
      aFault('12:00:00', { reason: 'entregas_fallidas', executionId: id, detail: '1 de 2.' }),
      aFault('12:00:00', { alert: '000002', tenant: 'E002', detail: 'La base no responde.' }),
    ]);
    const { report } = mailerOn(server.port, clockAt(start));
    await report(nudge);

    const [first, second] = server.mails.toSorted((a, b) => (a.subject ?? '').localeCompare(b.subject ?? ''));
    expect(first).toMatchObject({
      subject: '[Vigía] Farmacia Norte: entregas fallidas',
      recipients: ['todo@example.com', 'norte@example.com'],
      from: { address: 'vigia@example.com' },
    });
    expect(first?.text).toContain('000001 Facturas impagas — 02/03/2026 09:00:00');
    expect(first?.text).toContain('1 de 2 entregados, 1 sin entregar.');
    expect(first?.html).toContain('Ana &lt;Gómez&gt; (el webhook respondió 410)');
    expect(second).toMatchObject({
      subject: '[Vigía] Ferretería Sur: la base de la empresa no responde',
      recipients: ['todo@example.com'],
    });
    const { rows } = await sql`SELECT fal_id FROM CT_Scheduler_Fallas WHERE fal_Informada IS NULL`.execute(
      database.db,
    );
    expect(rows).toEqual([]);
  });

  test('ten thousand of them are one mail', async () => {
    await using server = await aMailServer();
    await insertFaults(
      database.db,
      Array.from({ length: 10_000 }, () => aFault('12:00:00')),
    );
    const { report } = mailerOn(server.port, clockAt(start));
    await Promise.all(Array.from({ length: 100 }, () => report(nudge)));
    expect(server.mails.map(({ subject }) => subject)).toEqual([
      '[Vigía] Farmacia Norte: la base de la empresa no responde',
    ]);
    expect(server.mails[0]?.text).toContain('Fallas en total: 10000. En este correo: 10000.');
    expect(server.mails[0]?.text).toContain('… y 9950 más');
  });

  test('are mailed once by two mailers at once', async () => {
    await using server = await aMailServer();
    const clock = clockAt(start);
    const mailers = [1, 2, 3].map(() => mailerOn(server.port, clock));
    const causes = ['sin_webhook', 'sin_plantilla', 'empresa_login', 'consulta_error'] as const;
    await insertFaults(
      database.db,
      causes.map((reason) => aFault('12:00:00', { reason })),
    );
    await Promise.all(mailers.map(({ report }) => report(nudge)));
    expect(new Set(server.mails.map(({ subject }) => subject)).size).toBe(causes.length);
    expect(server.mails).toHaveLength(causes.length);
    expect(mailers.flatMap(({ log }) => eventsOf(log))).toEqual(causes.map(() => 'mail.sent'));
  });

  test('that come while their incident is being mailed about are for a mail of their own', async () => {
    await using server = await aMailServer();
    const { db } = database;
    const clock = clockAt(start);
    await insertFaults(db, [aFault('12:00:00')]);
    await gatherIncidents(db)(clock.now());
    const [incident] = await readIncidents(db)(clock.now());
    if (incident === undefined) throw new Error('no incident');
    expect(await takeIncident(db)(incident, clock.now(), clock.now().add({ minutes: 5 }))).toBe(true);
    const { lastFault } = await readReport(db)(incident);
    await insertFaults(db, [aFault('12:00:00', { detail: 'Otra.' })]);
    await gatherIncidents(db)(clock.now());
    // Ids are given out before a transaction commits: what commits later may have a smaller one.
    await recordMail(db)({
      incident: incident.id,
      at: clock.now(),
      upToFault: String(Number(lastFault) + 1),
      closes: false,
    });
    await clock.moveBy({ minutes: 15 });
    await mailerOn(server.port, clock).report(nudge);
    expect(server.mails.map(({ text }) => /Otra/.test(text ?? ''))).toEqual([true]);
  });

  test('wait for the mail server, and are mailed when it is back', async () => {
    const port = await freePort();
    const clock = clockAt(start);
    await insertFaults(database.db, [aFault('12:00:00')]);
    const { report, log } = mailerOn(port, clock);
    await report(nudge);
    expect(eventsOf(log)).toEqual(['mail.failed']);

    await using server = await aMailServer();
    const later = mailerOn(server.port, clock);
    await clock.moveBy({ minutes: 4 });
    await later.report(nudge);
    expect(server.mails).toEqual([]);
    await clock.moveBy({ minutes: 1 });
    await later.report(nudge);
    expect(server.mails).toHaveLength(1);
  });

  test('reach the other administrators when the mail server refuses one or an address is none, which is told', async () => {
    await using server = await aMailServer({ refused: ['norte@example.com'] });
    await sql`INSERT INTO CT_Alertas_Admin_Emails (adm_Email) VALUES ('a@example.com, b@example.com'), (' C@Example.com')`.execute(
      database.db,
    );
    await insertFaults(database.db, [aFault('12:00:00')]);
    const { report, log } = mailerOn(server.port, clockAt(start));
    await report(nudge);
    expect(server.mails.map(({ recipients }) => recipients)).toEqual([['todo@example.com', 'C@example.com']]);
    expect(log.events).toContainEqual({
      event: 'mail.refused',
      fields: { incident: expect.any(Number), addresses: 'norte@example.com, a@example.com, b@example.com' },
    });
  });

  test('of a foreign message are mailed with its body', async () => {
    await using server = await aMailServer();
    const { report } = mailerOn(server.port, clockAt(start));
    await report({ pedido: 'x\r\nBcc: y' });
    expect(server.mails).toMatchObject([
      { subject: '[Vigía] mensaje ajeno en la cola', recipients: ['todo@example.com'] },
    ]);
    expect(server.mails[0]?.text).toContain('Contenido: {"pedido":"x\\r\\nBcc: y"}');
  });

  test('with more text than fits are cut, and so are their bodies', async () => {
    await insertFaults(database.db, [
      aFault('12:00:00', { detail: 'ñ'.repeat(3000), body: 'x'.repeat(5000) }),
    ]);
    const { rows } =
      await sql`SELECT LEN(fal_Detalle) AS detail, CAST(LEN(fal_Cuerpo) AS INT) AS body FROM CT_Scheduler_Fallas`.execute(
        database.db,
      );
    expect(rows).toEqual([{ detail: 2000, body: 4000 }]);
  });
});

describe('an incident', () => {
  test('is mailed at its opening, in digests, and at its end an hour after the last fault', async () => {
    await using server = await aMailServer();
    const clock = clockAt(start);
    const { report } = mailerOn(server.port, clock);
    const faults: Record<number, string> = { 0: '12:00:00', 5: '12:05:00', 20: '12:20:00', 70: '13:10:00' };
    const sent: Record<number, string> = {};
    for (let minute = 0; minute <= 140; minute++) {
      const at = faults[minute];
      if (at !== undefined) await insertFaults(database.db, [aFault(at)]);
      await report(nudge);
      const mail = server.mails.shift();
      if (mail) sent[minute] = mail.subject ?? '';
      await clock.moveBy({ minutes: 1 });
    }
    const cause = 'Farmacia Norte: la base de la empresa no responde';
    expect(sent).toEqual({
      0: `[Vigía] ${cause}`,
      15: `[Vigía] Sigue (1 falla nueva): ${cause}`,
      60: `[Vigía] Sigue (1 falla nueva): ${cause}`,
      130: `[Vigía] Terminó: ${cause}`,
    });
  });

  test('of one alert ends when that alert goes out', async () => {
    await using server = await aMailServer();
    const clock = clockAt('2026-03-02T12:02:00Z');
    const { report } = mailerOn(server.port, clock);
    await insertFaults(database.db, [aFault('12:01:00', { reason: 'sin_webhook' })]);
    await anExecution('000001', '12:00:00', 'ENVIADA');
    await report(nudge);
    await anExecution('000002', '12:02:00', 'ENVIADA');
    await anExecution('000001', '12:02:00', 'PARCIAL');
    await report(nudge);
    expect(server.mails).toHaveLength(1);
    await anExecution('000001', '12:02:00', 'ENVIADA');
    await report(nudge);
    expect(server.mails.map(({ subject }) => subject)).toEqual([
      '[Vigía] Farmacia Norte: falta el webhook',
      '[Vigía] Terminó: Farmacia Norte: falta el webhook',
    ]);
    expect(server.mails[1]?.text).toContain('Lo que fallaba volvió a funcionar.');
  });

  test('of a whole company ends when any of its alerts gets its rows', async () => {
    await using server = await aMailServer();
    const { report } = mailerOn(server.port, clockAt(start));
    await sql`INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod) VALUES ('000003', 'E001')`.execute(
      database.db,
    );
    await insertFaults(database.db, [aFault('12:00:00')]);
    await report(nudge);
    await anExecution('000003', '12:01:00', 'EN_PROCESO');
    await report(nudge);
    expect(server.mails.map(({ subject }) => subject)).toContain(
      '[Vigía] Terminó: Farmacia Norte: la base de la empresa no responde',
    );
  });

  test('that comes back within an hour of its end is not opened anew, and ends only after a quiet hour', async () => {
    await using server = await aMailServer();
    const clock = clockAt(start);
    const { report } = mailerOn(server.port, clock);
    for (let turn = 0; turn < 20; turn++) {
      const minute = String(turn * 2).padStart(2, '0');
      await insertFaults(database.db, [aFault(`12:${minute}:00`, { reason: 'consulta_error' })]);
      await report(nudge);
      await anExecution('000001', `12:${minute}:30`, 'ENVIADA');
      await clock.moveBy({ minutes: 1 });
      await report(nudge);
      await clock.moveBy({ minutes: 1 });
    }
    await clock.moveTo('2026-03-02T13:38:00Z');
    await report(nudge);
    expect(server.mails.map(({ subject }) => subject?.replace(/ Farmacia Norte.*/, ''))).toEqual([
      '[Vigía]',
      '[Vigía] Terminó:',
      '[Vigía] Sigue (8 fallas nuevas):',
      '[Vigía] Terminó:',
    ]);
  });

  test('that comes back is mailed about a quarter of an hour later, however old it is', async () => {
    await using server = await aMailServer();
    const clock = clockAt('2026-03-02T16:00:00Z');
    const { report } = mailerOn(server.port, clock);
    await insertFaults(database.db, [aFault('10:00:00'), aFault('15:59:00')]);
    await report(nudge);
    await anExecution('000001', '16:00:00', 'ENVIADA');
    await report(nudge);
    await clock.moveTo('2026-03-02T16:10:00Z');
    await insertFaults(database.db, [aFault('16:10:00')]);
    await report(nudge);
    expect(server.mails).toHaveLength(2);
    await clock.moveBy({ minutes: 15 });
    await report(nudge);
    expect(server.mails[2]).toMatchObject({
      subject: '[Vigía] Sigue (1 falla nueva): Farmacia Norte: la base de la empresa no responde',
      text: expect.stringContaining('Desde: 02/03/2026 13:10:00.'),
    });
  });

  test('that begins more than an hour after the end of the last is a new one', async () => {
    await using server = await aMailServer();
    const clock = clockAt(start);
    const { report } = mailerOn(server.port, clock);
    await insertFaults(database.db, [aFault('12:00:00')]);
    await report(nudge);
    await clock.moveBy({ hours: 1 });
    await report(nudge);
    await clock.moveBy({ hours: 1 });
    await insertFaults(database.db, [aFault('14:00:00')]);
    await report(nudge);
    const { rows } =
      await sql`SELECT ave_Fallas, ave_Avisos, ave_Reaperturas FROM CT_Scheduler_Averias ORDER BY ave_id`.execute(
        database.db,
      );
    expect(rows).toEqual([
      { ave_Fallas: 1, ave_Avisos: 2, ave_Reaperturas: 0 },
      { ave_Fallas: 1, ave_Avisos: 1, ave_Reaperturas: 0 },
    ]);
  });
});
