import { once } from 'node:events';
import { TYPES } from 'tedious';
import { expect, test } from 'vitest';
import type { Connection } from 'tedious';
import { Faults } from '../../../dev/sqlserver/faults.ts';
import { serveFaultControl } from '../../../dev/sqlserver/serve-fault-control.ts';
import { freePort } from '../../support/free-port.ts';
import { echo, scriptedEngine } from './wire-scripted-engine.ts';
import { aWire, query } from './wire-world.ts';

const ask = (connection: Connection, text: string) =>
  query(connection, text, (request) => request.addParameter('a', TYPES.Int, 1));

test('logins are refused for one user or one database, as often as asked', async () => {
  const world = await aWire(scriptedEngine(echo));
  world.faults.add({ kind: 'refuse-login', database: 'ERP', count: 1, message: 'not today' });
  world.faults.add({ kind: 'refuse-login', user: 'other' });
  await expect(world.connect()).rejects.toThrow('not today');
  await ask(await world.connect(), 'select 1');
  expect(world.engine.logins).toHaveLength(1);
});

test.each([
  ['before' as const, [] as string[]],
  ['after' as const, ['run INSERT a']],
])('a connection drops %s the statement runs', async (when, ran) => {
  const world = await aWire(scriptedEngine(echo));
  world.faults.add({ kind: 'drop', statement: 'insert', when, count: 1 });
  const connection = await world.connect();
  await expect(ask(connection, 'INSERT a')).rejects.toThrow('socket hang up');
  expect(world.engine.log.filter((line) => line.startsWith('run'))).toEqual(ran);
  await ask(await world.connect(), 'INSERT b');
});

test('a connection drops inside TLS as well', async () => {
  const world = await aWire(scriptedEngine(echo));
  world.faults.add({ kind: 'drop', statement: 'INSERT', when: 'before' });
  const connection = await world.connect({ encrypt: true });
  await expect(ask(connection, 'INSERT a')).rejects.toThrow('socket hang up');
});

test('a commit of the driver is a statement too', async () => {
  const world = await aWire(scriptedEngine(echo));
  world.faults.add({ kind: 'drop', statement: 'COMMIT TRANSACTION', when: 'after' });
  const connection = await world.connect();
  await new Promise<void>((resolve) => connection.beginTransaction(() => resolve()));
  const commit = new Promise<Error | null | undefined>((resolve) => connection.commitTransaction(resolve));
  await expect(commit).resolves.toMatchObject({ message: 'socket hang up' });
  expect(world.engine.log).toContain('commit');
});

test('a statement fails with the number asked for, and the next one runs', async () => {
  const world = await aWire(scriptedEngine(echo));
  world.faults.add({ kind: 'fail', statement: { matches: '^update\\s' }, number: 1222, count: 2 });
  const connection = await world.connect();
  await expect(ask(connection, 'UPDATE a')).rejects.toMatchObject({ number: 1222 });
  await ask(connection, 'select from updates');
  await expect(ask(connection, 'update\nb')).rejects.toMatchObject({ number: 1222 });
  await ask(connection, 'UPDATE c');
  expect(world.engine.log).toEqual(['run select from updates', 'run UPDATE c']);
});

test('a dead-lock on demand takes the transaction with it', async () => {
  const world = await aWire(scriptedEngine(echo));
  world.faults.add({ kind: 'fail', statement: 'update', number: 1205, severity: 13 });
  const connection = await world.connect();
  await new Promise<void>((resolve) => connection.beginTransaction(() => resolve()));
  const rolledBack = once(connection, 'rollbackTransaction');
  await expect(ask(connection, 'update a')).rejects.toMatchObject({ number: 1205 });
  await rolledBack;
  expect(world.engine.log).toEqual(['begin', 'rollback']);
});

test('a statement is delayed, and can be cancelled meanwhile', async () => {
  const world = await aWire(scriptedEngine(echo));
  world.faults.add({ kind: 'delay', statement: 'soon', milliseconds: 60 });
  world.faults.add({ kind: 'delay', statement: 'late', milliseconds: 60_000 });
  const connection = await world.connect({ requestTimeout: 1_000 });
  const began = performance.now();
  await ask(connection, 'soon');
  expect(performance.now() - began).toBeGreaterThan(55);
  await expect(ask(connection, 'late')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  expect(world.engine.log).toEqual(['run soon']);
});

test('a silenced statement is never answered, not even its cancellation', async () => {
  const world = await aWire(scriptedEngine(echo));
  world.faults.add({ kind: 'silence', statement: 'INSERT' });
  const connection = await world.connect({ requestTimeout: 50, cancelTimeout: 100 });
  const ended = once(connection, 'end');
  await expect(ask(connection, 'INSERT a')).rejects.toThrow('Failed to cancel request');
  await ended;
  await expect.poll(() => world.engine.log).toEqual(['close']);
});

test('a mute server accepts connections and says nothing', async () => {
  const world = await aWire(scriptedEngine(echo));
  world.faults.add({ kind: 'mute' });
  await expect(world.connect({ connectTimeout: 100 })).rejects.toMatchObject({ code: 'ETIMEOUT' });
  world.faults.clear();
  await ask(await world.connect(), 'x');
});

test('a fault of one database strikes there alone, and is cleared without the others', async () => {
  const faults = new Faults();
  faults.add({ kind: 'fail', statement: 'x', database: 'One', number: 50_001 });
  faults.add({ kind: 'fail', statement: 'x', database: 'two', number: 50_002 });
  expect(faults.atStatement('x', 'three')).toBeUndefined();
  expect(faults.atStatement('x', 'TWO')).toMatchObject({ number: 50_002 });
  faults.clear('one');
  expect(faults.atStatement('x', 'one')).toBeUndefined();
  expect(faults.atStatement('x', 'two')).toMatchObject({ number: 50_002 });
});

test('another process adds and clears faults over HTTP, and is told what is wrong with one', async ({
  onTestFinished,
}) => {
  const faults = new Faults();
  const port = await freePort();
  const control = await serveFaultControl(port, faults);
  onTestFinished(() => control.close());
  const call = (method: string, body?: unknown): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/faults`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  expect((await call('POST', { kind: 'fail', statement: 'x', number: 50_000 })).status).toBe(204);
  expect(faults.atStatement('exec X', 'a')).toMatchObject({ kind: 'fail', number: 50_000 });
  expect((await call('DELETE')).status).toBe(204);
  expect(faults.atStatement('exec X', 'a')).toBeUndefined();
  const refused = await call('POST', { kind: 'fail', statement: { matches: '(' }, number: 1, oops: true });
  expect(refused.status).toBe(400);
  const why = await refused.text();
  expect(why).toContain('oops');
  expect((await call('GET')).status).toBe(405);
});
