import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manageWorld, type ManageWorld } from './manage-world.ts';

let world: ManageWorld;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T13:00:00Z');
  await sql`
    INSERT INTO CT_Empresas (emp_Cod) VALUES ('E1');
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod) VALUES ('A1', 'E1');`.execute(world.db);
});
afterAll(() => world[Symbol.asyncDispose]());

test('a pause is in force from now, shown in status, and on record with who and why', async () => {
  const begun = await world.post(
    'pause',
    { tenant: 'E1', channel: '0001', until: '2026-03-03T00:00:00-03:00', why: 'mudanza' },
    { 'x-operator': 'ana@empresa.example' },
  );
  const pause = {
    id: 1,
    tenant: 'E1',
    alert: null,
    channel: '0001',
    from: '2026-03-02T13:00:00Z',
    until: '2026-03-03T03:00:00Z',
    by: 'ana@empresa.example',
    why: 'mudanza',
  };
  expect(begun).toEqual({ status: 201, type: 'application/json', body: pause });
  expect((await world.get('status')).body).toMatchObject({ pauses: [pause] });
  expect((await world.get('audit')).body).toEqual({
    entries: [
      {
        id: '1',
        at: '2026-03-02T13:00:00Z',
        who: 'ana@empresa.example',
        action: 'pause',
        what: 'tenant E1, channel 0001',
        detail: 'mudanza',
      },
    ],
    next: null,
  });
});

test('resume ends those that are about exactly what is named', async () => {
  await world.post('pause', { why: 'todo' });
  await world.post('pause', { alert: 'A1', why: 'revisión' });
  await world.clock.moveBy({ minutes: 1 });
  const everything = await world.post('resume', { everything: true }, { 'x-operator': 'José' });
  expect(everything).toMatchObject({
    status: 200,
    body: { pauses: [{ id: 2, why: 'todo', until: '2026-03-02T13:01:00Z' }] },
  });
  expect((await world.get('status')).body).toMatchObject({ pauses: [{ id: 1 }, { id: 3 }] });
  expect((await world.post('resume', { everything: true })).body).toEqual({ pauses: [] });
  expect((await world.get('audit?limit=2')).body).toMatchObject({
    entries: [
      { who: 'unknown', action: 'resume', what: 'everything' },
      { who: 'José', action: 'resume', what: 'everything' },
    ],
    next: '4',
  });
  expect((await world.get('audit?cursor=4&limit=1')).body).toMatchObject({
    entries: [{ action: 'pause', what: 'alert A1', who: 'unknown' }],
  });
});

test.each([
  [{ tenant: 'NADIE', why: 'x' }, 404, 'unknown_tenant', 'CT_Empresas has no row NADIE.'],
  [{ alert: 'NADIE', why: 'x' }, 404, 'unknown_alert', 'CT_Alertas_Config has no row NADIE.'],
  [{ channel: '9', why: 'x' }, 404, 'unknown_channel', 'CT_Alertas_Canales has no row 9.'],
  [{ why: '  ' }, 400, 'invalid_request', 'body.why must say why.'],
  [{}, 400, 'invalid_request', 'body.why'],
  [{ why: 'x', person: 'P1' }, 400, 'invalid_request', 'body.person is not known here.'],
  [{ why: 'x', until: '2026-03-02T13:00:00Z' }, 400, 'invalid_request', 'body.until must lie in the future.'],
  ['{', 400, 'invalid_request', 'body must be JSON'],
  ['', 400, 'invalid_request', 'body'],
])('refuses the pause %j', async (body, status, code, detail) => {
  const before = await world.get('audit');
  expect(await world.post('pause', body)).toMatchObject({
    status,
    type: 'application/problem+json',
    body: { code, detail: expect.stringContaining(detail) },
  });
  expect(await world.get('audit')).toEqual(before);
});

test.each([
  ['resume', {}, 'body must name a tenant, an alert or a channel, or say "everything": true'],
  ['resume', { everything: true, tenant: 'E1' }, 'body must name'],
  ['resume?tenant=E1', { everything: true }, 'query.tenant is not known here'],
  ['resume?tenant=E1', '', 'query.tenant'],
])('refuses POST %s %j, and ends nothing', async (path, body, detail) => {
  const before = await world.get('status');
  expect(await world.post(path, body)).toMatchObject({
    status: 400,
    body: { code: 'invalid_request', detail: expect.stringContaining(detail) },
  });
  expect(await world.get('status')).toEqual(before);
});

test('a body that does not say that it is JSON is refused', async () => {
  const answer = await world.post('pause', '{"why":"x"}', { 'content-type': 'text/plain' });
  expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_body' } });
});
