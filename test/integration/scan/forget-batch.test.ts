import { sql, type Kysely } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { forgetBatch } from '../../../src/adapters/mssql/forget-batch.ts';
import { readOriginal } from '../../../src/adapters/mssql/read-original.ts';
import { openControlDatabase } from '../../../src/adapters/mssql/control-database.ts';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';
import { controlDatabase, type TestDatabase } from '../../support/control-database.ts';
import { sqlFaults } from '../../support/sql-faults.ts';

let database: TestDatabase;
let db: Kysely<ControlSchema>;
beforeAll(async () => {
  database = await controlDatabase();
  db = database.db;
});
beforeEach(async () => {
  await sql`
    DELETE FROM CT_Alertas_Intentos; DELETE FROM CT_Alertas_Mensajes; DELETE FROM CT_Scheduler_Alertas;
    DELETE FROM CT_Scheduler_Fallas; DELETE FROM CT_Scheduler_Averias; DELETE FROM CT_Scheduler_Auditoria;
    DELETE FROM CT_Scheduler_Pausas; DELETE FROM CT_Alertas_Novedades`.execute(db);
});
afterAll(() => database[Symbol.asyncDispose]());

const before = Temporal.Instant.from('2026-01-01T00:00:00Z');
const old = '2025-12-31T20:59:59-03:00';
const recent = '2025-12-31T21:00:00-03:00';

interface Execution {
  key?: string | null;
  state?: string;
  origin?: string | null;
  at?: string | null;
  review?: string | null;
  repeats?: number;
}

async function execution({
  key = null,
  state = 'ENVIADA',
  origin = 'AGENDA',
  at = old,
  review = null,
  repeats,
}: Execution = {}): Promise<number> {
  const { rows } = await sql<{ sch_id: number }>`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Origen, sch_Ocurrencia, sch_Clave, sch_Revisar, schsch_id)
    OUTPUT inserted.sch_id
    VALUES ('000001', ${state}, ${origin}, CAST(${at} AS DATETIMEOFFSET(0)), ${key}, CAST(${review} AS DATETIME2(3)),
      CAST(${repeats ?? null} AS INT))`.execute(db);
  return rows[0]?.sch_id ?? 0;
}

/** Deliveries with two attempts each. */
async function deliver(executionId: number | null, count: number): Promise<void> {
  const persons = JSON.stringify(Array.from({ length: count }, (_, place) => `P${place}`));
  await sql`
    INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Cod, msg_Destino, msg_Estado)
    SELECT CAST(${executionId} AS INT), p.code, '', 'ENVIADO' FROM OPENJSON(${persons}) WITH (code VARCHAR(20) '$') p;
    INSERT INTO CT_Alertas_Intentos (intmsg_id, int_Numero, int_Fecha, int_DuracionMs)
    SELECT m.msg_id, n.number, '2025-12-31T00:00:00', 1 FROM CT_Alertas_Mensajes m
    CROSS JOIN (VALUES (1), (2)) n (number)
    WHERE NOT EXISTS (SELECT 1 FROM CT_Alertas_Intentos i WHERE i.intmsg_id = m.msg_id)`.execute(db);
}

async function counted() {
  const { rows: counts } = await sql<Record<string, number>>`
    SELECT (SELECT COUNT(*) FROM CT_Scheduler_Alertas) AS executions,
      (SELECT COUNT(*) FROM CT_Alertas_Mensajes) AS deliveries,
      (SELECT COUNT(*) FROM CT_Alertas_Intentos) AS attempts,
      (SELECT COUNT(*) FROM CT_Alertas_Mensajes m WHERE m.msgsch_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM CT_Scheduler_Alertas s WHERE s.sch_id = m.msgsch_id)) AS lostDeliveries,
      (SELECT COUNT(*) FROM CT_Alertas_Intentos i
        WHERE NOT EXISTS (SELECT 1 FROM CT_Alertas_Mensajes m WHERE m.msg_id = i.intmsg_id)) AS lostAttempts,
      (SELECT COUNT(*) FROM CT_Alertas_Mensajes m
        WHERE NOT EXISTS (SELECT 1 FROM CT_Alertas_Intentos i WHERE i.intmsg_id = m.msg_id)) AS bareDeliveries`.execute(
    db,
  );
  return counts[0];
}

async function executions(): Promise<number[]> {
  const left = await db.selectFrom('CT_Scheduler_Alertas').select('sch_id').orderBy('sch_id').execute();
  return left.map(({ sch_id }) => sch_id);
}

