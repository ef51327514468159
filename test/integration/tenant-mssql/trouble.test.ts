import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { sqlFaults } from '../../support/sql-faults.ts';
import { tenantAt, tenantDatabase, withLogin, type TestTenant } from '../../support/tenant-database.ts';
import { databases, heldRow, never, rowsOf } from './asked-databases.ts';

const opened: (() => unknown)[] = [];

let erp: TestTenant;

beforeAll(async () => {
  erp = await tenantDatabase();
});

afterAll(() => erp[Symbol.asyncDispose]());

afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

describe('a database that cannot be used', () => {
  test('a wrong password and a database that is not there are final, and show no password', async () => {
    await using asked = databases();
    const { query } = asked;
    const wrong = tenantAt('E1', withLogin(erp.database.connection, 'nobody', 'wr0ng-secret'));
    const answer = await query(wrong, 'SELECT 1 AS uno');
    expect(answer).toMatchObject({
      kind: 'final',
      reason: 'empresa_login',
      detail: expect.stringContaining('18456'),
    });
    expect(JSON.stringify(answer)).not.toContain('wr0ng-secret');
    const missing = tenantAt('E1', erp.database.connection.replace(erp.database.name, 'no_such_database'));
    await expect(query(missing, 'SELECT 1 AS uno')).resolves.toMatchObject({
      kind: 'final',
      reason: 'empresa_login',
      detail: expect.stringContaining('4060'),
    });
  });

  test('an unreadable emp_Conexion is final', async () => {
    const tenant = { ...tenantAt('E1', ''), connection: 'no base64' };
    await using asked = databases();
    await expect(asked.query(tenant, 'SELECT 1 AS uno')).resolves.toMatchObject({
      kind: 'final',
      reason: 'empresa_conexion_invalida',
    });
  });

  test('a server that says nothing costs five seconds', async () => {
    const silent = createServer();
    const port = await listening(silent);
    const tenant = tenantAt('E1', `Server=127.0.0.1,${port};Database=x;User Id=x;Password=x-secret`);
    const started = performance.now();
    await using asked = databases();
    await expect(asked.query(tenant, 'SELECT 1 AS uno')).resolves.toMatchObject({
      kind: 'passing',
      reason: 'empresa_no_disponible',
    });
    expect(performance.now() - started).toBeGreaterThan(4_000);
    expect(performance.now() - started).toBeLessThan(9_000);
  });

  test('after three failures it is not asked, until one try of many finds it back', async () => {
    const line = await lineTo(erp.database.connection);
    const tenant = tenantAt('E1', line.connection);
    await using asked = databases({ breaker: { failures: 3, openMs: 500 } });
    const { query } = asked;
    line.refuse(true);
    for (let index = 0; index < 5; index += 1) {
      await expect(query(tenant, 'SELECT 1 AS uno')).resolves.toMatchObject({ kind: 'passing' });
    }
    expect(line.attempts()).toBe(3);
    line.refuse(false);
    const atOnce = () => Promise.all(Array.from({ length: 5 }, () => query(tenant, 'SELECT 1 AS uno')));
    await expect
      .poll(async () => (await atOnce()).map(({ kind }) => kind), { timeout: 5_000 })
      .toEqual(['answer', 'passing', 'passing', 'passing', 'passing']);
    expect(line.attempts()).toBe(4);
    expect(new Set((await atOnce()).map(({ kind }) => kind))).toEqual(new Set(['answer']));
  });

  test.each([1205, 1222])('error %i of the server passes', async (number) => {
    await using asked = databases();
    await using faults = sqlFaults(erp.database.connection);
    await faults.add({ kind: 'fail', statement: `'n${number}'`, number, count: 1 });
    const text = `SELECT 'n${number}' AS x`;
    await expect(asked.query(erp.tenant, text)).resolves.toMatchObject({
      kind: 'passing',
      reason: 'empresa_no_disponible',
      detail: expect.stringContaining(`${number}: `),
    });
    expect(rowsOf(await asked.query(erp.tenant, text))).toEqual([{ x: `n${number}` }]);
  });

  test('a connection that nobody uses is closed', async () => {
    const line = await lineTo(erp.database.connection);
    await using asked = databases({ idleTimeoutMs: 100 });
    await asked.query(tenantAt('E1', line.connection), 'SELECT 1 AS uno');
    expect(line.open()).toBe(1);
    await expect.poll(() => line.open(), { timeout: 5_000 }).toBe(0);
  });

  test('what nobody used for ten minutes is forgotten, and found out anew', async () => {
    const now = performance.now.bind(performance);
    let ahead = 0;
    using _ = vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
    await using asked = databases();
    const ask = (code: string) => asked.query({ ...erp.tenant, code }, 'SELECT 1 AS uno');
    for (const code of ['E1', 'E1', 'E2']) await ask(code);
    ahead = 300_000;
    await ask('E2');
    ahead = 601_000;
    for (const code of ['E2', 'E1', 'E1']) await ask(code);
    expect(asked.writable.map((said) => said.slice(0, 2))).toEqual(['E1', 'E2', 'E1']);
  });

  test('every connection says first that it gives way in a deadlock', async () => {
    await using asked = databases();
    await using faults = sqlFaults(erp.database.connection);
    await faults.add({
      kind: 'fail',
      statement: { matches: '^SET .*DEADLOCK_PRIORITY LOW' },
      number: 50_001,
      count: 1,
    });
    await expect(asked.query(erp.tenant, 'SELECT 1 AS uno')).resolves.toMatchObject({
      detail: expect.stringContaining('50001'),
    });
  });

  test('a connection lost in the middle of a query passes, and the next query has a new one', async () => {
    await using held = await heldRow(erp);
    const line = await lineTo(erp.database.connection);
    const tenant = tenantAt('E1', line.connection);
    await using asked = databases();
    const { query } = asked;
    const answer = query(tenant, held.query);
    await expect.poll(() => line.attempts()).toBe(1);
    setTimeout(line.cut, 300);
    await expect(answer).resolves.toMatchObject({ kind: 'passing', reason: 'empresa_no_disponible' });
    expect(rowsOf(await query(tenant, 'SELECT 1 AS uno'))).toEqual([{ uno: 1 }]);
  });

  test('connections that were lost while nobody used them are not noticed', async () => {
    const line = await lineTo(erp.database.connection);
    const tenant = tenantAt('E1', line.connection);
    await using asked = databases();
    const { query } = asked;
    await query(tenant, 'SELECT 1 AS uno');
    line.cut();
    expect(rowsOf(await query(tenant, 'SELECT 2 AS dos'))).toEqual([{ dos: 2 }]);
    line.cut();
    await expect(asked.lookupRecipients(tenant, { kind: 'profile', profile: 'X' }, never)).resolves.toEqual({
      kind: 'answer',
      value: [],
    });
  });
});

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A line to the server that can be cut, or refuse. */
async function lineTo(connectionString: string) {
  const [, host = '', port = '1433'] = /Server=(?:tcp:)?([^,;]+)(?:,(\d+))?/i.exec(connectionString) ?? [];
  const sockets = new Set<Socket>();
  let refusing = false;
  let attempts = 0;
  const server = createServer((near) => {
    attempts += 1;
    sockets.add(near);
    near.on('error', () => near.destroy());
    if (refusing) return void near.destroy();
    const far = connect(Number(port), host);
    far.on('error', () => near.destroy());
    near.on('close', () => (sockets.delete(near), far.destroy()));
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  const own = await listening(server);
  return {
    connection: connectionString.replace(/Server=[^;]*/i, `Server=127.0.0.1,${own}`),
    attempts: () => attempts,
    open: () => sockets.size,
    refuse: (yes: boolean) => (refusing = yes),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
