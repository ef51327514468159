import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allRows } from './all-rows.ts';
import { manageWorld, type ManageWorld } from './manage-world.ts';

let world: ManageWorld;

beforeAll(async () => {
  world = await manageWorld('2026-03-02T12:00:00-03:00', {
    environment: { ALERTS_ONLY: 'tenant:E1,tenant:E2' },
  });
});
afterAll(() => world[Symbol.asyncDispose]());

/** Tables without rows, no scan so far. The clock goes on from test to test: each has a day of its own. */
let day = '2026-03-02';
beforeEach(async () => {
  day = world.clock.now().add({ hours: 24 }).toString().slice(0, 10);
  await world.clock.moveTo(`${day}T12:00:00-03:00`);
  await sql`
    DELETE FROM CT_Scheduler_Alertas; DELETE FROM CT_Scheduler_Agenda; DELETE FROM CT_Scheduler_Ciclos;
    DELETE FROM CT_Scheduler_Fallas; DELETE FROM CT_Scheduler_Pausas; DELETE FROM CT_Scheduler_Auditoria;
    DELETE FROM CT_Alertas_Config; DELETE FROM CT_Empresas;
    UPDATE CT_Scheduler_Estado SET est_UltimoCiclo = NULL, est_Version = NULL, est_HuellaAjustes = NULL;
    INSERT INTO CT_Empresas (emp_Cod) VALUES ('E1'), ('E2'), ('E3');`.execute(world.db);
});

interface Decision {
  alert: string;
  decision: string;
  detail: string;
  paused: boolean;
  occurrences: { at: string; local: string; decision: string; reason: string | null }[];
  next: { local: string } | null;
  execution: { id: number; state: string } | null;
}

interface Answer {
  dryRun: boolean;
  at: string;
  counts: Record<string, number>;
  decisions: Decision[];
  next: string | null;
}

async function daily(code: string, time: string, more: { tenant?: string; active?: number } = {}) {
  const { tenant = 'E1', active = 1 } = more;
  await sql`
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_Activo, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio)
    VALUES (${code}, ${tenant}, ${active}, 'PERIODICO', 'DIARIO', CAST(${time} AS TIME))`.execute(world.db);
}

async function scan(request: object = {}): Promise<Answer> {
  const { status, body } = await world.post('scan', request);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as Answer;
}

/** `alert decision`, of all. */
async function decided(request: object = {}): Promise<string[]> {
  const { decisions } = await scan(request);
  return decisions.map(({ alert, decision }) => `${alert} ${decision}`);
}