describe('old records', () => {
  test('an execution goes with its deliveries and attempts', async () => {
    await deliver(await execution(), 3);
    const kept = await execution({ at: recent });
    await deliver(kept, 2);
    expect(await forgetBatch(db)(before)).toEqual({ executions: 1, deliveries: 3, others: 0 });
    expect(await executions()).toEqual([kept]);
    expect(await counted()).toMatchObject({ deliveries: 2, attempts: 4, lostDeliveries: 0, lostAttempts: 0 });
    expect(await forgetBatch(db)(before)).toEqual({ executions: 0, deliveries: 0, others: 0 });
  });

  test('what stays: rows of the system before us, what is open, and what an open one repeats', async () => {
    await deliver(null, 2);
    const repeated = await execution();
    const kept = [
      repeated,
      await execution({ origin: null }),
      await execution({ origin: null, at: null }),
      await execution({ state: 'PENDIENTE', review: '2025-12-31T00:00:00' }),
      await execution({ state: 'EN_PROCESO', review: '2025-12-31T00:00:00' }),
      await execution({ state: 'EN_PROCESO', review: '2026-01-02T00:00:00', at: recent, repeats: repeated }),
      await execution({ at: recent, key: '2025-12-31' }),
    ];
    expect(await forgetBatch(db)(before)).toEqual({ executions: 0, deliveries: 0, others: 0 });
    expect(await executions()).toEqual(kept);
    expect(await counted()).toMatchObject({ deliveries: 2, attempts: 4 });
  });

  test('one that is repeated by a finished execution goes', async () => {
    const repeated = await execution();
    const again = await execution({ origin: 'REENVIO', at: recent, repeats: repeated });
    await forgetBatch(db)(before);
    expect(await executions()).toEqual([again]);
  });

  test('a large execution goes in small batches, the execution itself with the last', async () => {
    await deliver(await execution(), 1000);
    const forget = forgetBatch(db);
    expect(await forget(before)).toMatchObject({ executions: 0, deliveries: 400 });
    expect(await counted()).toMatchObject({ executions: 1, deliveries: 600, attempts: 1200 });
    expect(await forget(before)).toMatchObject({ executions: 0, deliveries: 400 });
    expect(await forget(before)).toMatchObject({ executions: 1, deliveries: 200 });
    expect(await counted()).toMatchObject({ executions: 0, deliveries: 0, attempts: 0 });
  });

  test('a large execution that has begun to go cannot be sent again', async () => {
    const id = await execution({ state: 'PARCIAL' });
    await deliver(id, 401);
    await sql`
      UPDATE CT_Scheduler_Alertas SET sch_Preparada = '2025-12-31', sch_PayloadJson = '{}' WHERE sch_id = ${id}`.execute(
      db,
    );
    const original = async () => await db.transaction().execute((trx) => readOriginal(trx, id));
    expect(await original()).toMatchObject({ id, isPrepared: true });
    expect(await forgetBatch(db)(before)).toMatchObject({ executions: 0, deliveries: 400 });
    expect(await original()).toBeNull();
  });

  test('of several executions those go whole that come first', async () => {
    for (const count of [150, 150, 150]) await deliver(await execution(), count);
    expect(await forgetBatch(db)(before)).toMatchObject({ executions: 2, deliveries: 400 });
  });

  test('one that is being sent again just then stays whole', async () => {
    const id = await execution({ state: 'PARCIAL' });
    await deliver(id, 2);
    const { forgetting } = await db.transaction().execute(async (trx) => {
      await readOriginal(trx, id);
      const began = forgetBatch(db)(before);
      // Time to choose it and to come to the lock; one that came later would see all the same.
      for (let asked = 0; asked < 20; asked++) await sql`SELECT 1 AS one`.execute(trx);
      await sql`
        INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Origen, sch_Ocurrencia, sch_Revisar, schsch_id)
        VALUES ('000001', 'PENDIENTE', 'REENVIO', CAST(${recent} AS DATETIMEOFFSET(0)), '2026-01-02', ${id})`.execute(
        trx,
      );
      return { forgetting: began };
    });
    expect(await forgetting).toEqual({ executions: 0, deliveries: 0, others: 0 });
    expect(await counted()).toMatchObject({ executions: 2, deliveries: 2, attempts: 4 });
  });

  test.each([
    ['DELETE FROM CT_Alertas_Mensajes', 'before'],
    ['DELETE FROM CT_Scheduler_Alertas', 'before'],
    ['DELETE FROM CT_Scheduler_Alertas', 'after'],
  ] as const)(
    'whatever interrupts it (at %s, %s) leaves whole records, and the next one goes on',
    async (statement, when) => {
      for (let made = 0; made < 3; made++) await deliver(await execution(), 200);
      await using faults = sqlFaults(database.connection);
      await faults.add({ kind: 'drop', statement, when, count: 1 });
      const other = openControlDatabase({ connection: database.connection });
      await expect(forgetBatch(other)(before)).rejects.toThrow();
      await other.destroy();
      expect(await counted()).toMatchObject({ lostDeliveries: 0, lostAttempts: 0, bareDeliveries: 0 });
      const forget = forgetBatch(db);
      for (let batch = 0; batch < 3; batch++) await forget(before);
      expect(await counted()).toMatchObject({ executions: 0, deliveries: 0, attempts: 0 });
    },
  );

  test('what another table of the installation still refers to stays whole', async () => {
    await deliver(await execution(), 2);
    await sql`CREATE TABLE informes (id INT NOT NULL REFERENCES CT_Scheduler_Alertas (sch_id))`.execute(db);
    await sql`INSERT INTO informes (id) SELECT sch_id FROM CT_Scheduler_Alertas`.execute(db);
    try {
      await expect(forgetBatch(db)(before)).rejects.toThrow();
      expect(await counted()).toMatchObject({ executions: 1, deliveries: 2, attempts: 4 });
    } finally {
      await sql`DROP TABLE informes`.execute(db);
    }
  });

  test('two instances at once delete each row once', async () => {
    for (let made = 0; made < 5; made++) await deliver(await execution(), 50);
    const done = await Promise.all([1, 2, 3].map(() => forgetBatch(db)(before)));
    expect(done.reduce((sum, { executions: count }) => sum + count, 0)).toBe(5);
    expect(done.reduce((sum, { deliveries: count }) => sum + count, 0)).toBe(250);
  });
});

