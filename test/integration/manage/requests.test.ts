import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlFaults } from '../../support/sql-faults.ts';
import { manageWorld, type ManageWorld } from './manage-world.ts';

let world: ManageWorld;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T13:00:00Z');
});
afterAll(() => world[Symbol.asyncDispose]());

describe('a request that cannot be served', () => {
  test.each([
    ['alerts?limit=1e2', 'query.limit must be a whole number from 1 to 1000.'],
    ['alerts?limit=0.5', 'query.limit must be a whole number from 1 to 1000.'],
    ['alerts?limit=5&limit=6', 'query.limit must be given once, not as a list.'],
    ['alerts?text=%00', 'query.text must not contain the character NUL.'],
    ['alerts?text=', 'query.text must not be empty.'],
    [`alerts?text=${'🙂'.repeat(26)}`, 'query.text must be at most 50 characters (an emoji counts as two).'],
    ['alerts/%00', 'path.code must not contain the character NUL.'],
    ['executions?cursor=2147483648', 'query.cursor must be what `next` of the page before said.'],
    ['executions?alert=A1&foo=1&bar=2', 'query.foo is not known here; query.bar is not known here.'],
    ['agenda?cursor=4', 'query.cursor must be what `next` of the page before said.'],
    ['executions/1e2', 'path.id must be the number of an execution.'],
    ['audit?cursor=9007199254740992', 'query.cursor must be what `next` of the page before said.'],
    [
      'alerts/A1/occurrences?to=2026-03-02T00:00:00Z',
      'query.to must be later than query.from, which is 2026-03-02T13:00:00Z.',
    ],
    [
      'executions?from=2026-03-02T00:00:00Z&to=2026-03-02T00:00:00Z',
      'query.to must be later than query.from, which is 2026-03-02T00:00:00Z.',
    ],
  ])('GET %s is told what is wrong with which value, once', async (path, detail) => {
    expect(await world.get(path)).toMatchObject({ status: 400, body: { code: 'invalid_request', detail } });
  });

  test.each([
    [{ everything: true, why: 'a\0b' }, 'body.why must not contain the character NUL.'],
    [
      { everything: true, why: '\ud83d' },
      'body.why must not contain halves of characters (lone surrogates).',
    ],
    [
      { everything: true, why: '🙂'.repeat(201) },
      'body.why must be at most 400 characters (an emoji counts as two).',
    ],
    [{ everything: true, why: 5 }, 'body.why must be a text.'],
    [[], 'body must be a JSON object.'],
    [null, 'body must be a JSON object.'],
    [{ everything: true, why: 'x', until: 7 }, 'body.until must be a text.'],
    [{ everything: true, why: 'x', ['n'.repeat(99)]: 1 }, `body.${'n'.repeat(60)}… is not known here.`],
  ])('POST pause with %j is told in our own words', async (body, detail) => {
    expect(await world.post('pause', body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', detail },
    });
  });

  test('400 characters that two units each make are what the column holds', async () => {
    expect(await world.post('pause', { everything: true, why: '🙂'.repeat(200) })).toMatchObject({
      status: 201,
    });
  });
});

test.each([
  ['PUT', 'manage/status', 'GET'],
  ['POST', 'manage/alerts', 'GET'],
  ['DELETE', 'manage/pause', 'POST'],
  ['GET', 'manage/resume', 'POST'],
])('%s %s is answered with the methods that there are', async (method, path, allowed) => {
  const answer = await world.send(path, { method });
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe(allowed);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toMatchObject({
    code: 'wrong_method',
    detail: `/api/${path} takes ${allowed}, not ${method}.`,
  });
});

test.each(['manage/status/', 'Manage/Status', 'manage/ALERTS?limit=5', 'manage/docs/'])(
  'GET %s is taken for what it means, as the host takes it',
  async (path) => {
    expect((await world.send(path)).status).toBe(200);
  },
);

