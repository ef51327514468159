// Faults and poison: a fault is stored with what it reports, or neither is, whatever breaks between.
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { mailRecordsOf } from '../../../src/wiring/build-poison.ts';
import { closeExecution } from '../../../src/adapters/mssql/close-execution.ts';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import { reportPoison } from '../../../src/poison/report-poison.ts';
import { daily, listed } from '../../support/alert-rows.ts';
import { scanWorld, type ScanWorld } from '../../support/scan-world.ts';
import { sqlFaults, type SqlFault } from '../../support/sql-faults.ts';

interface Writer {
  at: string;
  /** Everything up to what is to be reported. */
  prepare: (world: ScanWorld) => Promise<void>;
  /** Stores the final state with its fault. A scan does not fail: it leaves the step to the next one. */
  write: (world: ScanWorld) => Promise<unknown>;
  /** Is what has to be reported stored? */
  isStored: (world: ScanWorld) => Promise<boolean>;
  fault: string;
}

const hasExecution = (part: string) => async (world: ScanWorld) =>
  (await world.executions()).some((execution) => execution.includes(part));

const writers: Record<string, Writer> = {
  'the dispatch that ends an execution': {
    at: '2026-03-02T12:49:00-03:00',
    async prepare(world) {
      await world.withAlert(daily('12:49:00'));
      await world.scan();
      await sql`
        UPDATE CT_Scheduler_Alertas SET sch_Estado = 'EN_PROCESO', sch_Duenio = 'O1';
        DELETE FROM CT_Alertas_Mensajes;
        INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Cod, msg_Destino, msg_Estado)
        SELECT sch_id, 'P1', '+5491122334455', 'PENDIENTE' FROM CT_Scheduler_Alertas`.execute(world.db);
    },
    async write({ db, clock }) {
      const { rows } = await sql<{ id: number }>`SELECT sch_id AS id FROM CT_Scheduler_Alertas`.execute(db);
      const executionId = rows[0]?.id ?? 0;
      const reported = { reason: 'consulta_error', detail: 'No.' } as const;
      await closeExecution(db)({
        executionId,
        owner: 'O1',
        state: 'ERROR',
        ...reported,
        freesKey: false,
        fault: { ...reported, at: clock.now(), executionId, alert: '000001', tenant: '0001' },
        now: clock.now(),
        attemptedAt: Temporal.PlainDateTime.from('2026-03-02T12:49:00'),
      });
    },
    isStored: async (world) => {
      const { rows } = await sql`SELECT 1 AS x FROM CT_Alertas_Mensajes WHERE msg_Estado = 'ERROR'`.execute(
        world.db,
      );
      const ended = await hasExecution('ERROR consulta_error')(world);
      expect(rows).toHaveLength(ended ? 1 : 0);
      return ended;
    },
    fault: 'consulta_error 000001 0001',
  },
  'the scan that finds an occurrence missed': {
    at: '2026-03-02T12:00:00-03:00',
    async prepare(world) {
      await world.withAlert(daily('12:49:00'));
      await world.scan();
      await world.clock.moveTo('2026-03-02T16:00:00-03:00');
    },
    write: (world) => world.scan(),
    isStored: hasExecution('PERDIDA no_ejecutada'),
    fault: 'no_ejecutada 000001 0001',
  },
  'the scan that sees an alert after its time': {
    at: '2026-03-02T12:00:00-03:00',
    async prepare(world) {
      await world.scan();
      await world.clock.moveTo('2026-03-02T12:59:00-03:00');
      await world.withAlert(daily('12:49:00'));
    },
    write: (world) => world.scan(),
    isStored: hasExecution('PERDIDA vista_tarde'),
    fault: 'vista_tarde 000001 0001',
  },
  'the scan that reads a row it cannot use': {
    at: '2026-03-02T12:00:00-03:00',
    async prepare(world) {
      await world.scan();
      await world.withAlert(listed('32/13/2026 10:00'));
    },
    write: (world) => world.scan(),
    async isStored({ db }) {
      const { rows } =
        await sql`SELECT agecfg_Cod FROM CT_Scheduler_Agenda WHERE age_Problema IS NOT NULL`.execute(db);
      return rows.length > 0;
    },
    fault: 'configuracion_invalida 000001 0001',
  },
  'the sweep that ends what nobody opened': {
    at: '2026-03-02T12:48:00-03:00',
    async prepare(world) {
      await world.withAlert(daily('12:49:00'));
      await world.scan();
      await world.clock.moveTo('2026-03-02T14:00:00-03:00');
    },
    async write(world) {
      await world.scan();
      await world.clock.moveBy({ minutes: 2 });
    },
    isStored: hasExecution('PERDIDA abierta_tarde'),
    fault: 'abierta_tarde 000001 0001',
  },
};

