// Faults and poison: 10,000 failures never mean 10,000 mails, and none of them is lost or told to another company.
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { mailRecordsOf } from '../../../src/wiring/build-poison.ts';
import { closeExecution } from '../../../src/adapters/mssql/close-execution.ts';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import { nudge } from '../../../src/domain/nudge.ts';
import { clockAt, type MovedClock } from '../../support/moved-clock.ts';
import { aMailServer } from './a-mail-server.ts';
import { aFault, mailWorld } from './mail-world.ts';

const world = mailWorld();

/** Executions with open deliveries each; gives their ids. */
async function executionsWith(executions: number, deliveries: number): Promise<readonly number[]> {
  const numbers = (count: number) => JSON.stringify(Array.from({ length: count }, (_, index) => index));
  const { rows } = await sql<{ id: number }>`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_Estado, sch_Preparada, sch_Ocurrencia)
    OUTPUT inserted.sch_id AS id
    SELECT '000001', '2026-03-02', 'EN_PROCESO', '2026-03-02T12:00:00', '2026-03-02T09:00:00-03:00'
    FROM OPENJSON(${numbers(executions)}) WITH (n INT '$')`.execute(world.db);
  await sql`
    INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Cod, msgper_Nombre, msg_Destino, msg_Estado)
    SELECT sch_id, CONCAT('P', n.value), CONCAT('Persona ', n.value), CONCAT('p', n.value, '@example.com'), 'PENDIENTE'
    FROM CT_Scheduler_Alertas CROSS JOIN OPENJSON(${numbers(deliveries)}) WITH (value INT '$') n`.execute(
    world.db,
  );
  return rows.map(({ id }) => id);
}

/** As a dispatch ends an execution of which every delivery failed. */
async function failAll(executionId: number, clock: MovedClock): Promise<void> {
  const failed = { reason: 'entregas_fallidas', detail: '0 de 100 entregas aceptadas.' } as const;
  await closeExecution(world.db)({
    executionId,
    owner: null,
    state: 'ERROR',
    ...failed,
    freesKey: false,
    fault: { ...failed, at: clock.now(), executionId, alert: '000001', tenant: 'E001' },
    now: clock.now(),
    attemptedAt: Temporal.PlainDateTime.from('2026-03-02T09:00:00'),
  });
}

test('10,000 failing deliveries in four hours are 10,000 records and five mails, which tell of all', async () => {
  await using server = await aMailServer();
  const clock = clockAt('2026-03-02T12:00:00Z');
  const { report } = world.mailerOn(server.port, clock);
  const failing = [...(await executionsWith(100, 100))];
  for (let minute = 0; minute <= 300; minute += 10) {
    for (const id of failing.splice(0, 4)) await failAll(id, clock);
    await report(nudge);
    await clock.moveBy({ minutes: 10 });
  }
  expect(server.mails.map(({ subject }) => subject?.replace('[Vigía] ', ''))).toEqual([
    'Farmacia Norte: entregas fallidas',
    'Sigue (8 fallas nuevas): Farmacia Norte: entregas fallidas',
    'Sigue (16 fallas nuevas): Farmacia Norte: entregas fallidas',
    'Sigue (72 fallas nuevas): Farmacia Norte: entregas fallidas',
    'Terminó: Farmacia Norte: entregas fallidas',
  ]);
  expect(server.mails[0]?.text).toContain('Fallas: 4.');
  expect(server.mails[4]?.text).toContain('Fallas: 100, ya informadas.');
  expect(server.mails[1]?.text).toContain('Entregados: 0 de 100.\n  Sin entregar a Persona 0: ');
  const unnamed = [...(server.mails[1]?.text ?? '').matchAll(/Sin entregar a (\d+) más/g)];
  expect(unnamed.map(([, count]) => count)).toEqual(['93', '93', '94', '94', '94', '94', '94', '94']);
  const { rows } = await sql`
    SELECT COUNT(*) AS records, COUNT(msg_Error) AS explained, (
      SELECT COUNT(*) FROM CT_Scheduler_Fallas WHERE fal_Informada IS NOT NULL
    ) AS reported
    FROM CT_Alertas_Mensajes WHERE msg_Estado = 'ERROR'`.execute(world.db);
  expect(rows).toEqual([{ records: 10_000, explained: 10_000, reported: 100 }]);
});

