import { beforeAll, expect, test } from 'vitest';
import { inOrder, ownDatabase } from './engine-client.ts';

const database = ownDatabase();

beforeAll(async () => {
  await using sql = await database.client();
  await sql.rows(`
    CREATE TABLE Alert (
      id INT IDENTITY(10, 5) NOT NULL CONSTRAINT PK_Alert PRIMARY KEY,
      code VARCHAR(6) NOT NULL CONSTRAINT UQ_Alert UNIQUE,
      name NVARCHAR(20) NULL,
      hour TIME(0) NULL,
      due DATETIMEOFFSET(0) NULL,
      total DECIMAL(12, 2) NULL,
      active BIT NOT NULL CONSTRAINT DF_Alert_active DEFAULT 1,
      kind CHAR(1) NOT NULL DEFAULT 'A' CONSTRAINT CK_Alert_kind CHECK (kind IN ('A', 'B')),
      version ROWVERSION
    )`);
  await sql.rows('CREATE UNIQUE INDEX UX_Alert_name ON Alert (name) INCLUDE (active) WHERE name IS NOT NULL');
  await sql.rows(
    'CREATE TABLE Line (id INT NOT NULL PRIMARY KEY, alert INT NOT NULL CONSTRAINT FK_Line REFERENCES Alert (id))',
  );
});

async function withAlerts(...codes: string[]) {
  const sql = await database.client();
  await sql.rows('DELETE FROM Line; DELETE FROM Alert');
  for (const code of codes) await sql.rows('INSERT INTO Alert (code, total) VALUES (@code, 1.5)', { code });
  return sql;
}

test('INSERT gives what it generated through OUTPUT and SCOPE_IDENTITY', async () => {
  await using sql = await withAlerts();
  const { results, counts } = await sql.run(`
    INSERT INTO Alert (code, name) OUTPUT inserted.id, inserted.active, inserted.kind VALUES ('a', 'uno'), ('b', NULL);
    SELECT SCOPE_IDENTITY(), @@ROWCOUNT`);
  const [inserted = [], identity = []] = results;
  const [[first], [second]] = inserted as [[number], [number]];
  expect(inserted).toEqual([
    [first, true, 'A'],
    [first + 5, true, 'A'],
  ]);
  expect(identity).toEqual([[second, 2]]);
  expect(counts).toEqual([2, 1]);
});

test('columns carry names as written, types and whether they can be NULL', async () => {
  await using sql = await withAlerts();
  const { columns } = await sql.run(
    'SELECT ID, a.name AS Nombre, due, total, active, version, 1 FROM Alert a',
  );
  expect(columns[0]).toEqual([
    { name: 'ID', type: 'Int', nullable: false },
    { name: 'Nombre', type: 'NVarChar', nullable: true },
    { name: 'due', type: 'DateTimeOffset', nullable: true },
    { name: 'total', type: 'Decimal', nullable: true },
    { name: 'active', type: 'Bit', nullable: false },
    { name: 'version', type: 'Binary', nullable: false },
    { name: '', type: 'Int', nullable: false },
  ]);
});

test('a key that is there is 2627 for a constraint and 2601 for an index, each naming the value', async () => {
  await using sql = await withAlerts('a');
  await sql.rows("UPDATE Alert SET name = 'Uno'");
  const { errors, infos } = await sql.run(`
    INSERT INTO Alert (code) VALUES ('A');
    INSERT INTO Alert (code, name) VALUES ('b', 'UNO');
    SELECT 'still here'`);
  expect(errors).toEqual([
    {
      number: 2627,
      message:
        "Violation of UNIQUE KEY constraint 'UQ_Alert'. Cannot insert duplicate key in object 'dbo.Alert'. The duplicate key value is (A).",
    },
    {
      number: 2601,
      message:
        "Cannot insert duplicate key row in object 'dbo.Alert' with unique index 'UX_Alert_name'. The duplicate key value is (UNO).",
    },
  ]);
  expect(infos.map(({ number }) => number)).toEqual([3621, 3621]);
});