describe('the key of the host in ?code=', () => {
  test('is no parameter of ours, beside others too', async () => {
    expect((await world.send('manage/status?code=KEY')).status).toBe(200);
    const { body } = await world.get('alerts?code=KEY&text=%2B&limit=0');
    expect(body).toMatchObject({ detail: 'query.limit must be a whole number from 1 to 1000.' });
    expect((await world.send('manage/pause?code=KEY', { method: 'POST' })).status).toBe(400);
  });

  test('is never logged nor answered', async () => {
    const answers = await Promise.all(
      ['manage/nothing', 'manage/alerts/A1', 'manage/pause'].map(async (path) =>
        (await world.send(`${path}?code=KEY`)).text(),
      ),
    );
    expect(answers.join()).not.toContain('KEY');
    expect(JSON.stringify(world.log.events)).not.toContain('KEY');
  });
});

describe('a read that loses a deadlock against a writer', () => {
  test.each([
    ['status', 'FROM CT_Scheduler_Agenda', 200],
    ['problems', 'CT_Alertas_Webhooks', 200],
    ['alerts', 'FROM CT_Alertas_Config', 200],
    ['agenda', 'FROM CT_Alertas_Config', 200],
    ['executions', 'FROM CT_Scheduler_Alertas', 200],
    ['executions/1', 'FROM CT_Scheduler_Alertas', 404],
    ['faults', 'FROM CT_Scheduler_Fallas', 200],
    ['audit', 'CT_Scheduler_Auditoria', 200],
    ['why?alert=000001&date=2026-03-02', 'FROM CT_Scheduler_Alertas s', 200],
  ])('GET %s is answered all the same', async (path, statement, status) => {
    await using faults = sqlFaults(world.connection);
    for (const number of [1205, 1222]) {
      await faults.add({ kind: 'fail', number, statement, count: 1 });
      expect(await world.get(path)).toMatchObject({ status });
    }
  });

  test.each([
    ['alerts/000001/preview', 'FROM CT_Alertas_Config WHERE cfg_Cod', 404],
    ['alerts/000001/test', 'FROM CT_Alertas_Config', 404],
    ['tenants/E01/check', 'FROM CT_Empresas e', 404],
    ['scan', 'FROM CT_Alertas_Config', 200],
  ])('POST %s is answered all the same', async (path, statement, status) => {
    await using faults = sqlFaults(world.connection);
    await faults.add({ kind: 'fail', number: 1205, statement, count: 1 });
    const body = path.endsWith('/test') ? { destination: '+5491155550001' } : {};
    expect(await world.post(path, body)).toMatchObject({ status });
  });
});

describe('in the log, calls that fail', () => {
  const failures = () => world.log.events.filter(({ event }) => event === 'manage.failed');

  test('stand once a minute for each call, with how many were left out', async () => {
    await using faults = sqlFaults(world.connection);
    await faults.add({ kind: 'fail', number: 8134, statement: 'CT_Scheduler_Auditoria', count: 5 });
    await faults.add({ kind: 'fail', number: 8134, statement: 'FROM CT_Scheduler_Fallas', count: 1 });
    const before = failures().length;
    for (const path of ['audit', 'audit?limit=1', 'audit', 'faults'])
      expect(await world.get(path)).toMatchObject({ status: 500, body: { code: 'internal' } });
    const path = '/api/manage/audit';
    const line = { code: 'internal', method: 'GET', path };
    expect(failures().slice(before)).toEqual([
      { event: 'manage.failed', fields: line },
      { event: 'manage.failed', fields: { ...line, path: '/api/manage/faults' } },
    ]);
    await world.clock.moveBy({ seconds: 59 });
    await world.get('audit');
    await world.clock.moveBy({ seconds: 1 });
    await world.get('audit');
    expect(failures().slice(before + 2)).toEqual([
      { event: 'manage.failed', fields: { ...line, leftOut: 3 } },
    ]);
  });

  test('stand once a minute in all while the control database is away', async () => {
    await using faults = sqlFaults(world.connection);
    await faults.add({ kind: 'fail', number: 40613, statement: 'FROM CT_', count: 20 });
    const before = failures().length;
    for (const path of ['executions', 'alerts', 'faults'])
      expect(await world.get(path)).toMatchObject({ status: 503 });
    expect(failures().slice(before)).toMatchObject([{ fields: { code: 'control_database_unavailable' } }]);
  });
});
