import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { ownDatabase, SqlClient } from './engine-client.ts';

const database = ownDatabase();

test('migrations find what is there in the system views', async () => {
  await using sql = await database.client();
  await sql.rows(`CREATE TABLE Seen (
    id INT IDENTITY(1, 1) NOT NULL CONSTRAINT PK_Seen PRIMARY KEY, name NVARCHAR(50) NULL, note VARCHAR(MAX) NULL,
    total DECIMAL(9, 3) NOT NULL CONSTRAINT DF_Seen_total DEFAULT 0, version ROWVERSION)`);
  await sql.rows('CREATE UNIQUE INDEX UX_Seen ON Seen (name DESC) INCLUDE (total) WHERE name IS NOT NULL');
  const columns = await sql.rows(`
    SELECT c.name, t.name, c.max_length, c.precision, c.scale, c.is_nullable, c.is_identity
    FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id
    WHERE c.object_id = OBJECT_ID(N'dbo.Seen') ORDER BY c.column_id`);
  expect(columns).toEqual([
    ['id', 'int', 4, 10, 0, false, true],
    ['name', 'nvarchar', 100, 0, 0, true, false],
    ['note', 'varchar', -1, 0, 0, true, false],
    ['total', 'decimal', 5, 9, 3, false, false],
    ['version', 'timestamp', 8, 0, 0, false, false],
  ]);
  const indexes = await sql.rows(`
    SELECT i.name, i.is_unique, i.has_filter, c.name, k.is_descending_key, k.is_included_column
    FROM sys.indexes i JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id
    JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
    WHERE i.object_id = OBJECT_ID('Seen') ORDER BY i.name, k.index_column_id`);
  expect(indexes).toEqual([
    ['PK_Seen', true, false, 'id', false, false],
    ['UX_Seen', true, true, 'name', true, false],
    ['UX_Seen', true, true, 'total', false, true],
  ]);
  expect(
    await sql.rows(
      "SELECT name, type, type_desc FROM sys.objects WHERE parent_object_id = OBJECT_ID('seen') ORDER BY name",
    ),
  ).toEqual([
    ['DF_Seen_total', 'D ', 'DEFAULT_CONSTRAINT'],
    ['PK_Seen', 'PK', 'PRIMARY_KEY_CONSTRAINT'],
  ]);
  expect(
    await sql.rows(`SELECT COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, IS_NULLABLE FROM INFORMATION_SCHEMA.COLUMNS
      WHERE TABLE_SCHEMA = 'dbo' AND TABLE_NAME = 'SEEN' AND CHARACTER_MAXIMUM_LENGTH IS NOT NULL ORDER BY ORDINAL_POSITION`),
  ).toEqual([
    ['name', 'nvarchar', 50, 'YES'],
    ['note', 'varchar', -1, 'YES'],
  ]);
  expect(
    await sql.rows(
      "SELECT COL_LENGTH('dbo.Seen', 'name'), COL_LENGTH('Seen', 'no'), OBJECT_ID('Seen', 'V'), DB_NAME()",
    ),
  ).toEqual([[100, null, null, database.name]]);
});

test('a definition in a transaction is seen by its session alone until it is committed', async () => {
  await using one = await database.client();
  await using two = await database.client();
  await one.rows('BEGIN TRANSACTION; CREATE TABLE Hidden (id INT); INSERT INTO Hidden VALUES (1)');
  expect(await one.rows('SELECT id FROM Hidden')).toEqual([[1]]);
  expect(await two.number('SELECT id FROM Hidden')).toBe(208);
  await one.rows('ROLLBACK');
  expect(await one.number('SELECT id FROM Hidden')).toBe(208);
  await one.rows('BEGIN TRANSACTION; CREATE TABLE Hidden (id INT); COMMIT');
  expect(await two.rows('SELECT id FROM Hidden')).toEqual([]);
});