test.for([
  ['INSERT INTO Alert (code) VALUES (NULL)', 515],
  ["INSERT INTO Alert (code, kind) VALUES ('c', 'X')", 547],
  ['INSERT INTO Line (id, alert) VALUES (1, -1)', 547],
  ["INSERT INTO Alert (code) VALUES ('seven77')", 2628],
  ["INSERT INTO Alert (code, version) VALUES ('c', 0x01)", 273],
  ["INSERT INTO Alert (id, code) VALUES (1, 'c')", 544],
  ['UPDATE Alert SET version = 0x01', 272],
  ['UPDATE Alert SET id = 3', 8102],
  ["INSERT INTO Alert (code, name) VALUES ('c')", 109],
  ["INSERT INTO Alert (code) VALUES ('c', 'd')", 110],
  ['INSERT INTO Alert (code, name) SELECT code FROM Alert', 120],
  ['SELECT nothing FROM Alert', 207],
  ['SELECT * FROM Nothing', 208],
  ['SELECT id FROM Alert a JOIN Line l ON l.alert = a.id', 209],
  ['SELECT x.id FROM Alert a', 4104],
  ['SELECT code, COUNT(*) FROM Alert', 8120],
  ['SELECT @missing', 137],
  ['SELECT 1 / 0', 8134],
  ['SELECT (SELECT code FROM Alert)', 512],
  ["SELECT CAST('x' AS INT)", 245],
  ['SELECT id FROM Alert ORDER BY 4', 108],
  ['SELECT id FROM Alert UNION SELECT id, code FROM Alert', 205],
  ['SELECT TOP (1) id FROM Alert ORDER BY id OFFSET 1 ROWS', 10741],
  ['WITH q AS (SELECT code FROM Alert) UPDATE q SET code = 1', 40510],
  ['DELETE d FROM (SELECT code FROM Alert) d', 40510],
  ['DELETE Alert FROM Alert a JOIN Alert b ON b.id = a.id', 8154],
  ['SELECT * FROM tsql.types', 208],
  ['SELECT ctid FROM Alert', 207],
  ['SELECT id FROM Alert LIMIT 1', 102],
  ['SELECT PG_SLEEP(1)', 195],
  ['SET IMPLICIT_TRANSACTIONS ON', 40510],
  ['DROP TABLE Nothing', 3701],
  ['CREATE TABLE Alert (id INT)', 2714],
  ['ALTER TABLE Alert ADD CODE INT', 2705],
  ['EXEC sp_nothing', 2812],
] as const)('%s is error %i', async ([text, number]) => {
  await using sql = await withAlerts('a', 'b');
  expect(await sql.number(text)).toBe(number);
  expect(await sql.rows('SELECT COUNT(*) FROM Alert')).toEqual([[2]]);
});

test('a foreign key names the table, the column and the direction', async () => {
  await using sql = await withAlerts('a');
  await sql.rows('INSERT INTO Line (id, alert) SELECT 1, id FROM Alert');
  const { errors } = await sql.run('DELETE FROM Alert');
  expect(errors[0]?.message).toBe(
    `The DELETE statement conflicted with the REFERENCE constraint "FK_Line". The conflict occurred in database "${database.name}", table "dbo.Line", column 'alert'.`,
  );
});

test('UPDATE from OPENJSON changes the rows named there and gives old and new values', async () => {
  await using sql = await withAlerts('a', 'b', 'c');
  const rows = await sql.rows(
    `UPDATE a SET total = j.total, name = j.name
     OUTPUT inserted.code, deleted.total, inserted.total, j.name
     FROM Alert a JOIN OPENJSON(@json) WITH (code VARCHAR(6), total DECIMAL(12, 2), name NVARCHAR(20) '$.who.name') j ON j.code = a.code
     WHERE a.active = 1`,
    {
      json: JSON.stringify([{ code: 'A', total: 7.25, who: { name: 'Añá' } }, { code: 'c' }, { code: 'z' }]),
    },
  );
  expect(inOrder(rows)).toEqual([
    ['a', 1.5, 7.25, 'Añá'],
    ['c', 1.5, null, null],
  ]);
});

test('OPENJSON takes the members of each row that hold a value, as they are written', async () => {
  await using sql = await withAlerts();
  const rows = await sql.rows(
    `SELECT a, b, [a b], nested, same FROM OPENJSON(@json)
     WITH (a NVARCHAR(20), b BIT, [a b] NVARCHAR(9), nested INT '$.deep.er', same NVARCHAR(20) '$.a')`,
    {
      json: JSON.stringify([
        { a: 'ñ "x"', b: true, 'a b': 'q', deep: { er: 4 } },
        { a: null, A: 'other', b: 0 },
        { a: { is: 'an object' }, deep: [] },
        7,
      ]).replace('"b":0', '"b":0,"a":1.50'),
    },
  );
  expect(rows).toEqual([
    ['ñ "x"', true, 'q', 4, 'ñ "x"'],
    ['1.50', false, null, null, '1.50'],
    [null, null, null, null, null],
    [null, null, null, null, null],
  ]);
});