describe('a dry scan', () => {
  test('tells of every active alert what the scan would do, and why', async () => {
    await daily('HOY', '12:01:00');
    await daily('TARDE', '18:30:00');
    await daily('PAUSA', '12:00:00', { tenant: 'E2' });
    await daily('OTRO', '12:00:00', { tenant: 'E3' });
    await daily('QUIETA', '12:00:00', { active: 0 });
    await sql`
      INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_FechasPuntuales)
      VALUES ('MAL', 'E1', 'PERIODICO', 'CADA TANTO', NULL), ('FIN', 'E1', 'PUNTUAL', NULL, '2020-01-01 08:00');
      INSERT INTO CT_Scheduler_Pausas (pauemp_Cod, pau_Desde) VALUES ('E2', '2020-01-01')`.execute(world.db);
    const { dryRun, at, counts, decisions } = await scan();
    expect({ dryRun, at, counts }).toEqual({
      dryRun: true,
      at: `${day}T15:00:00Z`,
      counts: { due: 1, invalid: 1, outside: 1, over: 1, paused: 1, waiting: 1 },
    });
    expect(decisions).toMatchObject([
      { alert: 'FIN', decision: 'over', next: null },
      {
        alert: 'HOY',
        decision: 'due',
        detail: 'Sale en esta revisión.',
        occurrences: [{ local: `${day}T12:01:00`, key: day, decision: 'due', execution: null }],
        next: { local: expect.stringContaining('T12:01:00') },
      },
      {
        alert: 'MAL',
        decision: 'invalid',
        detail: expect.stringContaining('cfg_Frecuencia dice "CADA TANTO"'),
      },
      { alert: 'OTRO', decision: 'outside', detail: 'ALERTS_ONLY la deja a otro sistema.' },
      { alert: 'PAUSA', decision: 'paused', paused: true, occurrences: [{ decision: 'due' }] },
      { alert: 'TARDE', decision: 'waiting', next: { local: `${day}T18:30:00` }, occurrences: [] },
    ]);
  });

  test('writes nothing and sends nothing, as of whatever time', async () => {
    await daily('A', '12:00:00');
    const before = await allRows(world.db);
    await scan();
    await scan({ dryRun: true, alert: 'A' });
    expect(await scan({ at: `${day}T12:00:00-03:00` })).toMatchObject({ dryRun: true });
    expect(await allRows(world.db)).toEqual(before);
    expect(world.messages).toEqual([]);
  });

  test('says what the next scan then does', async () => {
    await daily('A', '12:00:00');
    await daily('B', '12:03:00');
    expect(await decided()).toEqual(['A due', 'B waiting']);
    expect(await scan({ dryRun: false })).toMatchObject({ claimed: 1, missed: 0 });
    await world.clock.moveBy({ minutes: 1 });
    expect(await decided()).toEqual(['A already', 'B due']);
    expect(await scan({ dryRun: false })).toMatchObject({ claimed: 1, missed: 0 });
    expect(await decided()).toEqual(['A already', 'B already']);
    expect(await scan({ dryRun: false })).toMatchObject({ claimed: 0, missed: 0 });
  });

  test('names the execution that there is already, and that of today', async () => {
    await daily('A', '12:00:00');
    await sql`
      INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_TipoDisparo, cfg_FechasPuntuales)
      VALUES ('P', 'E1', 'PUNTUAL', ${`${day} 12:00,${day} 20:00,${day} 21:00`})`.execute(world.db);
    await scan({ dryRun: false });
    const { rows } = await sql<{ id: number }>`
      SELECT sch_id AS id FROM CT_Scheduler_Alertas WHERE schcfg_Cod = 'A'`.execute(world.db);
    const execution = { id: rows[0]?.id, state: 'PENDIENTE' };
    const [now] = (await scan({ alert: 'A' })).decisions;
    expect(now).toMatchObject({
      decision: 'already',
      detail: `Ya tiene su ejecución: ${rows[0]?.id} (PENDIENTE).`,
      occurrences: [{ decision: 'already', execution }],
      execution,
    });
    const later = await scan({ at: `${day}T17:00:00-03:00` });
    expect(later.decisions).toMatchObject([
      { alert: 'A', decision: 'already', occurrences: [], execution },
      {
        alert: 'P',
        decision: 'waiting',
        next: { local: `${day}T20:00:00` },
        execution: { state: 'PENDIENTE' },
      },
    ]);
    expect(await decided({ at: `${day}T11:00:00-03:00` })).toEqual(['A waiting', 'P waiting']);
  });

  test('counts an execution of the system before as the one of that day', async () => {
    await daily('A', '12:00:00');
    await sql`
      INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_Estado) VALUES ('A', ${day}, 'ENVIADO')`.execute(
      world.db,
    );
    expect((await scan()).decisions).toMatchObject([
      { decision: 'already', execution: { state: 'ENVIADO' } },
    ]);
  });

  test('is late within the catch-up limit, and missed beyond it', async () => {
    await daily('A', '12:30:00');
    await scan({ dryRun: false });
    expect((await scan({ at: `${day}T12:50:00-03:00` })).decisions).toMatchObject([
      { decision: 'late', occurrences: [{ local: `${day}T12:30:00`, decision: 'late', reason: null }] },
    ]);
    expect((await scan({ at: `${day}T13:01:00-03:00` })).decisions).toMatchObject([
      { decision: 'missed', occurrences: [{ decision: 'missed', reason: 'no_ejecutada' }] },
    ]);
    await world.clock.moveTo(`${day}T13:01:00-03:00`);
    expect(await scan({ dryRun: false })).toMatchObject({ claimed: 0, missed: 1 });
    expect((await scan()).decisions).toMatchObject([
      { decision: 'already', execution: { state: 'PERDIDA' } },
    ]);
  });

  test('decides by a row as it stands, though no scan has seen its edit', async () => {
    await daily('A', '18:00:00');
    await scan({ dryRun: false });
    await sql`UPDATE CT_Alertas_Config SET cfg_HoraEnvio = '12:01:00'`.execute(world.db);
    expect(await decided()).toEqual(['A due']);
  });

  test('says which tenant is inactive', async () => {
    await daily('A', '12:00:00');
    await sql`UPDATE CT_Empresas SET emp_Activo = 0 WHERE emp_Cod = 'E1'`.execute(world.db);
    expect(await decided()).toEqual(['A tenant_inactive']);
  });

  test('shows the inactive ones of those that are asked for by name', async () => {
    await daily('A', '12:00:00', { active: 0 });
    await daily('B', '12:00:00', { active: 0, tenant: 'E2' });
    expect(await decided()).toEqual([]);
    expect(await decided({ alert: 'A' })).toEqual(['A inactive']);
    expect(await decided({ tenant: 'E2' })).toEqual(['B inactive']);
    expect(await decided({ tenant: 'E2', alert: 'A' })).toEqual([]);
  });

  test('shows the decisions asked for, page by page, and counts all', async () => {
    for (const code of ['A', 'B', 'C']) await daily(code, '12:00:00');
    await daily('W', '20:00:00');
    const first = await scan({ decisions: ['due'], limit: 2 });
    expect(first).toMatchObject({ counts: { due: 3, waiting: 1 }, next: 'B' });
    expect(first.decisions.map(({ alert }) => alert)).toEqual(['A', 'B']);
    const rest = await scan({ decisions: ['due'], limit: 2, cursor: 'B' });
    expect(rest).toMatchObject({ decisions: [{ alert: 'C' }], next: null });
    await sql`UPDATE CT_Alertas_Config SET cfg_HoraEnvio = '20:00:00' WHERE cfg_Cod = 'B'`.execute(world.db);
    const later = await scan({ decisions: ['due'], limit: 2, cursor: 'B' });
    expect(later).toMatchObject({ counts: { due: 2 }, decisions: [{ alert: 'C' }], next: null });
  });

  test('asks the control database three times, however many alerts there are', async () => {
    for (const code of ['A', 'B', 'C']) await daily(code, '12:00:00');
    const before = world.statements();
    await scan();
    expect(world.statements() - before).toBeLessThanOrEqual(3);
  });
});

