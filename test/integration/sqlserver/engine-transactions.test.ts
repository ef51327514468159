import { beforeAll, beforeEach, expect, test } from 'vitest';
import { inOrder, ownDatabase } from './engine-client.ts';
import type { SqlClient } from './engine-client.ts';

const database = ownDatabase();

beforeAll(async () => {
  await using sql = await database.client();
  await sql.rows('CREATE TABLE Item (id INT NOT NULL PRIMARY KEY, n INT NOT NULL, version ROWVERSION)');
});

beforeEach(async () => {
  await using sql = await database.client();
  await sql.rows('DELETE FROM Item; INSERT INTO Item (id, n) VALUES (1, 10), (2, 20), (3, 30)');
});

const numbers = async (sql: SqlClient): Promise<unknown[]> =>
  (await sql.rows('SELECT n FROM Item ORDER BY id')).map(([n]) => n);

/** Ends the transaction when the other session has come to wait for it. */
const soon = (sql: SqlClient, end: string) => sql.rows(`WAITFOR DELAY '00:00:00.300'; ${end}`);

test('a statement that fails leaves the transaction and what it did before', async () => {
  await using sql = await database.client();
  const { errors, results } = await sql.run(`
    BEGIN TRANSACTION;
    UPDATE Item SET n = 11 WHERE id = 1;
    INSERT INTO Item (id, n) VALUES (1, 0);
    SELECT @@TRANCOUNT, XACT_STATE();
    COMMIT`);
  expect(errors.map(({ number }) => number)).toEqual([2627]);
  expect(results).toEqual([[[1, 1]]]);
  expect(await numbers(sql)).toEqual([11, 20, 30]);
});

test('with XACT_ABORT it ends the transaction and the batch', async () => {
  await using sql = await database.client();
  const { errors, results } = await sql.run(`
    SET XACT_ABORT ON;
    BEGIN TRANSACTION;
    UPDATE Item SET n = 11 WHERE id = 1;
    INSERT INTO Item (id, n) VALUES (1, 0);
    SELECT 1`);
  expect(errors.map(({ number }) => number)).toEqual([2627]);
  expect(results).toEqual([]);
  expect(await sql.rows('SELECT @@TRANCOUNT')).toEqual([[0]]);
  expect(await numbers(sql)).toEqual([10, 20, 30]);
});

test('a failed conversion ends the transaction even without it', async () => {
  await using sql = await database.client();
  await sql.run("BEGIN TRANSACTION; UPDATE Item SET n = 11; SELECT CAST('x' AS INT)");
  expect(await sql.rows('SELECT @@TRANCOUNT')).toEqual([[0]]);
  expect(await numbers(sql)).toEqual([10, 20, 30]);
});

test('transactions count, and only the outermost COMMIT commits', async () => {
  await using sql = await database.client();
  const { results } = await sql.run(`
    BEGIN TRANSACTION; BEGIN TRANSACTION;
    UPDATE Item SET n = 12 WHERE id = 1;
    COMMIT; SELECT @@TRANCOUNT; ROLLBACK; SELECT @@TRANCOUNT`);
  expect(results).toEqual([[[1]], [[0]]]);
  expect(await numbers(sql)).toEqual([10, 20, 30]);
  expect(await sql.number('COMMIT')).toBe(3902);
  expect(await sql.number('ROLLBACK')).toBe(3903);
});

test('a rollback to a savepoint keeps what came before it', async () => {
  await using sql = await database.client();
  await sql.rows(`
    BEGIN TRANSACTION;
    UPDATE Item SET n = 11 WHERE id = 1;
    SAVE TRANSACTION here;
    UPDATE Item SET n = 21 WHERE id = 2;
    ROLLBACK TRANSACTION here;
    COMMIT`);
  expect(await numbers(sql)).toEqual([11, 20, 30]);
  expect(await sql.number('BEGIN TRANSACTION; ROLLBACK TRANSACTION nowhere')).toBe(6401);
});

test('what a text given to sp_executesql cannot be compiled for ends it, not its caller', async () => {
  await using sql = await database.client();
  const { errors, results } = await sql.run(`
    DECLARE @r INT;
    EXEC @r = sp_executesql N'SELECT 1; SELECT nothing FROM Item';
    SELECT @r, @@ERROR;
    EXEC sp_executesql N'SELECT 2; SELEC';
    EXEC sp_executesql N'SELECT missing FROM nowhere; SELECT 3';
    SELECT 4`);
  expect(errors.map(({ number }) => number)).toEqual([207, 102, 208]);
  expect(results).toEqual([[[207, 207]], [[4]]]);
});

