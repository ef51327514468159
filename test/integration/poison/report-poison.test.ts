import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { gatherIncidents } from '../../../src/adapters/mssql/gather-incidents.ts';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import { readIncidents } from '../../../src/adapters/mssql/read-incidents.ts';
import { readReport } from '../../../src/adapters/mssql/read-report.ts';
import { recordMail } from '../../../src/adapters/mssql/record-mail.ts';
import { takeIncident } from '../../../src/adapters/mssql/take-incident.ts';
import { nudge } from '../../../src/domain/nudge.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { aMailServer } from './a-mail-server.ts';
import { aFault, mailWorld } from './mail-world.ts';

const start = '2026-03-02T12:00:00Z';
const world = mailWorld();

describe('faults', () => {
  test('are mailed to those whom the company concerns, and marked as reported', async () => {
    await using server = await aMailServer();
    const id = await world.anExecution('000001', '12:00:00', 'PARCIAL');
    await sql`
      INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Cod, msgper_Nombre, msg_Destino, msg_Estado, msg_Error)
      VALUES (${id}, 'P1', 'Juan Pérez', 'a', 'ENVIADO', NULL),
        (${id}, 'P2', 'Ana <Gómez>', 'b', 'RECHAZADO', 'webhook_rechazo: El webhook respondió 410.')`.execute(
      world.db,
    );
    await insertFaults(world.db, [
      aFault('12:00:00', { reason: 'entregas_fallidas', executionId: id, detail: '1 de 2.' }),
      aFault('12:00:00', { alert: '000002', tenant: 'E002', detail: 'La base no responde.' }),
    ]);
    const { report } = world.mailerOn(server.port, clockAt(start));
    await report(nudge);

    const [first, second] = server.mails.toSorted((a, b) => (a.subject ?? '').localeCompare(b.subject ?? ''));
    expect(first).toMatchObject({
      subject: '[Vigía] Farmacia Norte: entregas fallidas',
      recipients: ['todo@example.com', 'norte@example.com'],
      from: { address: 'vigia@example.com' },
    });
    expect(first?.text).toContain('000001 Facturas impagas, ejecución 1 — 02/03/2026 09:00:00');
    expect(first?.text).toContain('Entregados: 1 de 2.');
    expect(first?.html).toContain('Ana &lt;Gómez&gt;: el webhook respondió 410.');
    expect(second).toMatchObject({
      subject: '[Vigía] Ferretería Sur: la base de la empresa no responde',
      recipients: ['todo@example.com'],
    });
    const { rows } = await sql`SELECT fal_id FROM CT_Scheduler_Fallas WHERE fal_Informada IS NULL`.execute(
      world.db,
    );
    expect(rows).toEqual([]);
  });

  test('ten thousand of them are one mail', async () => {
    await using server = await aMailServer();
    await insertFaults(
      world.db,
      Array.from({ length: 10_000 }, () => aFault('12:00:00')),
    );
    const { report } = world.mailerOn(server.port, clockAt(start));
    await Promise.all(Array.from({ length: 100 }, () => report(nudge)));
    expect(server.mails.map(({ subject }) => subject)).toEqual([
      '[Vigía] Farmacia Norte: la base de la empresa no responde',
    ]);
    expect(server.mails[0]?.text).toContain('Fallas: 10000.');
    expect(server.mails[0]?.text).toContain('… y 9950 fallas más');
  });

  test('are mailed once by two mailers at once', async () => {
    await using server = await aMailServer();
    const clock = clockAt(start);
    const mailers = [1, 2, 3].map(() => world.mailerOn(server.port, clock));
    const causes = ['sin_webhook', 'sin_plantilla', 'empresa_login', 'consulta_error'] as const;
    await insertFaults(
      world.db,
      causes.map((reason) => aFault('12:00:00', { reason })),
    );
    await Promise.all(mailers.map(({ report }) => report(nudge)));
    expect(new Set(server.mails.map(({ subject }) => subject)).size).toBe(causes.length);
    expect(server.mails).toHaveLength(causes.length);
    expect(mailers.flatMap(({ events }) => events())).toEqual(causes.map(() => 'mail.sent'));
  });

  test('that come while their incident is being mailed about are for a mail of their own', async () => {
    await using server = await aMailServer();
    const { db } = world;
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
    await world.mailerOn(server.port, clock).report(nudge);
    expect(server.mails.map(({ text }) => /Otra/.test(text ?? ''))).toEqual([true]);
  });

  test('of a foreign message are mailed with its body', async () => {
    await using server = await aMailServer();
    const { report } = world.mailerOn(server.port, clockAt(start));
    await report({ pedido: 'x\r\nBcc: y' });
    expect(server.mails).toMatchObject([
      { subject: '[Vigía] mensaje ajeno en la cola', recipients: ['todo@example.com'] },
    ]);
    expect(server.mails[0]?.text).toContain('Contenido: {"pedido":"x\\r\\nBcc: y"}');
  });

  test('with more text than fits are cut, and so are their bodies', async () => {
    await insertFaults(world.db, [aFault('12:00:00', { detail: 'ñ'.repeat(3000), body: 'x'.repeat(5000) })]);
    const { rows } =
      await sql`SELECT LEN(fal_Detalle) AS detail, CAST(LEN(fal_Cuerpo) AS INT) AS body FROM CT_Scheduler_Fallas`.execute(
        world.db,
      );
    expect(rows).toEqual([{ detail: 2000, body: 4000 }]);
  });
});
