import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { manageWorld, type ManageWorld } from './manage-world.ts';

interface Page {
  occurrences: { alert: string; at: string }[];
  next: string | null;
}

const pageOf = async (world: ManageWorld, query: string) => {
  const { body } = await world.get(`agenda?to=2026-03-03T13:00:00Z&${query}`);
  const { occurrences, next } = body as Page;
  return { shown: occurrences.map(({ alert, at }) => `${at} ${alert}`), next };
};

const timeOf = (code: number) => `${String(code % 24).padStart(2, '0')}:${String(code).padStart(2, '0')}`;

/** Forty alerts that fire once in the next 24 hours, each with the pointer that a scan gives it. */
async function forty(world: ManageWorld) {
  await sql`INSERT INTO CT_Empresas (emp_Cod) VALUES ('E1')`.execute(world.db);
  for (let code = 11; code <= 50; code++)
    await sql`
      INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio)
      VALUES (${`A${code}`}, 'E1', 'PERIODICO', 'DIARIO', ${timeOf(code)})`.execute(world.db);
  const { shown } = await pageOf(world, 'limit=1000');
  for (const line of shown) {
    const [at, alert] = line.split(' ');
    await sql`
      INSERT INTO CT_Scheduler_Agenda (agecfg_Cod, age_Huella, age_Proxima)
      VALUES (${alert}, 'x', CAST(${at} AS DATETIMEOFFSET(0)))`.execute(world.db);
  }
  await sql`UPDATE CT_Scheduler_Estado SET est_Version = CONVERT(BIGINT, @@DBTS) WHERE est_id = 1`.execute(
    world.db,
  );
}

test('pages of the agenda hold together what would fire, whatever the pointers of some alerts say', async () => {
  await using world = await manageWorld('2026-03-02T13:00:00Z');
  await forty(world);
  await sql`
    UPDATE CT_Alertas_Config SET cfg_HoraEnvio = '23:59:00' WHERE cfg_Cod IN ('A25', 'A26', 'A49', 'A50');
    UPDATE CT_Alertas_Config SET cfg_HoraEnvio = '10:01:00' WHERE cfg_Cod = 'A33';
    UPDATE CT_Scheduler_Agenda SET age_Proxima = DATEADD(DAY, 1, age_Proxima) WHERE agecfg_Cod IN ('A13', 'A36');
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Origen, sch_Revisar) VALUES
      ('A13', 'PENDIENTE', 'AGENDA', '2026-03-02T13:00:30'), ('A36', 'PENDIENTE', 'AGENDA', '2026-03-02T13:00:30');
    UPDATE CT_Scheduler_Agenda SET age_Proxima = '2026-03-02T09:00:00-03:00' WHERE agecfg_Cod = 'A14';
    DELETE FROM CT_Scheduler_Agenda WHERE agecfg_Cod = 'A15';`.execute(world.db);
  // Before now no pointer is asked: every alert is looked at.
  const all = await pageOf(world, 'from=2026-03-02T12:59:59Z&limit=1000');
  expect(all.shown).toHaveLength(40);
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await pageOf(world, cursor === '' ? 'limit=3' : `limit=3&cursor=${cursor}`);
    seen.push(...page.shown);
    cursor = page.next;
  }
  expect(seen).toEqual(all.shown);
});

test('the agenda names the active alerts that the last scan could not read, until they are written again', async () => {
  await using world = await manageWorld('2026-03-02T13:00:00Z');
  await sql`
    INSERT INTO CT_Empresas (emp_Cod) VALUES ('E1'), ('E2');
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_Activo) VALUES
      ('A1', 'E1', 'PERIODICO', 'A VECES', 1), ('A2', 'E1', 'PERIODICO', 'A VECES', 0),
      ('A3', 'E2', 'PERIODICO', 'NUNCA', 1);
    INSERT INTO CT_Scheduler_Agenda (agecfg_Cod, age_Huella, age_Problema) VALUES
      ('A1', 'x', N'cfg_Frecuencia dice "A VECES"'), ('A2', 'x', N'cfg_Frecuencia dice "A VECES"'),
      ('A3', 'x', N'cfg_Frecuencia dice "NUNCA"');
    UPDATE CT_Scheduler_Estado SET est_Version = CONVERT(BIGINT, @@DBTS) WHERE est_id = 1;`.execute(world.db);
  const unreadable = async (query = '') => {
    const { body } = await world.get(`agenda${query}`);
    return (body as { unreadable: object[] }).unreadable;
  };
  const [first, third] = [
    { alert: 'A1', problem: 'cfg_Frecuencia dice "A VECES"' },
    { alert: 'A3', problem: 'cfg_Frecuencia dice "NUNCA"' },
  ];
  expect(await unreadable()).toEqual([first, third]);
  expect(await unreadable('?tenant=e2')).toEqual([third]);
  await sql`UPDATE CT_Alertas_Config SET cfg_Frecuencia = 'DIARIO' WHERE cfg_Cod = 'A1'`.execute(world.db);
  expect(await unreadable()).toEqual([third]);
});