test('a transaction that sp_executesql begins or ends for its caller is 266, whatever XACT_ABORT', async () => {
  await using sql = await database.client();
  const { errors, results } = await sql.run(`
    SET XACT_ABORT ON;
    EXEC sp_executesql N'BEGIN TRANSACTION';
    SELECT @@ERROR, @@TRANCOUNT;
    EXEC sp_executesql N'COMMIT';
    SELECT @@TRANCOUNT`);
  expect(errors.map(({ number }) => number)).toEqual([266, 266]);
  expect(results).toEqual([[[266, 1]], [[0]]]);
  expect((await sql.run('BEGIN TRANSACTION', {})).errors.map(({ number }) => number)).toEqual([266]);
  expect(await sql.rows('SELECT @@TRANCOUNT')).toEqual([[1]]);
});

test('of two sessions that wait for each other one gets 1205 and loses its transaction', async () => {
  await using one = await database.client();
  await using two = await database.client();
  await one.rows('BEGIN TRANSACTION; UPDATE Item SET n = 0 WHERE id = 1');
  await two.rows('BEGIN TRANSACTION; UPDATE Item SET n = 0 WHERE id = 2');
  const ends = await Promise.all([
    one.run('UPDATE Item SET n = 1 WHERE id = 2; SELECT @@TRANCOUNT'),
    two.run('UPDATE Item SET n = 2 WHERE id = 1; SELECT @@TRANCOUNT'),
  ]);
  expect(ends.flatMap(({ errors }) => errors.map(({ number }) => number))).toEqual([1205]);
  expect(ends.flatMap(({ results }) => results)).toEqual([[[1]]]);
  const states = await Promise.all([one, two].map((sql) => sql.rows('SELECT @@TRANCOUNT')));
  expect(inOrder(states.flat())).toEqual([[0], [1]]);
});

test('a lock that does not come in time is 1222, and costs the statement alone', async () => {
  await using holder = await database.client();
  await using waiter = await database.client();
  await holder.rows('BEGIN TRANSACTION; UPDATE Item SET n = 0 WHERE id = 1');
  const { errors, results } = await waiter.run(`
    SET LOCK_TIMEOUT 100;
    BEGIN TRANSACTION;
    UPDATE Item SET n = 33 WHERE id = 3;
    UPDATE Item SET n = 11 WHERE id = 1;
    SELECT @@TRANCOUNT, n FROM Item WHERE id = 3;
    COMMIT`);
  expect(errors.map(({ number }) => number)).toEqual([1222]);
  expect(results).toEqual([[[1, 33]]]);
});

test('what sp_executesql sets ends with its call', async () => {
  await using sql = await database.client();
  await sql.rows('SET LOCK_TIMEOUT 700; SET XACT_ABORT ON', {});
  expect(await sql.rows('SELECT @@LOCK_TIMEOUT')).toEqual([[-1]]);
  await sql.rows('SET LOCK_TIMEOUT 700');
  expect(await sql.rows('SELECT @@LOCK_TIMEOUT', {})).toEqual([[700]]);
  await sql.reset();
  expect(await sql.rows('SELECT @@LOCK_TIMEOUT')).toEqual([[-1]]);
});

test('USE inside sp_executesql ends with it', async () => {
  await using sql = await database.client();
  const { results } = await sql.run(`
    EXEC sp_executesql N'USE master; SELECT DB_NAME()';
    SELECT DB_NAME(), COUNT(*) FROM Item`);
  expect(results).toEqual([[['master']], [[database.name, 3]]]);
  expect(await sql.rows('USE master; SELECT DB_NAME()', {})).toEqual([['master']]);
  expect(await sql.rows('SELECT DB_NAME()')).toEqual([[database.name]]);
  expect(await sql.number(`EXEC sp_executesql N'USE master; DROP DATABASE ${database.name}'`)).toBe(3702);
});

test('SCOPE_IDENTITY knows what its own scope has inserted, @@IDENTITY what the session has', async () => {
  await using sql = await database.client();
  const { results } = await sql.run(`
    CREATE TABLE Numbered (id INT NOT NULL IDENTITY(1, 1), n INT NOT NULL);
    INSERT INTO Numbered (n) VALUES (10);
    EXEC sp_executesql N'INSERT INTO Numbered (n) VALUES (20); SELECT SCOPE_IDENTITY()';
    SELECT SCOPE_IDENTITY(), @@IDENTITY`);
  expect(results.map(([row]) => row?.map(Number))).toEqual([[2], [1, 2]]);
});