describe('a dry scan before a real one', () => {
  /** How far the clock goes on, and what an operator writes before the scans. */
  const steps: readonly (readonly [object, string])[] = [
    [{ minutes: 1 }, ''],
    [{ minutes: 4 }, `UPDATE CT_Alertas_Config SET cfg_HoraEnvio = '12:09:00' WHERE cfg_Cod = 'A'`],
    [{ minutes: 10 }, ''],
    [{ minutes: 45 }, ''],
    [{ minutes: 1 }, `UPDATE CT_Alertas_Config SET cfg_HoraEnvio = '12:02:00' WHERE cfg_Cod = 'B'`],
    [{ hours: 12 }, `UPDATE CT_Alertas_Config SET cfg_Activo = 0 WHERE cfg_Cod = 'C'`],
    [{ hours: 11 }, `UPDATE CT_Alertas_Config SET cfg_Activo = 1 WHERE cfg_Cod = 'C'`],
    [{ hours: 24 * 9 }, `UPDATE CT_Alertas_Config SET cfg_HoraEnvio = '07:00:00' WHERE cfg_Cod = 'D'`],
    [{ seconds: 30 }, ''],
    [{ hours: 26 }, `UPDATE CT_Empresas SET emp_ZonaHoraria = 'Europe/Madrid' WHERE emp_Cod = 'E2'`],
  ];

  test('tells exactly what that then records, after outages and edits too', async () => {
    await daily('A', '12:06:00');
    await daily('B', '12:17:00');
    await daily('C', '00:03:00', { tenant: 'E2' });
    await daily('D', '11:59:30', { tenant: 'E2' });
    await sql`
      INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_TipoDisparo, cfg_FechasPuntuales)
      VALUES ('P', 'E1', 'PUNTUAL', ${`${day} 12:01,${day} 12:16,${day} 12:40`})`.execute(world.db);
    const recorded = async (above: number) => {
      const { rows } = await sql<{ id: number; line: string }>`
        SELECT sch_id AS id, CONCAT(schcfg_Cod, ' ', CONVERT(VARCHAR(26), sch_Ocurrencia, 121), ' ',
          CASE WHEN sch_Estado = 'PERDIDA' THEN sch_Motivo ELSE 'goes out' END) AS line
        FROM CT_Scheduler_Alertas WHERE sch_id > ${above}`.execute(world.db);
      return rows;
    };
    for (const [moved, edit] of steps) {
      await world.clock.moveBy(moved);
      if (edit !== '') await sql.raw(edit).execute(world.db);
      const { decisions } = await scan({ limit: 1000 });
      const told = decisions.flatMap(({ alert, occurrences }) =>
        occurrences
          .filter(({ decision }) => decision !== 'already')
          .map(({ at, reason }) => `${alert} ${spaced(at)} ${reason ?? 'goes out'}`),
      );
      const last = Math.max(0, ...(await recorded(0)).map(({ id }) => id));
      expect(await scan({ dryRun: false })).toMatchObject({ failures: [] });
      const done = (await recorded(last)).map(({ line }) => line);
      expect({ moved, done: done.toSorted() }).toEqual({ moved, done: told.toSorted() });
    }
  });
});

