import { HttpRequest } from '@azure/functions';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { createVigia } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { controlDatabase, emptyDatabase, type TestDatabase } from '../../support/control-database.ts';
import { sqlProxy } from '../../support/sql-proxy.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await controlDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

function appOn(connection: string) {
  const config = loadConfig({
    CONTROL_DATABASE: connection,
    AzureWebJobsStorage: storageConnection(inject('ports')),
  });
  const lines: string[] = [];
  const app = createVigia(config, { write: (line) => lines.push(line) });
  const ask = async (path: string, method: 'GET' | 'POST' = 'GET', body?: unknown) => {
    const answer = await app.manage(
      new HttpRequest({
        method,
        url: `https://vigia.test/api/manage/${path}`,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: { string: JSON.stringify(body) },
        }),
      }),
    );
    const headers = new Headers(answer.headers);
    const text = Buffer.isBuffer(answer.body) ? answer.body.toString() : '';
    const isJson = headers.get('content-type')?.includes('json') ?? false;
    const told: unknown = isJson ? JSON.parse(text) : text;
    return { status: answer.status, retryAfter: headers.get('retry-after'), body: told };
  };
  return { ask, lines, [Symbol.asyncDispose]: app.close };
}

const away = {
  status: 503,
  retryAfter: '10',
  body: { status: 503, code: 'control_database_unavailable', detail: expect.stringContaining('Try again') },
};

test('an app that starts while the control database is away says so, serves its reference, and works once it is back', async () => {
  await using proxy = await sqlProxy(database.connection);
  await proxy.goAway();
  await using app = appOn(proxy.connection);
  expect(await app.ask('status')).toMatchObject(away);
  expect(await app.ask('pause', 'POST', { tenant: 'E01', why: 'x' })).toMatchObject({
    ...away,
    body: { detail: expect.stringContaining('GET audit') },
  });
  expect(await app.ask('openapi.json')).toMatchObject({ status: 200, body: { openapi: '3.1.0' } });
  expect(await app.ask('docs')).toMatchObject({ status: 200 });
  expect(await app.ask('docs/viewer.js')).toMatchObject({ status: 200 });
  expect(await app.ask('nothing')).toMatchObject({ status: 404, body: { code: 'unknown_path' } });
  expect(await app.ask('status', 'POST')).toMatchObject({ status: 405, body: { code: 'wrong_method' } });
  proxy.comeBack();
  expect(await app.ask('status')).toMatchObject({ status: 200 });
});

test('a running app whose control database goes away says so, and works once it is back', async () => {
  await using proxy = await sqlProxy(database.connection);
  await using app = appOn(proxy.connection);
  expect(await app.ask('executions')).toMatchObject({ status: 200 });
  await proxy.goAway();
  expect(await app.ask('executions')).toMatchObject(away);
  expect(await app.ask('alerts')).toMatchObject(away);
  expect(app.lines.filter((line) => line.includes('manage.failed'))).toHaveLength(1);
  proxy.comeBack();
  expect(await app.ask('executions')).toMatchObject({ status: 200 });
});

test('a control database that takes connections and says nothing is away', async () => {
  await using proxy = await sqlProxy(database.connection);
  proxy.hang();
  await using app = appOn(`${proxy.connection};Connect Timeout=1`);
  expect(await app.ask('status')).toMatchObject(away);
});

test('a control database that is not migrated is answered with what to do', async () => {
  await using empty = await emptyDatabase();
  await using app = appOn(empty.connection);
  expect(await app.ask('status')).toMatchObject({
    status: 503,
    body: {
      code: 'control_database_unavailable',
      detail: expect.stringContaining('Run: npm run migrate'),
    },
  });
});
