import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manageWorld, type ManageWorld } from './manage-world.ts';

let world: ManageWorld;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T13:00:00Z');
  await sql`
    INSERT INTO CT_Empresas (emp_Cod) VALUES ('E1'), ('E2');
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfgcan_Cod) VALUES ('A1', 'E1', '0001'), ('A2', 'E1', '0001');`.execute(
    world.db,
  );
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
        id: 1,
        at: '2026-03-02T13:00:00Z',
        who: 'ana@empresa.example',
        act: 'pause',
        on: 'tenant E1, channel 0001',
        detail: { why: 'mudanza', until: '2026-03-03T03:00:00Z' },
      },
    ],
    next: null,
  });
});

test('resume ends those that are about exactly what is named', async () => {
  await world.post('pause', { everything: true, why: 'todo' });
  await world.post('pause', { alert: 'A1', why: 'revisión' });
  await world.clock.moveBy({ minutes: 1 });
  const everything = await world.post('resume', { everything: true }, { 'x-operator': 'José' });
  expect(everything).toMatchObject({
    status: 200,
    body: { pauses: [{ id: 2, why: 'todo', until: '2026-03-02T13:01:00Z' }] },
  });
  expect((await world.get('status')).body).toMatchObject({ pauses: [{ id: 1 }, { id: 3 }] });
  expect((await world.post('resume', { everything: true })).body).toEqual({ pauses: [], stillInForce: [] });
  expect((await world.get('audit?limit=2')).body).toMatchObject({
    entries: [
      { who: 'José', act: 'resume', on: 'everything', detail: { pauses: [2] } },
      { act: 'pause', on: 'alert A1', who: 'unknown' },
    ],
    next: '3',
  });
  expect((await world.get('audit?cursor=3&limit=1')).body).toMatchObject({
    entries: [{ act: 'pause', on: 'everything', who: 'unknown' }],
  });
  expect(world.log.events.filter(({ fields }) => fields['act'] === 'resume')).toEqual([
    { event: 'manage.acted', fields: { act: 'resume', who: 'José', on: 'everything' } },
  ]);
});

test.each([
  [{ tenant: 'NADIE', why: 'x' }, 404, 'unknown_tenant', 'CT_Empresas has no row NADIE.'],
  [{ alert: 'NADIE', why: 'x' }, 404, 'unknown_alert', 'CT_Alertas_Config has no row NADIE.'],
  [{ channel: '9', why: 'x' }, 404, 'unknown_channel', 'CT_Alertas_Canales has no row 9.'],
  [
    { alert: 'A1', tenant: 'E2', channel: '0002', why: 'x' },
    400,
    'invalid_request',
    'body.tenant is not the tenant of the alert A1; leave it out; body.channel is not the channel of the alert A1',
  ],
  [
    { why: 'x' },
    400,
    'invalid_request',
    'body must name a tenant, an alert or a channel, or say "everything": true',
  ],
  [{ everything: true, tenant: 'E1', why: 'x' }, 400, 'invalid_request', 'and not both'],
  [{ everything: false, why: 'x' }, 400, 'invalid_request', 'body.everything must be true, or not there'],
  [{ why: '  ' }, 400, 'invalid_request', 'body.why must say why.'],
  [{}, 400, 'invalid_request', 'body.why is missing.'],
  [{ why: ['x'] }, 400, 'invalid_request', 'body.why must be given once, not as a list.'],
  [{ tenant: 'E1', why: 'x', person: 'P1' }, 400, 'invalid_request', 'body.person is not known here.'],
  [
    { tenant: 'E1', why: 'x', until: '2026-03-02T13:00:00Z' },
    400,
    'invalid_request',
    'body.until must lie in the future.',
  ],
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

test('a pause is kept under the codes of the tables, and resume finds it however they are written', async () => {
  const begun = await world.post('pause', { alert: 'a1', tenant: 'e1', why: 'x' });
  expect(begun.body).toMatchObject({ alert: 'A1', tenant: 'E1' });
  const ended = await world.post('resume', { alert: 'a1', tenant: 'e1' });
  expect(ended.body).toMatchObject({ pauses: [{ alert: 'A1' }] });
  expect((await world.get('audit?limit=1')).body).toMatchObject({ entries: [{ on: 'tenant E1, alert A1' }] });
});

test('resume tells a name that is neither in the tables nor paused from a pause that is not there', async () => {
  const before = await world.get('audit');
  expect(await world.post('resume', { alert: 'A2' })).toMatchObject({ status: 200, body: { pauses: [] } });
  expect(await world.post('resume', { alert: 'NADIE' })).toMatchObject({
    status: 404,
    body: { code: 'unknown_alert' },
  });
  expect(await world.get('audit')).toEqual(before);
});

test('resume tells which pauses still hold back what it named', async () => {
  const until = '2026-03-02T13:30:00Z';
  await world.post('pause', { tenant: 'E1', until, why: 'de E1' });
  await world.post('pause', { tenant: 'E2', until, why: 'de E2' });
  await world.post('pause', { channel: '0002', until, why: 'del correo' });
  await world.post('pause', { everything: true, until, why: 'de todo' });
  expect((await world.post('resume', { alert: 'a1' })).body).toMatchObject({
    stillInForce: [{ why: 'mudanza' }, { why: 'de E1' }, { why: 'de todo' }],
  });
  expect((await world.post('resume', { tenant: 'E1' })).body).toMatchObject({
    pauses: [{ why: 'de E1' }],
    stillInForce: [{ why: 'de todo' }],
  });
});

test('the pause of an alert that was deleted can still be ended', async () => {
  await world.post('pause', { alert: 'A2', why: 'x' });
  await sql`DELETE FROM CT_Alertas_Config WHERE cfg_Cod = 'A2'`.execute(world.db);
  expect((await world.post('resume', { alert: 'A2' })).body).toMatchObject({ pauses: [{ alert: 'A2' }] });
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
