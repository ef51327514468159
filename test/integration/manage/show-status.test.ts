import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from '../../../src/version.ts';
import { manageWorld, type ManageWorld } from './manage-world.ts';

let world: ManageWorld;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T13:00:00Z');
});
afterAll(() => world[Symbol.asyncDispose]());

test('GET status of an empty installation says that there is nothing', async () => {
  expect(await world.get('status')).toMatchObject({
    status: 200,
    body: {
      version,
      now: '2026-03-02T13:00:00Z',
      scans: [],
      oldestPointer: null,
      queues: { dispatch: 3, reports: 1 },
      faultsUnreported: 0,
      incidents: [],
      incidentCount: 0,
      alertsUnreadable: 0,
      failedAfterAcceptance: 0,
      retriesWaiting: 0,
      tenantsWaiting: [],
      webhooksWaiting: [],
      pauses: [],
    },
  });
});

test('GET status tells the last scans, what is due next, and what waits', async () => {
  for (let minute = 0; minute < 12; minute++)
    await sql`
      INSERT INTO CT_Scheduler_Ciclos
        (cic_Inicio, cic_DuracionMs, cic_Candidatas, cic_Reclamadas, cic_Perdidas, cic_Barridas, cic_Error)
      VALUES (DATEADD(MINUTE, ${minute}, CAST('2026-03-02T12:40:00' AS DATETIME2(3))), 40, 3, 2, 1, 0,
        ${minute === 11 ? 'la agenda no se pudo leer' : null})`.execute(world.db);
  await sql`
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod) VALUES ('A1', 'E1'), ('A2', 'E1');
    INSERT INTO CT_Scheduler_Agenda (agecfg_Cod, age_Huella, age_Proxima) VALUES
      ('A1', 'x', '2026-03-03T08:00:00-03:00'), ('A2', 'x', '2026-03-02T10:30:00-03:00'), ('A3', 'x', NULL);
    INSERT INTO CT_Scheduler_Fallas (fal_Motivo, fal_Fecha, fal_Informada, fal_Descartada) VALUES
      ('webhook_red', '2026-03-02T12:00:00', NULL, NULL),
      ('webhook_red', '2026-03-02T12:00:00', '2026-03-02T12:01:00', NULL),
      ('webhook_red', '2026-03-02T12:00:00', NULL, '2026-03-02T12:01:00');
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Motivo, sch_Revisar, sch_Duenio, sch_LeaseHasta) VALUES
      ('A1', 'EN_PROCESO', 'empresa_no_disponible', '2026-03-02T13:05:00', NULL, '2026-03-02T13:04:00'),
      ('A2', 'PENDIENTE', 'empresa_no_disponible', '2026-03-02T13:05:00', 'proceso', '2026-03-02T13:02:00'),
      ('A2', 'PENDIENTE', 'sin_lugar', '2026-03-02T13:05:00', 'proceso', '2026-03-02T13:02:00'),
      ('A2', 'ERROR', 'empresa_login', NULL, NULL, NULL);
    INSERT INTO CT_Alertas_Mensajes (msg_Estado, msg_ProximoIntento) VALUES
      ('REINTENTO', '2026-03-02T13:01:00'), ('PENDIENTE', '2026-03-02T13:01:00'), ('ENVIADO', NULL);
    INSERT INTO CT_Scheduler_Pausas (pauemp_Cod, pau_Desde, pau_Hasta, pau_Quien, pau_Motivo) VALUES
      ('E1', '2026-03-01T00:00:00', '2026-03-02T13:00:00', N'Ana', N'se acabó'),
      ('E2', '2026-03-01T00:00:00', NULL, N'Ana', N'mudanza'),
      ('E3', '2026-03-02T13:00:01', NULL, N'Ana', N'mañana');`.execute(world.db);
  const { body } = await world.get('status');
  expect(body).toMatchObject({
    oldestPointer: { alert: 'A2', at: '2026-03-02T13:30:00Z' },
    faultsUnreported: 1,
    retriesWaiting: 1,
    tenantsWaiting: [
      { tenant: 'E1', reason: 'empresa_no_disponible', executions: 2, nextTry: '2026-03-02T13:04:00Z' },
      { tenant: 'E1', reason: 'sin_lugar', executions: 1, nextTry: null },
    ],
    webhooksWaiting: [
      { webhook: null, reason: null, deliveries: 1, executions: 0, nextTry: '2026-03-02T13:01:00Z' },
    ],
    pauses: [
      { tenant: 'E2', alert: null, from: '2026-03-01T00:00:00Z', until: null, by: 'Ana', why: 'mudanza' },
    ],
  });
  const { scans } = body as { scans: object[] };
  expect(scans).toHaveLength(10);
  expect(scans[0]).toEqual({
    at: '2026-03-02T12:51:00Z',
    durationMs: 40,
    candidates: 3,
    claimed: 2,
    missed: 1,
    swept: 0,
    error: 'la agenda no se pudo leer',
  });
});