test('a time-out for locks holds after a statement or a transaction has failed', async () => {
  await using holder = await database.client();
  await using waiter = await database.client();
  await holder.rows('BEGIN TRANSACTION; UPDATE Item SET n = 0 WHERE id = 1');
  const { errors, results } = await waiter.run(`
    SET LOCK_TIMEOUT 100;
    SELECT 1 / 0;
    UPDATE Item SET n = 11 WHERE id = 1;
    BEGIN TRANSACTION;
    SET LOCK_TIMEOUT 50;
    SAVE TRANSACTION here;
    SET LOCK_TIMEOUT 60;
    ROLLBACK TRANSACTION here;
    UPDATE Item SET n = 11 WHERE id = 1;
    ROLLBACK;
    UPDATE Item SET n = 11 WHERE id = 1;
    SELECT @@LOCK_TIMEOUT`);
  expect(errors.map(({ number }) => number)).toEqual([8134, 1222, 1222, 1222]);
  expect(results.at(-1)).toEqual([[60]]);
});

test('readers are not held up, and READPAST skips the rows that another session holds', async () => {
  await using holder = await database.client();
  await using reader = await database.client();
  await holder.rows('BEGIN TRANSACTION; UPDATE Item SET n = 0 WHERE id = 1');
  expect(await numbers(reader)).toEqual([10, 20, 30]);
  expect(await reader.rows('SELECT id FROM Item WITH (UPDLOCK, READPAST) ORDER BY id')).toEqual([[2], [3]]);
  expect(await reader.rows('SELECT id FROM Item WITH (READCOMMITTEDLOCK, READPAST) ORDER BY id')).toEqual([
    [2],
    [3],
  ]);
  const optional =
    'SELECT v.id, i.id FROM (VALUES (1), (2)) v(id) LEFT JOIN Item i WITH (READPAST) ON i.id = v.id ORDER BY v.id';
  expect(await reader.rows(optional)).toEqual([
    [1, null],
    [2, 2],
  ]);
});

test('sessions that take the oldest rows at once take different ones', async () => {
  await using one = await database.client();
  await using two = await database.client();
  const take = `
    BEGIN TRANSACTION;
    UPDATE i SET n = 0 OUTPUT inserted.id FROM Item i
    JOIN (SELECT TOP (1) id FROM Item WITH (UPDLOCK, READPAST, ROWLOCK) WHERE n > 0 ORDER BY n) oldest ON oldest.id = i.id`;
  expect([await one.rows(take), await two.rows(take)]).toEqual([[[1]], [[2]]]);
});

test('an UPDATE that waited looks at the row again', async () => {
  await using one = await database.client();
  await using two = await database.client();
  await one.rows('BEGIN TRANSACTION; UPDATE Item SET n = n + 1 WHERE id = 1');
  const update =
    'UPDATE i SET n = i.n + 1 FROM Item i LEFT JOIN Item o ON o.id = -i.id WHERE i.id = 1 AND i.n < 12';
  const [second] = await Promise.all([two.run(update), soon(one, 'COMMIT')]);
  expect(second.counts).toEqual([1]);
  expect(await numbers(two)).toEqual([12, 20, 30]);
});

const insertUnlessThere = (hints: string): string =>
  `INSERT INTO Item (id, n) SELECT @id, 1 WHERE NOT EXISTS (SELECT 1 FROM Item ${hints} WHERE id = @id)`;

test('NOT EXISTS with UPDLOCK, HOLDLOCK holds back a second inserter of the key, and of no other', async () => {
  await using one = await database.client();
  await using two = await database.client();
  const insert = insertUnlessThere('WITH (UPDLOCK, HOLDLOCK)');
  await one.rows('BEGIN TRANSACTION');
  await one.rows(insert, { id: 9 });
  expect((await two.run(insert, { id: 8 })).counts).toEqual([1]);
  const [second] = await Promise.all([two.run(insert, { id: 9 }), soon(one, 'COMMIT')]);
  expect(second).toMatchObject({ errors: [], counts: [0] });
});

test('without the hints the race ends in 2627', async () => {
  await using one = await database.client();
  await using two = await database.client();
  const insert = insertUnlessThere('');
  await one.rows('BEGIN TRANSACTION');
  await one.rows(insert, { id: 9 });
  const [second] = await Promise.all([two.run(insert, { id: 9 }), soon(one, 'COMMIT')]);
  expect(second.errors.map(({ number }) => number)).toEqual([2627]);
});

const version = async (sql: SqlClient, expression: string): Promise<bigint> => {
  const [row] = await sql.rows(`SELECT CONVERT(BIGINT, ${expression})`);
  return BigInt(String(row?.[0]));
};

test('MIN_ACTIVE_ROWVERSION stays at or below what an open transaction has taken', async () => {
  await using holder = await database.client();
  await using writer = await database.client();
  const before = await version(writer, 'MIN_ACTIVE_ROWVERSION()');
  expect(before).toBe((await version(writer, '@@DBTS')) + 1n);
  await holder.rows('BEGIN TRANSACTION; UPDATE Item SET n = 0 WHERE id = 1');
  const held = await version(holder, '(SELECT version FROM Item WHERE id = 1)');
  for (let n = 0; n < 3; n += 1) await writer.rows('UPDATE Item SET n = n + 1 WHERE id = 2');
  expect(await version(writer, 'MIN_ACTIVE_ROWVERSION()')).toBe(held);
  await holder.rows('COMMIT');
  expect(await version(writer, 'MIN_ACTIVE_ROWVERSION()')).toBe((await version(writer, '@@DBTS')) + 1n);
});