test('what one session defines, a statement that another has prepared sees', async () => {
  await using one = await database.client();
  await using two = await database.client();
  await one.rows('CREATE TABLE Grown (id INT)');
  for (let n = 0; n < 5; n += 1) await two.rows('SELECT * FROM Grown', {});
  await one.rows(
    "ALTER TABLE Grown ADD more NVARCHAR(5) NOT NULL DEFAULT 'x'; INSERT INTO Grown (id) VALUES (1)",
  );
  expect(await two.rows('SELECT * FROM Grown', {})).toEqual([[1, 'x']]);
});

test('ALTER TABLE adds a ROWVERSION to rows that are there', async () => {
  await using sql = await database.client();
  await sql.rows('CREATE TABLE Old (id INT NOT NULL); INSERT INTO Old VALUES (1), (2)');
  await sql.rows('ALTER TABLE Old ADD version ROWVERSION');
  expect(await sql.rows('SELECT COUNT(DISTINCT version) FROM Old')).toEqual([[2]]);
  expect(await sql.number('ALTER TABLE Old ADD needed INT NOT NULL')).toBe(4901);
});

test('one NULL fits under a unique constraint, and one only', async () => {
  await using sql = await database.client();
  await sql.rows('CREATE TABLE Single (n INT NULL CONSTRAINT UQ_Single UNIQUE)');
  const { errors } = await sql.run('INSERT INTO Single VALUES (NULL); INSERT INTO Single VALUES (NULL)');
  expect(errors[0]?.message).toContain('The duplicate key value is (<NULL>).');
});

test('databases are apart, and their compatibility level is kept', async () => {
  const other = `engine_${randomBytes(6).toString('hex')}`;
  await using master = await SqlClient.open('master');
  await master.rows(`CREATE DATABASE ${other}`);
  expect(await master.number(`CREATE DATABASE ${other.toUpperCase()}`)).toBe(1801);
  await master.rows(`ALTER DATABASE ${other} SET COMPATIBILITY_LEVEL = 120`);
  expect(
    await master.rows(
      `SELECT name, compatibility_level FROM sys.databases WHERE database_id = DB_ID('${other}')`,
    ),
  ).toEqual([[other, 120]]);
  {
    await using sql = await SqlClient.open(other);
    await sql.rows('CREATE TABLE Mine (id INT)');
    expect(await master.number(`DROP DATABASE ${other}`)).toBe(3702);
  }
  await using sql = await database.client();
  expect(await sql.number('SELECT * FROM Mine')).toBe(208);
  await master.rows(`DROP DATABASE ${other}`);
  await expect(SqlClient.open(other)).rejects.toThrow('Login failed');
});

test('a login that may read cannot write, and is told so', async () => {
  const user = `reader_${randomBytes(4).toString('hex')}`;
  const password = 'Only-Reads-1';
  await using owner = await database.client();
  await owner.rows('CREATE TABLE Secret (id INT); INSERT INTO Secret VALUES (1)');
  await owner.rows(`CREATE LOGIN ${user} WITH PASSWORD = '${password}', CHECK_POLICY = OFF`);
  await owner.rows(`CREATE USER ${user} FOR LOGIN ${user}`);
  {
    await using nobody = await database.client({ user, password });
    expect(await nobody.number('SELECT * FROM Secret')).toBe(229);
  }
  await owner.rows(`ALTER ROLE db_datareader ADD MEMBER ${user}`);
  {
    await using reader = await database.client({ user, password });
    expect(await reader.rows('SELECT * FROM Secret')).toEqual([[1]]);
    for (const text of ['INSERT INTO Secret VALUES (2)', 'UPDATE Secret SET id = 2', 'DELETE FROM Secret']) {
      expect(await reader.number(text)).toBe(229);
    }
    expect(await reader.number('CREATE TABLE Own (id INT)')).toBe(262);
    expect(await reader.number('DROP INDEX IX_None ON Secret')).toBe(3701);
    expect(await reader.number('SELECT id FROM Secret WITH (UPDLOCK)')).toBe(40510);
    expect(
      await reader.rows(`SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'INSERT'), HAS_PERMS_BY_NAME('dbo.Secret', 'OBJECT', 'SELECT'),
        HAS_PERMS_BY_NAME('dbo.Secret', 'OBJECT', 'DELETE'), IS_SRVROLEMEMBER('sysadmin'), USER_NAME()`),
    ).toEqual([[0, 1, 0, 0, user]]);
  }
  await expect(database.client({ user, password: 'wrong' })).rejects.toThrow('Login failed');
  await owner.rows(`GRANT INSERT ON Secret TO ${user}`);
  {
    await using writer = await database.client({ user, password });
    await writer.rows('INSERT INTO Secret VALUES (2)');
  }
  await owner.rows(`DROP USER ${user}; DROP LOGIN ${user}`);
  await expect(database.client({ user, password })).rejects.toThrow('Login failed');
});

