import { once } from 'node:events';
import { ISOLATION_LEVEL, Request, TYPES } from 'tedious';
import { expect, test } from 'vitest';
import type { RequestEvent } from '../../../dev/sqlserver/contract.ts';
import { echo, rowsOf, scriptedEngine } from './wire-scripted-engine.ts';
import type { Scripted } from './wire-scripted-engine.ts';
import { aWire, query } from './wire-world.ts';

const count = { name: 'count', type: { name: 'int' }, nullable: false } as const;
const done = (rowCount?: number): RequestEvent => ({
  kind: 'done',
  failed: false,
  isSelect: false,
  ...(rowCount === undefined ? {} : { rowCount }),
});
const failure = (number: number, message: string): RequestEvent[] => [
  { kind: 'message', message: { number, severity: 16, state: 3, message, line: 7 } },
  { kind: 'done', failed: true, isSelect: false },
];

test('a batch tells the rows and the counts of each of its statements', async () => {
  const script = () => [...rowsOf([count], [[1], [2]]), done(5), done(), ...rowsOf([count], [[3]])];
  const world = await aWire(scriptedEngine(script));
  const connection = await world.connect();
  const counts: (number | undefined)[] = [];
  const { rows } = await new Promise<{ rows: unknown[] }>((resolve, reject) => {
    const seen: unknown[] = [];
    const request = new Request('two selects and an update', (error) =>
      error ? reject(error) : resolve({ rows: seen }),
    );
    request.on('row', (columns: { value: unknown }[]) => seen.push(columns.map(({ value }) => value)));
    request.on('done', (rowCount) => counts.push(rowCount));
    connection.execSqlBatch(request);
  });
  expect(rows).toEqual([[1], [2], [3]]);
  expect(counts).toEqual([2, 5, undefined, 1]);
});

test('an error comes with its number, severity, state and line, and the session goes on', async () => {
  const world = await aWire(
    scriptedEngine((request) => (request.text === 'bad' ? failure(547, 'conflict') : echo(request))),
  );
  const connection = await world.connect();
  await expect(query(connection, 'bad')).rejects.toMatchObject({
    message: 'conflict',
    number: 547,
    class: 16,
    state: 3,
    lineNumber: 7,
  });
  await expect(
    query(connection, 'select @a', (r) => r.addParameter('a', TYPES.Int, 1)),
  ).resolves.toMatchObject({
    rows: [[1]],
  });
});

test('an informational message is no error', async () => {
  const print = {
    kind: 'message',
    message: { number: 0, severity: 0, state: 1, message: 'hola', line: 1 },
  } as const;
  const world = await aWire(scriptedEngine(() => [print, done()]));
  const connection = await world.connect();
  const said: string[] = [];
  connection.on('infoMessage', ({ message }) => said.push(message));
  await query(connection, "print 'hola'");
  expect(said).toEqual(['hola']);
});

test('an error of severity 20 ends the connection after it has been told', async () => {
  const message = { number: 21, severity: 21, state: 1, message: 'fatal', line: 1 };
  const world = await aWire(scriptedEngine(() => [{ kind: 'message', message }, done()]));
  const connection = await world.connect();
  const ended = once(connection, 'end');
  await expect(query(connection, 'x')).rejects.toThrow('fatal');
  await ended;
  await expect.poll(() => world.engine.log).toContain('close');
});

test('an engine that breaks costs one connection, and the client is told why', async () => {
  const script = (): RequestEvent[] => {
    throw new Error('no such row description');
  };
  const world = await aWire(scriptedEngine(script));
  await expect(query(await world.connect(), 'x')).rejects.toThrow(
    'The local SQL Server has failed: no such row description',
  );
  await expect.poll(() => world.reports).toEqual(['no such row description']);
  await world.connect();
});

