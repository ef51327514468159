import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manageWorld, type ManageWorld } from './manage-world.ts';

const now = '2026-03-02T10:00:00-03:00';
let world: ManageWorld;
beforeAll(async () => {
  world = await manageWorld(now);
  await world.db
    .insertInto('CT_Empresas')
    .values([
      { emp_Cod: 'AR', emp_Nombre: 'Sur' },
      { emp_Cod: 'ES', emp_Nombre: 'Norte', emp_ZonaHoraria: 'Europe/Madrid' },
    ])
    .execute();
  const alert = (code: string, more: object) => ({ cfg_Cod: code, cfgemp_Cod: 'AR', ...more });
  await world.db
    .insertInto('CT_Alertas_Config')
    .values([
      alert('DIARIA', { cfg_TipoDisparo: 'PERIODICO', cfg_Frecuencia: 'SEMANAL', cfg_DiasSemana: '1,3' }),
      alert('VACIA', { cfg_TipoDisparo: 'PERIODICO', cfg_Frecuencia: 'CADA TANTO' }),
      alert('LISTA', {
        cfg_TipoDisparo: 'PUNTUAL',
        cfg_FechasPuntuales: '2026-03-10 08:00, 2026-03-10 20:00',
        cfg_Activo: false,
      }),
      alert('NOCHE', {
        cfgemp_Cod: 'ES',
        cfg_TipoDisparo: 'PERIODICO',
        cfg_Frecuencia: 'DIARIO',
      }),
    ])
    .execute();
  await sql`UPDATE CT_Alertas_Config SET cfg_HoraEnvio = '02:30:00' WHERE cfg_TipoDisparo = 'PERIODICO'`.execute(
    world.db,
  );
});
afterAll(() => world[Symbol.asyncDispose]());

describe('GET alerts/{code}/occurrences', () => {
  test('begins now, in the zone of the tenant, and says where to go on', async () => {
    expect(await world.get('alerts/DIARIA/occurrences?limit=2')).toEqual({
      status: 200,
      type: 'application/json',
      body: {
        alert: 'DIARIA',
        zone: 'America/Argentina/Buenos_Aires',
        active: true,
        pauses: [],
        occurrences: [
          { at: '2026-03-04T02:30:00-03:00', local: '2026-03-04T02:30:00', key: '2026-03-04' },
          { at: '2026-03-09T02:30:00-03:00', local: '2026-03-09T02:30:00', key: '2026-03-09' },
        ],
        next: '2026-03-11T02:30:00-03:00',
      },
    });
  });

  test('takes any span: from inclusive, to exclusive, whatever offset they are written in', async () => {
    const span = 'from=2026-03-10T11:00:00Z&to=2026-03-10T20:00:00-03:00';
    const { body } = await world.get(`alerts/LISTA/occurrences?${span}`);
    expect(body).toMatchObject({
      occurrences: [{ at: '2026-03-10T08:00:00-03:00', key: '2026-03-10T08:00:00' }],
      next: null,
    });
  });

  test('shows an hour that the clocks leave out where it is sent, under its own key', async () => {
    const { body } = await world.get('alerts/NOCHE/occurrences?from=2026-03-29T00:00:00%2B01:00&limit=1');
    expect(body).toMatchObject({
      zone: 'Europe/Madrid',
      occurrences: [{ at: '2026-03-29T03:30:00+02:00', local: '2026-03-29T03:30:00', key: '2026-03-29' }],
    });
  });

  test('takes a plus that was not encoded', async () => {
    const { status } = await world.get('alerts/NOCHE/occurrences?from=2026-03-29T00:00:00+01:00');
    expect(status).toBe(200);
  });

  test('says that nothing goes out, because the alert or its tenant is inactive', async () => {
    const span = 'from=2026-03-10T00:00:00Z';
    expect((await world.get(`alerts/LISTA/occurrences?${span}`)).body).toMatchObject({
      active: false,
      occurrences: [{}, {}],
    });
    await sql`UPDATE CT_Empresas SET emp_Activo = 0 WHERE emp_Cod = 'ES'`.execute(world.db);
    expect((await world.get(`alerts/NOCHE/occurrences?${span}&limit=1`)).body).toMatchObject({
      active: false,
    });
    await sql`UPDATE CT_Empresas SET emp_Activo = 1`.execute(world.db);
  });

  test('tells the pauses that concern the alert and are not over when it begins', async () => {
    await sql`
      INSERT INTO CT_Scheduler_Pausas (pauemp_Cod, paucfg_Cod, pau_Desde, pau_Hasta, pau_Motivo) VALUES
        ('ES', NULL, '2026-03-01', '2026-03-05', N'mudanza'), ('AR', NULL, '2026-03-01', NULL, N'otra'),
        (NULL, 'noche', '2026-03-01', '2026-04-01', N'revisión');`.execute(world.db);
    const whyOf = async (from: string) => {
      const { body } = await world.get(`alerts/NOCHE/occurrences?from=${from}&limit=1`);
      return (body as { pauses: { why: string }[] }).pauses.map(({ why }) => why);
    };
    expect(await whyOf('2026-03-04T23:59:59Z')).toEqual(['mudanza', 'revisión']);
    expect(await whyOf('2026-03-05T00:00:00Z')).toEqual(['revisión']);
    await sql`DELETE FROM CT_Scheduler_Pausas`.execute(world.db);
  });

  test('reads far away times without the years between', async () => {
    const { body } = await world.get('alerts/DIARIA/occurrences?from=2999-12-31T00:00:00Z&limit=1');
    expect(body).toMatchObject({ occurrences: [{ key: '3000-01-01' }] });
  });

  test.each([
    ['alerts/NADIE/occurrences', 404, 'unknown_alert', 'CT_Alertas_Config has no row NADIE.'],
    ['alerts/VACIA/occurrences', 409, 'alert_invalid', 'cfg_Frecuencia dice "CADA TANTO"'],
    ['alerts/DIARIA/occurrences?limit=0', 400, 'invalid_request', 'query.limit must be a whole number'],
    ['alerts/DIARIA/occurrences?limit=1001', 400, 'invalid_request', 'query.limit must be a whole number'],
    ['alerts/DIARIA/occurrences?from=2026-03-02', 400, 'invalid_request', 'query.from must be an instant'],
    [
      'alerts/DIARIA/occurrences?from=-271821-04-20T00:00:00Z',
      400,
      'invalid_request',
      'between the years 2 and 9997',
    ],
    [
      'executions?to=9999-12-31T23:59:59-03:00',
      400,
      'invalid_request',
      'query.to must lie between the years',
    ],
    ['alerts/DIARIA/occurrences?form=1', 400, 'invalid_request', 'query.form is not known here'],
    ['alertas', 404, 'unknown_path', 'There is no /api/manage/alertas.'],
  ])('answers %s with a problem', async (path, status, code, detail) => {
    expect(await world.get(path)).toEqual({
      status,
      type: 'application/problem+json',
      body: expect.objectContaining({ status, code, detail: expect.stringContaining(detail) }),
    });
  });
});