test('GET status tells which webhooks deliveries wait for, why, and when the first is tried again', async () => {
  await sql`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Preparada, sch_PayloadJson) VALUES
      ('W1', 'EN_PROCESO', '2026-03-02T12:00:00', N'{"tenant":"E1","webhook":"W1"}'),
      ('W2', 'EN_PROCESO', '2026-03-02T12:00:00', N'{"tenant":"E2","webhook":"W1"}'),
      ('W3', 'EN_PROCESO', '2026-03-02T12:00:00', N'{"tenant":"E2","webhook":"W2"}');
    INSERT INTO CT_Alertas_Mensajes (msgsch_id, msg_Destino, msg_Estado, msg_Error, msg_ProximoIntento, msg_TomadaHasta)
    SELECT sch_id, v.destino, v.estado, v.error, v.proximo, v.tomada
    FROM (VALUES
      ('W1', '1', 'REINTENTO', N'webhook_fallo: respondió 500: mal', '2026-03-02T13:03:00', NULL),
      ('W1', '2', 'REINTENTO', N'webhook_fallo: respondió 503', '2026-03-02T13:02:00', NULL),
      ('W2', '1', 'REINTENTO', N'webhook_fallo: respondió 500', '2026-03-02T13:00:30', '2026-03-02T13:00:30'),
      ('W2', '2', 'REINTENTO', N'webhook_tiempo', '2026-03-02T13:05:00', NULL),
      ('W2', '3', 'ENVIADO', NULL, NULL, NULL),
      ('W3', '1', 'REINTENTO', N'webhook_red: no se llega', '2026-03-02T13:00:30', '2026-03-02T13:00:30')
    ) v (alerta, destino, estado, error, proximo, tomada)
    JOIN CT_Scheduler_Alertas ON schcfg_Cod = v.alerta`.execute(world.db);
  const { body } = await world.get('status');
  const { retriesWaiting, webhooksWaiting } = body as { retriesWaiting: number; webhooksWaiting: object[] };
  expect(webhooksWaiting.filter((each) => !('webhook' in each && each.webhook === null))).toEqual([
    {
      webhook: 'W1',
      reason: 'webhook_fallo',
      deliveries: 3,
      executions: 2,
      nextTry: '2026-03-02T13:02:00Z',
    },
    {
      webhook: 'W1',
      reason: 'webhook_tiempo',
      deliveries: 1,
      executions: 1,
      nextTry: '2026-03-02T13:05:00Z',
    },
    { webhook: 'W2', reason: 'webhook_red', deliveries: 1, executions: 1, nextTry: null },
  ]);
  expect(retriesWaiting).toBe(6);
});