test('output parameters come back by their names', async () => {
  const script = ({ parameters }: Scripted): RequestEvent[] => [
    done(1),
    ...parameters
      .filter(({ output }) => output)
      .map((p) => ({ kind: 'output' as const, parameter: { ...p, value: 'sí' } })),
  ];
  const world = await aWire(scriptedEngine(script));
  const { outputs, rowCount } = await query(await world.connect(), 'select @b = …', (request) => {
    request.addParameter('a', TYPES.Int, 1);
    request.addOutputParameter('b', TYPES.NVarChar, null, { length: 10 });
  });
  expect(outputs).toEqual({ b: 'sí' });
  expect(rowCount).toBe(1);
});

test('the declaration decides on the length of a text, whatever its value says of itself', async () => {
  const seen: Scripted[] = [];
  const world = await aWire(scriptedEngine((request) => (seen.push(request), echo(request))));
  await query(await world.connect(), 'select @a', (request) => {
    request.addParameter('a', TYPES.NVarChar, null);
    request.addParameter('b', TYPES.VarBinary, Buffer.of(1, 2, 3));
  });
  expect(seen.at(-1)?.parameters).toMatchObject([
    { type: { name: 'nvarchar', length: 1 }, value: null },
    { type: { name: 'varbinary', length: 3 }, value: Buffer.of(1, 2, 3) },
  ]);
});

test('a prepared statement runs again with other values until it is let go', async () => {
  const world = await aWire(scriptedEngine(echo));
  const connection = await world.connect();
  const rows: unknown[] = [];
  let settled = Promise.withResolvers<void>();
  const request = new Request('select @a', (error) => (error ? settled.reject(error) : settled.resolve()));
  request.addParameter('a', TYPES.Int, undefined);
  request.on('row', (columns: { value: unknown }[]) => rows.push(columns[0]?.value));
  const step = (run: () => void): Promise<void> => {
    settled = Promise.withResolvers<void>();
    run();
    return settled.promise;
  };
  connection.prepare(request);
  await once(request, 'prepared');
  await step(() => connection.execute(request, { a: 1 }));
  await step(() => connection.execute(request, { a: 2 }));
  await step(() => connection.unprepare(request));
  expect(rows).toEqual([1, 2]);
  await expect(step(() => connection.execute(request, { a: 3 }))).rejects.toThrow(
    'Could not find prepared statement',
  );
});

test('more parameters than SQL Server takes are refused with 8003', async () => {
  const world = await aWire(scriptedEngine(echo));
  const many = (number: number) => (request: Request) => {
    for (let index = 0; index < number; index += 1) request.addParameter(`p${index}`, TYPES.Int, index);
  };
  const connection = await world.connect();
  // The statement and the declarations are arguments too.
  await expect(query(connection, 'select …', many(2_099))).rejects.toMatchObject({ number: 8003 });
  await expect(query(connection, 'select …', many(2_098))).resolves.toMatchObject({ rowCount: 1 });
});