test('forty companies that fail at once get a mail each, once, from three mailers, and see nothing of one another', async () => {
  await using server = await aMailServer();
  const clock = clockAt('2026-03-02T12:00:00Z');
  const companies = Array.from({ length: 40 }, (_, index) => `T${String(index).padStart(3, '0')}`);
  const codes = JSON.stringify(companies);
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Nombre)
    SELECT code, CONCAT('Empresa ', code) FROM OPENJSON(${codes}) WITH (code VARCHAR(6) '$');
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfg_Nombre, cfgemp_Cod)
    SELECT CONCAT('A', code), CONCAT('Alerta de ', code), code FROM OPENJSON(${codes}) WITH (code VARCHAR(6) '$');
    INSERT INTO CT_Alertas_Admin_Emails (adm_Email, admemp_Cod)
    SELECT CONCAT(code, '@example.com'), code FROM OPENJSON(${codes}) WITH (code VARCHAR(6) '$')`.execute(
    world.db,
  );
  await insertFaults(
    world.db,
    companies.flatMap((tenant) =>
      Array.from({ length: 5 }, () =>
        aFault('12:00:00', { tenant, alert: `A${tenant}`, detail: `Detalle de ${tenant}.` }),
      ),
    ),
  );
  const mailers = [1, 2, 3].map(() => world.mailerOn(server.port, clock));
  await Promise.all(mailers.map(({ report }) => report(nudge)));
  const seen = server.mails.map(({ recipients, subject, text, html }) => ({
    recipients,
    companies: [...new Set(`${subject}${text}${html}`.match(/T0\d\d/g))],
  }));
  expect(seen.toSorted((a, b) => (a.companies.join() < b.companies.join() ? -1 : 1))).toEqual(
    companies.map((company) => ({
      recipients: ['todo@example.com', `${company}@example.com`],
      companies: [company],
    })),
  );
});

test('whatever gathers at once, there is one open incident of a company and cause, with every fault', async () => {
  const clock = clockAt('2026-03-02T12:00:00Z');
  const causes = ['sin_webhook', 'sin_plantilla', 'consulta_error'] as const;
  const { gatherIncidents } = mailRecordsOf(world.db);
  for (let round = 0; round < 4; round++) {
    const fresh = causes.flatMap((reason) => [
      aFault('12:00:00', { reason }),
      aFault('12:00:00', { reason, tenant: 'E002' }),
    ]);
    await insertFaults(world.db, fresh);
    const gathered = await Promise.all(Array.from({ length: 6 }, () => gatherIncidents(clock.now())));
    expect(gathered.reduce((a, b) => a + b)).toBe(6);
    const closed = round === 1 ? sql`'2026-03-02T11:59:00'` : sql`NULL`;
    await sql`UPDATE CT_Scheduler_Averias SET ave_Cerrada = ${closed} WHERE ave_Motivo = 'sin_webhook'`.execute(
      world.db,
    );
  }
  const { rows } = await sql`
    SELECT aveemp_Cod + ' ' + ave_Motivo AS incident, ave_Fallas AS faults, ave_Reaperturas AS reopened
    FROM CT_Scheduler_Averias ORDER BY ave_Motivo, aveemp_Cod`.execute(world.db);
  expect(rows).toEqual([
    { incident: 'E001 consulta_error', faults: 4, reopened: 0 },
    { incident: 'E002 consulta_error', faults: 4, reopened: 0 },
    { incident: 'E001 sin_plantilla', faults: 4, reopened: 0 },
    { incident: 'E002 sin_plantilla', faults: 4, reopened: 0 },
    { incident: 'E001 sin_webhook', faults: 4, reopened: 1 },
    { incident: 'E002 sin_webhook', faults: 4, reopened: 1 },
  ]);
});