const insert = 'INSERT INTO CT_Scheduler_Fallas';
const atCommit = { kind: 'drop', statement: { matches: '^COMMIT' }, count: 1 } as const;
const breaks: readonly [string, SqlFault, 'neither' | 'both'][] = [
  ['the fault is refused', { kind: 'fail', statement: insert, number: 547, count: 1 }, 'neither'],
  ['the connection breaks before the commit', { ...atCommit, when: 'before' }, 'neither'],
  ['the connection breaks after the commit', { ...atCommit, when: 'after' }, 'both'],
];

describe.each(Object.entries(writers))('%s', (_writer, { at, prepare, write, isStored, fault }) => {
  test.each(breaks)('stores its fault with it, or neither: %s', async (_break, struck, expected) => {
    const world = await scanWorld(at);
    await prepare(world);
    expect([await isStored(world), await world.faults()]).toEqual([false, []]);
    await using faults = sqlFaults(world.connection);
    await faults.add(struck);
    await Promise.allSettled([write(world)]);
    expect([await isStored(world), await world.faults()]).toEqual(
      expected === 'both' ? [true, [fault]] : [false, []],
    );
    await write(world);
    expect([await isStored(world), await world.faults()]).toEqual([true, [fault]]);
  });
});

describe('what the mailer has to deal with is nudged about by each scan', () => {
  const aFault = {
    reason: 'mensaje_ajeno',
    detail: 'No.',
    at: Temporal.Instant.from('2026-03-02T15:00:00Z'),
  } as const;

  test('when the nudge of whoever stored it was lost', async () => {
    const world = await scanWorld('2026-03-02T12:00:00-03:00');
    await world.scan();
    expect(world.nudges()).toBe(0);
    await insertFaults(world.db, [aFault]);
    await world.scan();
    await world.scan();
    expect(world.nudges()).toBe(2);
  });

  test('while an incident is open, because its end is mailed too', async () => {
    const world = await scanWorld('2026-03-02T12:00:00-03:00');
    await sql`
      DELETE FROM CT_Scheduler_Averias;
      INSERT INTO CT_Scheduler_Averias (aveemp_Cod, ave_Motivo, ave_Desde, ave_UltimaFalla, ave_Fallas, ave_Avisos)
      VALUES ('', 'mensaje_ajeno', '2026-03-02T15:00:00', '2026-03-02T15:00:00', 1, 1)`.execute(world.db);
    await world.scan();
    expect(world.nudges()).toBe(1);
    await sql`UPDATE CT_Scheduler_Averias SET ave_Cerrada = '2026-03-02T16:00:00'`.execute(world.db);
    await world.scan();
    expect(world.nudges()).toBe(1);
  });

  test('but not when an operator has discarded it', async () => {
    const world = await scanWorld('2026-03-02T12:00:00-03:00');
    await insertFaults(world.db, [aFault]);
    await sql`UPDATE CT_Scheduler_Fallas SET fal_Descartada = fal_Fecha`.execute(world.db);
    await world.scan();
    expect(world.nudges()).toBe(0);
  });
});

test('a message of ours that was moved here changes nothing, and the sweep finds its execution', async () => {
  const scans = await scanWorld('2026-03-02T12:47:00-03:00');
  await scans.withAlert(daily('12:49:00'));
  await scans.scan();
  scans.messages.length = 0;
  const { db, clock, log } = scans;
  const everything = async () => [
    await sql`SELECT * FROM CT_Scheduler_Alertas`.execute(db),
    await sql`SELECT * FROM CT_Scheduler_Agenda`.execute(db),
    await sql`SELECT * FROM CT_Scheduler_Fallas`.execute(db),
  ];
  const before = await everything();
  const storeFault = () => Promise.reject(new Error('Nothing is to be stored'));
  const report = reportPoison({ clock, log, ...mailRecordsOf(db), storeFault, sendMail: null, zone: 'UTC' });
  const base64 = Buffer.from('{"executionId":1}').toString('base64');
  for (const message of [{ executionId: 1 }, '{"executionId":1}', base64, { executionId: 999 }])
    await report(message);
  expect(await everything()).toEqual(before);
  await clock.moveBy({ minutes: 5 });
  await scans.scan();
  expect(scans.messages).toEqual(['1@2026-03-02T15:48:55Z']);
});