test('a reader that goes by MIN_ACTIVE_ROWVERSION misses no change of ten writers', async () => {
  await using reader = await database.client();
  const seen = new Set<unknown>();
  let from = 0n;
  const read = async (): Promise<void> => {
    const upTo = (await version(reader, 'MIN_ACTIVE_ROWVERSION()')) - 1n;
    const rows = await reader.rows(
      `SELECT id FROM Item WHERE version > CONVERT(BINARY(8), CAST(${from} AS BIGINT))`,
    );
    for (const [id] of rows) seen.add(id);
    from = upTo;
  };
  const writing = Array.from({ length: 10 }, async (_, writer) => {
    await using sql = await database.client();
    for (let n = 0; n < 20; n += 1) {
      await sql.run(
        `BEGIN TRANSACTION; INSERT INTO Item (id, n) VALUES (${1_000 * writer + n + 100}, 1); SELECT 1; COMMIT`,
      );
    }
  });
  const done = Promise.all(writing);
  const end = new AbortController();
  void done.finally(() => end.abort());
  while (!end.signal.aborted) await read();
  await done;
  await read();
  expect(seen.size).toBe(203);
});

test('an application lock lets one in, and goes with its transaction', async () => {
  await using one = await database.client();
  await using two = await database.client();
  const lock = (owner: string, wait: number): string =>
    `DECLARE @r INT; EXEC @r = sp_getapplock @Resource = 'migrate', @LockMode = 'Exclusive', @LockOwner = '${owner}', @LockTimeout = ${wait}; SELECT @r`;
  expect(await one.rows(lock('Session', 0))).toEqual([[0]]);
  expect(await two.rows(lock('Session', 0))).toEqual([[-1]]);
  expect(await two.rows(lock('Session', 100))).toEqual([[-1]]);
  await one.rows("EXEC sp_releaseapplock @Resource = 'migrate', @LockOwner = 'Session'");
  await two.rows('BEGIN TRANSACTION');
  expect(await two.rows(lock('Transaction', 0))).toEqual([[0]]);
  const [waited] = await Promise.all([one.rows(lock('Session', 10_000)), soon(two, 'ROLLBACK')]);
  expect(waited).toEqual([[1]]);
});

test('an application lock can be asked for by a call of its procedure', async () => {
  await using one = await database.client();
  await using two = await database.client();
  const wanted = { Resource: 'call', LockMode: 'Exclusive', LockOwner: 'Session', LockTimeout: 0 };
  expect(await one.call('sp_getapplock', wanted)).toBe(0);
  expect(await two.call('sp_getapplock', wanted)).toBe(-1);
  expect(await one.call('sp_releaseapplock', { Resource: 'call', LockOwner: 'Session' })).toBe(0);
  expect(await two.call('sp_getapplock', wanted)).toBe(0);
  await expect(one.call('sp_nothing', {})).rejects.toMatchObject({ number: 2812 });
  await expect(one.call('sp_getapplock', { Nothing: 1 })).rejects.toMatchObject({ number: 8145 });
});

test('a cancelled statement ends at once, and the session goes on', async () => {
  await using sql = await database.client();
  await sql.rows('BEGIN TRANSACTION; UPDATE Item SET n = 99 WHERE id = 1');
  const begun = performance.now();
  const waiting = sql.run("WAITFOR DELAY '00:00:20'; SELECT 1");
  await new Promise((resolve) => setTimeout(resolve, 100));
  sql.cancel();
  expect((await waiting).results).toEqual([]);
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(await sql.rows('SELECT n, @@TRANCOUNT FROM Item WHERE id = 1')).toEqual([[99, 1]]);
});

test('more statements than are kept prepared go on, in a transaction and after faults', async () => {
  await using sql = await database.client();
  await sql.rows('BEGIN TRANSACTION');
  const divisors = Array.from({ length: 500 }, (_, n) => n);
  const text = divisors.map((divisor) => `SELECT @n / ${divisor}`).join('; ');
  for (let round = 0; round < 5; round += 1) {
    const { results, errors } = await sql.run(text, { n: 820 });
    expect(errors.map(({ number }) => number)).toEqual([8134]);
    expect(results.flat(2).filter((value) => value === 1)).toHaveLength(89);
  }
  expect(await sql.rows('SELECT @n / 1, @@TRANCOUNT', { n: 820 })).toEqual([[820, 1]]);
});