describe('old faults, incidents and acts', () => {
  test('what was dealt with goes, and what nobody was ever told of; what was reported of an incident that is open stays', async () => {
    const incident = async (closed: string | null) => {
      const { rows: made } = await sql<{ ave_id: number }>`
        INSERT INTO CT_Scheduler_Averias (aveemp_Cod, ave_Motivo, ave_Desde, ave_UltimaFalla, ave_Fallas, ave_Avisos, ave_Cerrada)
        OUTPUT inserted.ave_id
        VALUES ('E1', 'sin_webhook', '2025-01-01', '2025-01-02', 1, 1, CAST(${closed} AS DATETIME2(3)))`.execute(
        db,
      );
      return made[0]?.ave_id ?? 0;
    };
    const closed = await incident('2025-01-03');
    const open = await incident(null);
    const fault = async (
      id: number | null,
      date: string,
      reported: string | null,
      discarded: string | null = null,
    ) => {
      await sql`
        INSERT INTO CT_Scheduler_Fallas (falave_id, fal_Motivo, fal_Fecha, fal_Informada, fal_Descartada)
        VALUES (CAST(${id} AS INT), 'sin_webhook', CAST(${date} AS DATETIME2(3)), CAST(${reported} AS DATETIME2(3)),
          CAST(${discarded} AS DATETIME2(3)))`.execute(db);
    };
    await fault(closed, '2025-01-01', '2025-01-01');
    await fault(null, '2025-01-02', null, '2025-01-03');
    await fault(open, '2025-01-03', '2025-01-03');
    await fault(null, '2025-01-04', null);
    await fault(open, '2025-01-05', null);
    await fault(null, '2026-01-05', '2026-01-05');
    await sql`
      INSERT INTO CT_Scheduler_Auditoria (aud_Fecha, aud_Quien, aud_Accion, aud_Objeto)
      VALUES ('2025-12-31', 'ana', 'pause', 'everything'), ('2026-01-01', 'ana', 'resume', 'everything')`.execute(
      db,
    );
    expect(await forgetBatch(db)(before)).toMatchObject({ others: 6 });
    const faults = await db.selectFrom('CT_Scheduler_Fallas').select('fal_Fecha').orderBy('fal_id').execute();
    expect(faults.map(({ fal_Fecha }) => fal_Fecha.toISOString().slice(0, 10))).toEqual([
      '2025-01-03',
      '2026-01-05',
    ]);
    const incidents = await db.selectFrom('CT_Scheduler_Averias').select('ave_id').execute();
    expect(incidents).toEqual([{ ave_id: open }]);
    const acts = await db.selectFrom('CT_Scheduler_Auditoria').select('aud_Accion').execute();
    expect(acts).toEqual([{ aud_Accion: 'resume' }]);
  });

  test('ended pauses go, and news that nobody has asked for', async () => {
    await sql`
      INSERT INTO CT_Scheduler_Pausas (pau_Desde, pau_Hasta, pau_Motivo)
      VALUES ('2025-01-01', '2025-12-31', 'ended'), ('2025-01-01', NULL, 'open'), ('2025-01-01', '2026-01-02', 'long');
      INSERT INTO CT_Alertas_Novedades (nov_Wamid, nov_Estado, nov_Fecha, nov_Recibida)
      VALUES ('wamid.1', 'LEIDO', '2025-12-31', '2025-12-31'), ('wamid.2', 'LEIDO', '2025-12-31', '2026-01-01')`.execute(
      db,
    );
    expect(await forgetBatch(db)(before)).toMatchObject({ others: 2 });
    const pauses = await db
      .selectFrom('CT_Scheduler_Pausas')
      .select('pau_Motivo')
      .orderBy('pau_id')
      .execute();
    expect(pauses).toEqual([{ pau_Motivo: 'open' }, { pau_Motivo: 'long' }]);
    const news = await db.selectFrom('CT_Alertas_Novedades').select('nov_Wamid').execute();
    expect(news).toEqual([{ nov_Wamid: 'wamid.2' }]);
  });
});