test('the oldest rows that nobody holds are updated, with a WITH query that picks them', async () => {
  await using sql = await withAlerts('a', 'b', 'c');
  const rows = await sql.rows(`
    WITH oldest AS (SELECT TOP (2) code FROM Alert WITH (UPDLOCK, READPAST, ROWLOCK) ORDER BY code DESC)
    UPDATE a SET active = 0 OUTPUT inserted.code, deleted.active, inserted.active
    FROM Alert a JOIN oldest ON oldest.code = a.code`);
  expect(inOrder(rows)).toEqual([
    ['b', true, false],
    ['c', true, false],
  ]);
});

test('UPDATE TOP touches so many rows, and an outer join does not stop it', async () => {
  await using sql = await withAlerts('a', 'b', 'c');
  const { counts } = await sql.run(
    'UPDATE TOP (2) a SET total = 9 FROM Alert a LEFT JOIN Line l ON l.alert = a.id WHERE l.id IS NULL',
  );
  expect(counts).toEqual([2]);
  expect(await sql.rows('SELECT COUNT(*) FROM Alert WHERE total = 9')).toEqual([[2]]);
});

test.for([
  ['SELECT COUNT(*) FROM Alert WITH (UPDLOCK, READPAST)', [[1]]],
  ['SELECT DISTINCT kind FROM Alert WITH (UPDLOCK, READPAST)', [['A']]],
  ['SELECT code, ROW_NUMBER() OVER (ORDER BY code) FROM Alert WITH (UPDLOCK, READPAST)', [['b', '1']]],
  ['SELECT code FROM Alert WITH (READPAST) EXCEPT SELECT kind FROM Alert WITH (READPAST)', [['b']]],
] as const)('%s passes over a row that another session holds', async ([text, expected]) => {
  await using holder = await withAlerts('a', 'b');
  await using reader = await database.client();
  await holder.rows("BEGIN TRANSACTION; UPDATE Alert SET total = 0 WHERE code = 'a'");
  expect(await reader.rows(text)).toEqual(expected);
});

test('a recursive query ends after a hundred levels', async () => {
  await using sql = await withAlerts();
  const numbers = (last: number): string =>
    `WITH n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${last}) SELECT COUNT(*), MAX(i) FROM n`;
  expect(await sql.rows(numbers(101))).toEqual([[101, 101]]);
  expect(await sql.number(numbers(103))).toBe(530);
});

test('DELETE with a join gives what it deleted', async () => {
  await using sql = await withAlerts('a', 'b');
  const rows = await sql.rows(
    "DELETE a OUTPUT deleted.code FROM Alert a JOIN (VALUES ('B'), ('x')) v(code) ON v.code = a.code",
  );
  expect(rows).toEqual([['b']]);
});

test('more than a thousand rows of values are refused, and more than 2,100 parameters', async () => {
  await using sql = await withAlerts();
  const values = Array.from({ length: 1_001 }, (_, index) => `(${index}, 10)`).join(', ');
  expect(await sql.number(`INSERT INTO Line (id, alert) VALUES ${values}`)).toBe(10738);
  const parameters = Object.fromEntries(Array.from({ length: 2_101 }, (_, index) => [`p${index}`, index]));
  expect((await sql.run('SELECT @p0', parameters)).errors[0]?.number).toBe(8003);
});

test('a column that the batch itself would add is unknown to the whole batch', async () => {
  await using sql = await withAlerts();
  await sql.rows('CREATE TABLE Grown (id INT NOT NULL); INSERT INTO Grown (id) VALUES (1)');
  const { errors, results } = await sql.run(
    'SELECT 1; ALTER TABLE Grown ADD later INT NULL; UPDATE Grown SET later = 1',
  );
  expect(errors.map(({ number }) => number)).toEqual([207]);
  expect(results).toEqual([]);
  await sql.rows('ALTER TABLE Grown ADD later INT NULL CONSTRAINT DF_later DEFAULT 4');
  expect(await sql.rows('SELECT later FROM Grown')).toEqual([[null]]);
});

test('a batch goes on after a failed statement, and ends with an unknown name', async () => {
  await using sql = await withAlerts('a');
  const broken = await sql.run(
    "INSERT INTO Alert (code) VALUES ('a'); SELECT 1; SELECT * FROM Nothing; SELECT 2",
  );
  expect(broken.errors.map(({ number }) => number)).toEqual([2627, 208]);
  expect(broken.results).toEqual([[[1]]]);
});

test('200,000 rows arrive while the client reads them', async () => {
  await using sql = await withAlerts();
  const digits = '(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) ';
  const { results } = await sql.run(`
    SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n
    FROM ${digits} a(n), ${digits} b(n), ${digits} c(n), ${digits} d(n), ${digits} e(n), (VALUES (1), (2)) f(n)`);
  expect(results[0]).toHaveLength(200_000);
});