test('transactions of the driver reach the engine with isolation and names', async () => {
  const world = await aWire(scriptedEngine(echo));
  const connection = await world.connect();
  const step = (run: (done: (error?: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => run((error) => (error ? reject(error) : resolve())));
  await step((callback) => connection.beginTransaction(callback, 'outer', ISOLATION_LEVEL['SERIALIZABLE']));
  await step((callback) => connection.saveTransaction(callback, 'half'));
  await query(connection, 'select @a', (request) => request.addParameter('a', TYPES.Int, 1));
  await step((callback) => connection.commitTransaction(callback));
  await step((callback) => connection.beginTransaction(callback));
  await step((callback) => connection.rollbackTransaction(callback));
  expect(world.engine.log).toEqual(['begin', 'save', 'run select @a', 'commit', 'begin', 'rollback']);
});

test('a reset connection resets its session before the next statement', async () => {
  const world = await aWire(scriptedEngine(echo));
  const connection = await world.connect();
  await new Promise<void>((resolve, reject) =>
    connection.reset((error) => (error ? reject(error) : resolve())),
  );
  await query(connection, 'select @a', (request) => request.addParameter('a', TYPES.Int, 1));
  expect(world.engine.log).toEqual(['reset', 'run select @a']);
});

test('a change of database is told to the driver', async () => {
  const change = { kind: 'database', name: 'ventas', previous: 'erp' } as const;
  const world = await aWire(scriptedEngine(() => [change, done()]));
  const connection = await world.connect();
  const changed = once(connection, 'databaseChange');
  await query(connection, 'use ventas');
  await expect(changed).resolves.toEqual(['ventas']);
});

/** Rows that never end, until the request is cancelled. */
async function* endless({ cancelled }: Scripted): AsyncGenerator<RequestEvent> {
  yield { kind: 'columns', columns: [count] };
  const next = (): Promise<boolean> =>
    Promise.race([
      cancelled.then(() => false),
      new Promise<boolean>((resolve) => setImmediate(resolve, true)),
    ]);
  while (await next()) yield { kind: 'row', values: [1] };
}

/** Nothing, until the request is cancelled. */
async function* silent({ cancelled }: Scripted): AsyncGenerator<RequestEvent> {
  await cancelled;
  yield* [];
}

test.each([
  ['that is still silent', silent],
  ['in the middle of its rows', endless],
])('a request %s is cancelled, and the connection stays good', async (_, slow) => {
  const world = await aWire(
    scriptedEngine((request) => (request.text === 'slow' ? slow(request) : echo(request))),
  );
  const connection = await world.connect();
  const timer = setTimeout(() => connection.cancel(), 50);
  const outcome = query(connection, 'slow', (request) => {
    request.once('row', () => connection.cancel());
  });
  await expect(outcome).rejects.toMatchObject({ code: 'ECANCEL' });
  clearTimeout(timer);
  expect(world.engine.log).toEqual(['run slow', 'cancel']);
  const { rows } = await query(connection, 'select @a', (request) => request.addParameter('a', TYPES.Int, 4));
  expect(rows).toEqual([[4]]);
});

test('a request that outlasts its time limit is cancelled on the server', async () => {
  const world = await aWire(
    scriptedEngine((request) => (request.text === 'slow' ? silent(request) : echo(request))),
  );
  const connection = await world.connect({ requestTimeout: 50 });
  await expect(query(connection, 'slow')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  expect(world.engine.log).toEqual(['run slow', 'cancel']);
});

test('a client that leaves in the middle of a request has it cancelled and its session closed', async () => {
  const world = await aWire(scriptedEngine(endless));
  const connection = await world.connect();
  connection.execSqlBatch(new Request('slow', () => undefined).once('row', () => connection.close()));
  await expect.poll(() => world.engine.log).toEqual(['run slow', 'cancel', 'close']);
  expect(world.reports).toEqual([]);
});

test('a slow reader holds the rows back', { timeout: 30_000 }, async () => {
  const all = 4_000;
  const value = 'x'.repeat(8_000);
  let made = 0;
  async function* many(): AsyncGenerator<RequestEvent> {
    yield {
      kind: 'columns',
      columns: [{ name: 'text', type: { name: 'varchar', length: 8_000 }, nullable: false }],
    };
    for (made = 0; made < all; made += 1) yield { kind: 'row', values: [value] };
    yield done(made);
  }
  const world = await aWire(scriptedEngine(many));
  const connection = await world.connect();
  let read = 0;
  const request = new Request('many', () => undefined);
  const finished = once(request, 'requestCompleted');
  const firstRow = once(request, 'row');
  request.on('row', () => (read += 1));
  connection.execSqlBatch(request);
  await firstRow;
  request.pause();
  const hasStopped = async (): Promise<boolean> => {
    const before = made;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return made === before;
  };
  await expect.poll(hasStopped, { timeout: 20_000 }).toBe(true);
  // What is under way between the two: the buffers of the system and of the driver.
  expect(made).toBeLessThan(all * 0.75);
  request.resume();
  await finished;
  expect(read).toBe(all);
});
