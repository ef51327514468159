import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manageWorld, type ManageWorld } from './manage-world.ts';

let world: ManageWorld;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T10:00:00-03:00');
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Nombre, emp_ZonaHoraria) VALUES
      ('E1', N'Sur', NULL), ('E2', N'Norte', 'Europe/Madrid');
    INSERT INTO CT_Alertas_Config
      (cfg_Cod, cfg_Nombre, cfgemp_Cod, cfgtip_Cod, cfgcan_Cod, cfgprf_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio,
        cfg_DiasMes, cfg_UltimoDiaMes, cfg_FechasPuntuales, cfg_Activo)
    VALUES
      ('A1', N'Vencimientos', 'E1', 'T1', '0002', 'P1', 'PERIODICO', 'DIARIO', '12:49:00', NULL, 0, NULL, 1),
      ('A2', N'Cierre de mes', 'E2', 'T1', '0001', 'P1', 'PERIODICO', 'MENSUAL', '08:00:00', '31', 1, NULL, 1),
      ('A3', N'Feria', 'E2', 'T2', '0001', NULL, 'PUNTUAL', NULL, NULL, NULL, 0, '2026-03-02 20:00, mañana', 1),
      ('A4', N'Rota', 'E1', 'T2', '0001', NULL, 'PERIODICO', 'A VECES', '08:00:00', NULL, 0, NULL, 1),
      ('A5', N'Apagada', 'E1', 'T2', '0001', NULL, 'PERIODICO', 'DIARIO', '11:00:00', NULL, 0, NULL, 0);
    INSERT INTO CT_Scheduler_Agenda (agecfg_Cod, age_Huella, age_Problema) VALUES ('A4', 'x', N'cfg_Frecuencia dice…');
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Motivo, sch_Fecha, sch_Ocurrencia) VALUES
      ('A1', 'ENVIADA', NULL, '2026-02-28', '2026-02-28T12:49:00-03:00'),
      ('A1', 'ERROR', 'consulta_error', '2026-03-01', '2026-03-01T12:49:00-03:00');`.execute(world.db);
});
afterAll(() => world[Symbol.asyncDispose]());

const codesOf = async (query: string) => {
  const { body } = await world.get(`alerts${query}`);
  const { alerts, next } = body as { alerts: { code: string }[]; next: string | null };
  return { codes: alerts.map(({ code }) => code).join(' '), next };
};

describe('GET alerts', () => {
  test('shows each as it is understood, with what comes next and what ran last', async () => {
    const { body } = await world.get('alerts');
    expect(body).toMatchObject({
      alerts: [
        {
          code: 'A1',
          name: 'Vencimientos',
          active: true,
          tenant: 'E1',
          type: 'T1',
          channel: '0002',
          person: null,
          profile: 'P1',
          problem: null,
          next: { at: '2026-03-02T12:49:00-03:00', key: '2026-03-02' },
          last: { id: 2, occurrence: '2026-03-01T12:49:00-03:00', state: 'ERROR', reason: 'consulta_error' },
        },
        { code: 'A2', next: { at: '2026-03-31T08:00:00+02:00' }, last: null },
        {
          code: 'A3',
          next: { key: '2026-03-02T20:00:00' },
          problem: expect.stringContaining('cfg_FechasPuntuales dice "mañana"'),
        },
        { code: 'A4', next: null, problem: expect.stringContaining('cfg_Frecuencia dice "A VECES"') },
        { code: 'A5', active: false, next: null, problem: null },
      ],
      next: null,
    });
  });

  test.each([
    ['?tenant=E2', 'A2 A3'],
    ['?type=T2&active=true', 'A3 A4'],
    ['?channel=0002', 'A1'],
    ['?active=false', 'A5'],
    ['?problem=true', 'A3 A4'],
    ['?problem=false', 'A1 A2 A5'],
    ['?text=CIERRE', 'A2'],
    ['?text=a4', 'A4'],
    ['?text=%25', ''],
  ])('finds %s', async (query, codes) => {
    expect(await codesOf(query)).toEqual({ codes, next: null });
  });

  test('goes on where the page before ended', async () => {
    expect(await codesOf('?limit=3')).toEqual({ codes: 'A1 A2 A3', next: 'A3' });
    expect(await codesOf('?limit=3&cursor=A3')).toEqual({ codes: 'A4 A5', next: null });
  });

  test('finds what is wrong as soon as it is written, and no longer than it is, page by page', async () => {
    await sql`
      UPDATE CT_Scheduler_Estado SET est_Version = CONVERT(BIGINT, @@DBTS) WHERE est_id = 1;
      INSERT INTO CT_Scheduler_Agenda (agecfg_Cod, age_Huella, age_Problema)
      VALUES ('A1', 'x', NULL), ('A2', 'x', NULL), ('A3', 'x', N'cfg_FechasPuntuales dice…');
      UPDATE CT_Alertas_Config SET cfg_Frecuencia = 'A VECES' WHERE cfg_Cod IN ('A1', 'A2');
      UPDATE CT_Alertas_Config SET cfg_Frecuencia = 'DIARIO' WHERE cfg_Cod = 'A4';`.execute(world.db);
    expect(await codesOf('?problem=true&limit=1')).toEqual({ codes: 'A1', next: 'A1' });
    expect(await codesOf('?problem=true&limit=1&cursor=A1')).toEqual({ codes: 'A2', next: 'A2' });
    expect(await codesOf('?problem=true&cursor=A2')).toEqual({ codes: 'A3', next: null });
    expect(await codesOf('?problem=false&limit=1')).toEqual({ codes: 'A4', next: 'A4' });
    expect(await codesOf('?problem=false&limit=2&cursor=A4')).toEqual({ codes: 'A5', next: null });
    await sql`
      UPDATE CT_Alertas_Config SET cfg_Frecuencia = 'DIARIO' WHERE cfg_Cod = 'A1';
      UPDATE CT_Alertas_Config SET cfg_Frecuencia = 'MENSUAL' WHERE cfg_Cod = 'A2';
      UPDATE CT_Alertas_Config SET cfg_Frecuencia = 'A VECES' WHERE cfg_Cod = 'A4';
      DELETE FROM CT_Scheduler_Agenda WHERE agecfg_Cod <> 'A4';
      UPDATE CT_Scheduler_Estado SET est_Version = NULL;`.execute(world.db);
  });

  test('takes for the last execution none that is only claimed', async () => {
    await sql`
      INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Fecha, sch_Ocurrencia)
      VALUES ('A1', 'PENDIENTE', '2026-03-02', '2026-03-02T12:49:00-03:00')`.execute(world.db);
    expect((await world.get('alerts/A1')).body).toMatchObject({ last: { id: 2 } });
    await sql`DELETE FROM CT_Scheduler_Alertas WHERE sch_Estado = 'PENDIENTE'`.execute(world.db);
  });

  test('says why the next one will not go out', async () => {
    const heldBack = async () => {
      const { body } = await world.get('alerts?limit=3');
      return (body as { alerts: { heldBack: string | null }[] }).alerts.map((alert) => alert.heldBack);
    };
    expect(await heldBack()).toEqual([null, null, null]);
    await sql`
      INSERT INTO CT_Scheduler_Pausas (paucan_Cod, pau_Desde, pau_Hasta)
      VALUES ('0001', '2026-03-01', '2026-03-05')`.execute(world.db);
    expect(await heldBack()).toEqual([null, null, 'pausa']);
    await sql`UPDATE CT_Empresas SET emp_Activo = 0 WHERE emp_Cod = 'E1'`.execute(world.db);
    expect(await heldBack()).toEqual(['empresa_inactiva', null, 'pausa']);
    expect((await world.get('agenda')).body).toMatchObject({
      occurrences: [
        { alert: 'A1', heldBack: 'empresa_inactiva' },
        { alert: 'A3', heldBack: 'pausa' },
      ],
    });
    await sql`
      UPDATE CT_Empresas SET emp_Activo = 1;
      DELETE FROM CT_Scheduler_Pausas`.execute(world.db);
    expect((await world.get('agenda')).body).toMatchObject({ occurrences: [{ heldBack: null }, {}] });
  });

  test('refuses what is neither true nor false', async () => {
    expect(await world.get('alerts?active=1')).toMatchObject({
      status: 400,
      body: { detail: 'query.active must be true or false.' },
    });
  });
});

describe('GET alerts/{code}', () => {
  test.each([
    [
      'A1',
      { zone: 'America/Argentina/Buenos_Aires', schedule: { kind: 'daily', time: '12:49:00' }, faults: [] },
    ],
    ['A2', { zone: 'Europe/Madrid', schedule: { kind: 'calendar', lastDayInstead: true } }],
    [
      'A3',
      {
        schedule: { kind: 'listed', entries: ['2026-03-02T20:00:00'] },
        faults: [{ column: 'cfg_FechasPuntuales', value: 'mañana' }],
      },
    ],
    ['A4', { zone: null, schedule: null, faults: [{ column: 'cfg_Frecuencia', value: 'A VECES' }] }],
  ])('says how the row of %s is understood', async (code, expected) => {
    expect((await world.get(`alerts/${code}`)).body).toMatchObject({ code, ...expected });
  });

  test('says that there is no such alert', async () => {
    expect(await world.get('alerts/NADIE')).toMatchObject({ status: 404, body: { code: 'unknown_alert' } });
  });
});

describe('GET agenda', () => {
  const agendaOf = async (query: string) => {
    const { body } = await world.get(`agenda${query}`);
    const { occurrences, next } = body as {
      occurrences: { alert: string; at: string }[];
      next: string | null;
    };
    return { occurrences: occurrences.map(({ alert, at }) => `${alert} ${at}`), next };
  };

  test('shows what fires in the next 24 hours, of all active alerts, in order', async () => {
    expect(await agendaOf('')).toEqual({
      occurrences: ['A1 2026-03-02T12:49:00-03:00', 'A3 2026-03-02T20:00:00+01:00'],
      next: null,
    });
  });

  test('shows any span, also one that is past, and of one tenant', async () => {
    const february = 'from=2026-02-27T00:00:00-03:00&to=2026-03-01T00:00:00-03:00';
    expect(await agendaOf(`?${february}`)).toEqual({
      occurrences: [
        'A1 2026-02-27T12:49:00-03:00',
        'A2 2026-02-28T08:00:00+01:00',
        'A1 2026-02-28T12:49:00-03:00',
      ],
      next: null,
    });
    expect(await agendaOf(`?${february}&tenant=E2`)).toMatchObject({
      occurrences: ['A2 2026-02-28T08:00:00+01:00'],
    });
  });

  test('cuts at its limit and says where to go on', async () => {
    const year = 'from=2026-03-02T00:00:00Z&to=2027-03-02T00:00:00Z';
    const first = await agendaOf(`?${year}&limit=2`);
    expect(first).toEqual({
      occurrences: ['A1 2026-03-02T12:49:00-03:00', 'A3 2026-03-02T20:00:00+01:00'],
      next: '2026-03-03T15:49:00Z/0',
    });
  });

  test('leaves out what the last scan found due later, unless it is claimed, or was written since', async () => {
    await sql`
      UPDATE CT_Scheduler_Estado SET est_Version = CONVERT(BIGINT, @@DBTS) WHERE est_id = 1;
      INSERT INTO CT_Scheduler_Agenda (agecfg_Cod, age_Huella, age_Proxima) VALUES
        ('A1', 'x', '2026-03-09T12:49:00-03:00');`.execute(world.db);
    expect((await agendaOf('')).occurrences).toEqual(['A3 2026-03-02T20:00:00+01:00']);
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Revisar = '2026-03-02T16:00:00' WHERE sch_id = 2`.execute(
      world.db,
    );
    expect((await agendaOf('')).occurrences).toHaveLength(2);
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Revisar = NULL`.execute(world.db);
    await sql`UPDATE CT_Alertas_Config SET cfg_Nombre = cfg_Nombre WHERE cfg_Cod = 'A1'`.execute(world.db);
    expect((await agendaOf('')).occurrences).toHaveLength(2);
  });

  test('refuses a span that ends before it begins', async () => {
    expect(await world.get('agenda?from=2026-03-02T00:00:00Z&to=2026-03-02T00:00:00Z')).toMatchObject({
      status: 400,
      body: { detail: 'query.to must be later than query.from, which is 2026-03-02T00:00:00Z.' },
    });
  });
});