/** As SQL Server writes it. */
function spaced(at: string): string {
  return at.replace('T', ' ').replace(/(?=[+-]..:..$)/, ' ');
}

test('an alert that there is not is a problem', async () => {
  expect(await world.post('scan', { alert: 'NADIE' })).toMatchObject({
    status: 404,
    body: { code: 'unknown_alert', detail: 'CT_Alertas_Config has no row NADIE.' },
  });
});

describe('a real scan', () => {
  test('is that of the timer: claims, sends, is recorded, and stands in the audit', async () => {
    await daily('A', '12:00:00');
    const sent = world.messages.length;
    const { status, body } = await world.post('scan', { dryRun: false }, { 'x-operator': 'ana' });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        dryRun: false,
        at: `${day}T15:00:00Z`,
        durationMs: expect.any(Number),
        ...{ candidates: 1, claimed: 1, missed: 0, swept: 0, left: 0, finished: true, failures: [] },
      },
    });
    expect(world.messages.length).toBe(sent + 1);
    expect((await world.get('status')).body).toMatchObject({ scans: [{ claimed: 1, error: null }] });
    expect((await world.get('audit')).body).toMatchObject({
      entries: [{ who: 'ana', act: 'scan', on: 'everything' }],
    });
    expect(world.log.events).toContainEqual({
      event: 'manage.acted',
      fields: { act: 'scan', who: 'ana', on: 'everything' },
    });
  });

  test.each([
    [{ dryRun: false, at: '2026-03-02T12:00:00Z' }, 'body.at is for dry runs alone'],
    [{ dryRun: false, tenant: 'E1' }, 'body.tenant is for dry runs alone'],
    [{ dryRun: false, limit: 5, decisions: ['due'] }, 'body.limit is for dry runs alone'],
    [{ dryRun: 'no' }, 'body.dryRun must be true or false'],
    [{ at: '2099-01-01T00:00:00Z' }, 'body.at must lie at most a year ahead'],
    [{ at: '12:00' }, 'body.at must be an instant'],
    [{ decisions: ['soon'] }, 'body.decisions.0 must be one of due, late'],
    [{ cursor: 'NADIE' }, 'body.cursor must be what `next` of the answer before said'],
    [{ dry: false }, 'body.dry is not known here'],
  ])('is not what %j asks for', async (body, detail) => {
    const before = await allRows(world.db);
    expect(await world.post('scan', body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', detail: expect.stringContaining(detail) },
    });
    expect(await allRows(world.db)).toEqual(before);
  });
});