test('what is claimed and has not gone out is due before what its pointer says', async () => {
  await sql`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Origen, sch_Revisar, sch_Ocurrencia)
    VALUES ('A1', 'PENDIENTE', 'AGENDA', '2026-03-02T13:00:30', '2026-03-02T10:01:00-03:00')`.execute(
    world.db,
  );
  expect((await world.get('status')).body).toMatchObject({
    oldestPointer: { alert: 'A1', at: '2026-03-02T13:01:00Z' },
  });
});

test('GET status tells the faults that last, of whom, why and since when, and how many alerts cannot be read', async () => {
  await sql`
    INSERT INTO CT_Scheduler_Averias (aveemp_Cod, ave_Motivo, ave_Desde, ave_UltimaFalla, ave_Fallas, ave_Avisos, ave_Cerrada)
    VALUES ('', 'mensaje_ajeno', '2026-03-02T12:00:00', '2026-03-02T12:00:00', 1, 0, NULL),
      ('E1', 'empresa_no_disponible', '2026-03-02T11:00:00', '2026-03-02T12:30:00', 4, 1, NULL),
      ('E1', 'empresa_login', '2026-03-02T10:00:00', '2026-03-02T10:30:00', 4, 1, '2026-03-02T11:30:00');
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_Activo) VALUES ('A4', 'E1', 1), ('A5', 'E1', 0);
    INSERT INTO CT_Scheduler_Agenda (agecfg_Cod, age_Huella, age_Problema) VALUES
      ('A4', 'x', N'cfg_Frecuencia dice…'), ('A5', 'x', N'cfg_Frecuencia dice…');`.execute(world.db);
  expect((await world.get('status')).body).toMatchObject({
    incidents: [
      {
        tenant: 'E1',
        reason: 'empresa_no_disponible',
        since: '2026-03-02T11:00:00Z',
        lastFault: '2026-03-02T12:30:00Z',
        faults: 4,
        mails: 1,
      },
      { tenant: null, reason: 'mensaje_ajeno' },
    ],
    incidentCount: 2,
    alertsUnreadable: 1,
  });
});

test('GET status counts what was accepted within 24 hours, by each tenant’s clock, and failed afterwards', async () => {
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_ZonaHoraria) VALUES ('E1', 'Asia/Tokyo'), ('E2', NULL);
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_Activo) VALUES ('A7', 'E2', 1);
    INSERT INTO CT_Alertas_Mensajes (msgcfg_Cod, msg_Estado, msg_FechaEnvio) VALUES
      ('A1', 'FALLIDO', '2026-03-01T22:00:00'), ('A1', 'FALLIDO', '2026-03-01T21:59:59'),
      ('A7', 'FALLIDO', '2026-03-01T10:00:00'), ('A7', 'FALLIDO', '2026-03-01T09:59:59'),
      ('A7', 'ENTREGADO', '2026-03-02T09:00:00'), ('A7', 'FALLIDO', NULL);`.execute(world.db);
  expect((await world.get('status')).body).toMatchObject({ failedAfterAcceptance: 2 });
});

test('a parameter that is not known is refused by name', async () => {
  expect(await world.get('status?tenant=E1')).toMatchObject({
    status: 400,
    body: { code: 'invalid_request', values: [{ at: 'query.tenant', message: 'is not known here' }] },
  });
});

test('GET status tells all the rest while the storage account is away, or says nothing for four seconds', async () => {
  let count: () => Promise<never> = async () => await Promise.reject(new Error('ECONNREFUSED'));
  await using away = await manageWorld('2026-03-02T13:00:00Z', { counting: () => count() });
  expect(await away.get('status')).toMatchObject({ status: 200, body: { queues: null, retriesWaiting: 0 } });
  expect(away.log.events).toMatchObject([{ event: 'status.queues-unknown' }]);
  const asked = Promise.withResolvers<void>();
  count = () => {
    asked.resolve();
    return new Promise<never>(() => undefined);
  };
  const answer = away.get('status');
  await asked.promise;
  await away.clock.moveBy({ seconds: 4 });
  expect(await answer).toMatchObject({ status: 200, body: { queues: null } });
});
