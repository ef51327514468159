import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manageWorld, type ManageWorld } from './manage-world.ts';

let world: ManageWorld;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T13:00:00Z');
  await sql`
    INSERT INTO CT_Empresas (emp_Cod) VALUES ('E1');
    INSERT INTO CT_Alertas_Config (cfg_Cod) VALUES ('A1');
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado) VALUES ('VIEJA', 'ENVIADA');`.execute(world.db);
});
afterAll(() => world[Symbol.asyncDispose]());

test.each([
  ['alerts?tenant=NADIE', 'unknown_tenant'],
  ['agenda?tenant=NADIE', 'unknown_tenant'],
  ['executions?tenant=NADIE', 'unknown_tenant'],
  ['executions?alert=NADIE', 'unknown_alert'],
  ['faults?tenant=NADIE', 'unknown_tenant'],
  ['faults?alert=NADIE&reason=webhook_red', 'unknown_alert'],
  ['problems?tenant=NADIE', 'unknown_tenant'],
])('GET %s names nothing that is there', async (path, code) => {
  expect(await world.get(path)).toMatchObject({
    status: 404,
    body: { code, detail: expect.stringContaining('has no row NADIE') },
  });
});

test.each([
  [{ tenant: 'NADIE' }, 'unknown_tenant'],
  [{ alert: 'NADIE' }, 'unknown_alert'],
  [{ tenant: 'E1', alert: 'NADIE' }, 'unknown_alert'],
])('POST scan of %j names nothing that is there', async (body, code) => {
  expect(await world.post('scan', body)).toMatchObject({ status: 404, body: { code } });
});

test.each([
  'alerts?tenant=e1',
  'agenda?tenant=E1',
  'executions?tenant=E1&alert=a1',
  'executions?alert=VIEJA',
  'faults?alert=A1&tenant=E1',
  'problems?tenant=E1&table=CT_Alertas_Config',
])('GET %s may find nothing, or what is on record of a row that was deleted', async (path) => {
  expect(await world.get(path)).toMatchObject({ status: 200 });
});

test.each(['executions', 'faults'])(
  'GET %s by an unknown reason tells those that are known',
  async (path) => {
    expect(await world.get(`${path}?reason=nada`)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('query.reason must be one of vista_tarde, ') },
    });
  },
);