test('users of identities are known by their number, which one of them alone has', async () => {
  const sid = '0x521B1F6C0F9D0E4A8A373A1F0A0D9A11';
  const other = sid.replace('521B', '0000');
  await using owner = await database.client();
  await owner.rows(
    `CREATE USER [id-app] WITH SID = ${sid}, TYPE = E; CREATE USER staff WITH SID = ${other}, TYPE = X`,
  );
  expect(
    await owner.rows(
      `SELECT name, type, type_desc FROM sys.database_principals WHERE sid IN (${sid}, ${other}) ORDER BY name`,
    ),
  ).toEqual([
    ['id-app', 'E', 'EXTERNAL_USER'],
    ['staff', 'X', 'EXTERNAL_GROUP'],
  ]);
  expect(await owner.rows("SELECT sid FROM sys.database_principals WHERE name = 'dbo'")).toEqual([
    [Buffer.of(1)],
  ]);
  expect(await owner.number(`CREATE USER [ID-APP] WITH SID = ${other}, TYPE = E`)).toBe(15023);
  expect(await owner.number(`CREATE USER again WITH SID = ${sid}, TYPE = E`)).toBe(15063);
  expect(await owner.number('CREATE USER short WITH SID = 0x52, TYPE = E')).toBe(15419);
  expect(await owner.number(`CREATE USER t WITH SID = ${sid}, TYPE = S`)).toBe(102);
  await owner.rows('DROP USER [id-app]; DROP USER staff');
});

test('rights on the whole database, and on its schema, hold for all its tables and are seen', async () => {
  const user = `granted_${randomBytes(4).toString('hex')}`;
  const password = 'Is-Granted-1';
  await using owner = await database.client();
  await owner.rows(`CREATE LOGIN ${user} WITH PASSWORD = '${password}', CHECK_POLICY = OFF`);
  await owner.rows(`CREATE USER ${user} FOR LOGIN ${user}; CREATE TABLE Before (id INT)`);
  await owner.rows(`GRANT SELECT TO ${user}; GRANT INSERT ON SCHEMA::dbo TO ${user}`);
  await owner.rows('CREATE TABLE Afterwards (id INT)');
  const rights = ['SELECT', 'INSERT', 'DELETE'].map((right) =>
    [`NULL, 'DATABASE'`, `'dbo', 'SCHEMA'`, `'Afterwards', 'OBJECT'`]
      .map((what) => `HAS_PERMS_BY_NAME(${what}, '${right}')`)
      .join(', '),
  );
  const select = `SELECT ${rights.join(', ')}`;
  {
    await using sql = await database.client({ user, password });
    expect(await sql.rows(select)).toEqual([[1, 1, 1, 0, 1, 1, 0, 0, 0]]);
    await sql.rows('INSERT INTO Afterwards VALUES (1); SELECT id FROM Before');
    expect(await sql.number('DELETE FROM Before')).toBe(229);
    await owner.rows(`REVOKE SELECT FROM ${user}; REVOKE INSERT ON SCHEMA::dbo FROM ${user}`);
    expect(await sql.rows(select)).toEqual([[0, 0, 0, 0, 0, 0, 0, 0, 0]]);
    expect(await sql.number('SELECT id FROM Before')).toBe(229);
  }
  await owner.rows(`DROP USER ${user}; DROP LOGIN ${user}`);
});

test('a session keeps its number in another database', async () => {
  await using sql = await database.client();
  const before = await sql.rows('SELECT @@SPID');
  await sql.rows('USE master');
  expect(await sql.rows('SELECT @@SPID')).toEqual(before);
});
