import { answers, fails, proof, runs, type SqlCase } from './sql-case.ts';

const table = proof('tables', 'CREATE TABLE (Transact-SQL)');
const drop = proof('tables', 'DROP TABLE (Transact-SQL)');
const truncate = proof('tables', 'TRUNCATE TABLE (Transact-SQL)');
const constraints = proof('constraints', 'CREATE TABLE (Transact-SQL)');
const alter = proof('alterTable', 'ALTER TABLE (Transact-SQL)');
const indexes = proof('indexes', 'CREATE INDEX (Transact-SQL)');
const dropIndex = proof('indexes', 'DROP INDEX (Transact-SQL)');
const columns = proof('catalogue', 'sys.columns (Transact-SQL)');
const tables = proof('catalogue', 'sys.tables (Transact-SQL)');
const schema = proof('catalogue', 'COLUMNS (Transact-SQL)');
const things = proof('catalogue', 'sys.indexes (Transact-SQL)');
const level = proof('databases', 'ALTER DATABASE compatibility level (Transact-SQL)');
const security = proof('security', 'HAS_PERMS_BY_NAME (Transact-SQL)');

const box =
  "CREATE TABLE Box (id INT NOT NULL, label VARCHAR(5) NULL, kind CHAR(1) NOT NULL CONSTRAINT DF_Box_kind DEFAULT 'A', CONSTRAINT PK_Box PRIMARY KEY (id));";
const twoBoxes = `${box} INSERT INTO Box (id, label) VALUES (1, 'x'), (2, 'x');`;

/** On the tables of `world.ts`, in a transaction that is rolled back. */
export const definitionCases: readonly SqlCase[] = [
  answers(
    table,
    `${box} INSERT INTO Box (id) VALUES (1); SELECT id, label, kind FROM Box`,
    ['int', 'varchar(5)', 'char(1)'],
    [1, null, 'A'],
  ),
  {
    ...table,
    sql: `CREATE TABLE Kinds (a TINYINT, b SMALLINT, c BIGINT NOT NULL, d REAL, e FLOAT, f DECIMAL, g NUMERIC(9), h MONEY, i SMALLMONEY, j CHAR, k NCHAR(3),
      l VARCHAR, m NVARCHAR(MAX), n BINARY(2), o VARBINARY(MAX), p DATE, q TIME(3), r DATETIME, s SMALLDATETIME, t DATETIME2, u DATETIMEOFFSET(0), v UNIQUEIDENTIFIER, w BIT);
      SELECT * FROM Kinds`,
    names: 'abcdefghijklmnopqrstuvw'.split(''),
    types: [
      'tinyint',
      'smallint',
      'bigint',
      'real',
      'float',
      'decimal(18,0)',
      'decimal(9,0)',
      'money',
      'smallmoney',
      'char(1)',
      'nchar(3)',
      'varchar(1)',
      'nvarchar(max)',
      'binary(2)',
      'varbinary(max)',
      'date',
      'time(3)',
      'datetime',
      'smalldatetime',
      'datetime2(7)',
      'datetimeoffset(0)',
      'uniqueidentifier',
      'bit',
    ],
    nullable: 'abcdefghijklmnopqrstuvw'.split('').map((name) => name !== 'c'),
    rows: [],
  },
  answers(
    table,
    'CREATE TABLE Stay (d DATETIME NOT NULL DEFAULT GETDATE(), g UNIQUEIDENTIFIER DEFAULT NEWID(), n INT DEFAULT (1 + 2)); INSERT INTO Stay (n) VALUES (DEFAULT); SELECT n FROM Stay WHERE d IS NOT NULL AND g IS NOT NULL',
    ['int'],
    [3],
  ),
  answers(
    table,
    'CREATE TABLE [odd name] ([select] INT, [a]]b] INT); INSERT INTO [odd name] VALUES (1, 2); SELECT [select], [a]]b] FROM [odd name]',
    ['int', 'int'],
    [1, 2],
  ),
  fails(
    'tables',
    'CREATE TABLE Client (id INT)',
    2714,
    "There is already an object named 'Client' in the database.",
  ),
  fails('tables', 'CREATE TABLE Two (a INT, A INT)', 2705),
  fails('tables', 'CREATE TABLE nowhere.Two (a INT)', 2760),
  fails('tables', 'CREATE TABLE Two (a NOTHING)', 2715),
  fails('tables', 'CREATE TABLE Two (a INT NOT NULL DEFAULT b)', 128),
  runs(drop, `${box} DROP TABLE Box; DROP TABLE IF EXISTS Box`),
  runs(drop, 'DROP TABLE IF EXISTS Nothing, Never'),
  fails('tables', 'DROP TABLE Nothing', 3701),
  fails('tables', 'DROP TABLE Client', 3726),
  answers(truncate, `${twoBoxes} TRUNCATE TABLE Box; SELECT COUNT(*) FROM Box`, ['int'], [0]),
  fails('tables', 'TRUNCATE TABLE Client', 4712),
  fails('tables', 'TRUNCATE TABLE Nothing', 4701),

  fails('constraints', `${twoBoxes} INSERT INTO Box (id) VALUES (2)`, 2627),
  fails('constraints', 'CREATE TABLE Two (a INT NULL, PRIMARY KEY (a))', 8111),
  fails('constraints', 'CREATE TABLE Two (a INT PRIMARY KEY, b INT PRIMARY KEY)', 8110),
  fails('constraints', 'CREATE TABLE Two (a INT IDENTITY DEFAULT 1)', 1754),
  fails('constraints', 'CREATE TABLE Two (a INT IDENTITY); ALTER TABLE Two ADD DEFAULT 1 FOR a', 1754),
  fails('constraints', 'CREATE TABLE Two (a ROWVERSION DEFAULT 1)', 1755),
  fails('constraints', 'CREATE TABLE Two (a INT CONSTRAINT FK_Two REFERENCES Nothing (id))', 1767),
  fails('constraints', 'CREATE TABLE Two (a INT CONSTRAINT FK_Two REFERENCES Invoice (client))', 1776),
  fails(
    'constraints',
    'CREATE TABLE Two (a INT CONSTRAINT CK_Two CHECK (a > 0 AND a < 10)); INSERT INTO Two VALUES (10)',
    547,
  ),
  answers(
    constraints,
    'CREATE TABLE Two (a INT CHECK (a > 0)); INSERT INTO Two VALUES (NULL); SELECT a FROM Two',
    ['int'],
    [null],
  ),
  answers(
    constraints,
    'CREATE TABLE Part (id INT, client INT, CONSTRAINT FK_Part FOREIGN KEY (client) REFERENCES Client (id) ON DELETE CASCADE); INSERT INTO Part VALUES (1, 4), (2, 1); DELETE FROM Client WHERE id = 4; SELECT id FROM Part',
    ['int'],
    [2],
  ),
  answers(
    constraints,
    'CREATE TABLE Part (id INT, client INT REFERENCES Client (id) ON DELETE SET NULL ON UPDATE NO ACTION); INSERT INTO Part VALUES (1, 4); DELETE FROM Client WHERE id = 4; SELECT id, client FROM Part',
    ['int', 'int'],
    [1, null],
  ),
  answers(
    constraints,
    'CREATE TABLE Two (a INT, b INT, CONSTRAINT UQ_Two UNIQUE NONCLUSTERED (a, b DESC)); INSERT INTO Two VALUES (1, 1), (1, 2), (1, NULL); SELECT COUNT(*) FROM Two',
    ['int'],
    [3],
  ),
  fails(
    'constraints',
    'CREATE TABLE Two (a INT UNIQUE); INSERT INTO Two VALUES (NULL); INSERT INTO Two VALUES (NULL)',
    2627,
  ),

  answers(
    alter,
    `${twoBoxes} ALTER TABLE Box ADD size INT NOT NULL CONSTRAINT DF_Box_size DEFAULT 5, note NVARCHAR(9) NULL; SELECT * FROM Box ORDER BY id`,
    ['int', 'varchar(5)', 'char(1)', 'int', 'nvarchar(9)'],
    [1, 'x', 'A', 5, null],
    [2, 'x', 'A', 5, null],
  ),
  {
    ...alter,
    sql: `${twoBoxes} ALTER TABLE Box ADD size INT NULL DEFAULT 5 WITH VALUES`,
    afterwards: 'SELECT size FROM Box',
    types: ['int'],
    rows: [[5], [5]],
  },
  {
    ...alter,
    sql: `${twoBoxes} ALTER TABLE Box ADD size INT NULL DEFAULT 5`,
    afterwards: 'SELECT size FROM Box',
    types: ['int'],
    rows: [[null], [null]],
  },
  runs(
    alter,
    `${twoBoxes} ALTER TABLE Box ADD CONSTRAINT CK_Box CHECK (id > 0), CONSTRAINT UQ_Box UNIQUE (kind, id)`,
  ),
  runs(alter, `${twoBoxes} ALTER TABLE Box WITH NOCHECK ADD CONSTRAINT CK_Box CHECK (id > 1)`),
  fails('alterTable', `${twoBoxes} ALTER TABLE Box ADD CONSTRAINT CK_Box CHECK (id > 1)`, 547),
  fails(
    'alterTable',
    `${twoBoxes} ALTER TABLE Box ADD CONSTRAINT FK_Box FOREIGN KEY (id) REFERENCES Invoice (id), CONSTRAINT UQ_Box UNIQUE (label)`,
    1505,
  ),
  fails('alterTable', `${twoBoxes} ALTER TABLE Box ADD size INT NOT NULL`, 4901),
  fails('alterTable', `${box} ALTER TABLE Box ADD LABEL INT`, 2705),
  fails('alterTable', `${box} ALTER TABLE Box ADD PRIMARY KEY (id)`, 1779),
  fails('alterTable', 'ALTER TABLE Nothing ADD a INT', 4902),
  answers(
    alter,
    `${box} ALTER TABLE Box ADD CONSTRAINT DF_Box_label DEFAULT 'none' FOR label; INSERT INTO Box (id) VALUES (1); SELECT label FROM Box`,
    ['varchar(5)'],
    ['none'],
  ),
  fails('alterTable', `${box} ALTER TABLE Box ADD CONSTRAINT DF_Again DEFAULT 'B' FOR kind`, 1781),

  runs(indexes, 'CREATE INDEX IX_Client_city ON Client (city DESC, name) INCLUDE (boss)'),
  runs(indexes, 'CREATE UNIQUE NONCLUSTERED INDEX UX_Client ON dbo.Client (city, id) WHERE city IS NOT NULL'),
  runs(
    indexes,
    "CREATE UNIQUE INDEX UX_Salta ON Client (city) WHERE city = 'Salta'; UPDATE Client SET city = 'Rosario' WHERE city IS NULL",
  ),
  fails(
    'indexes',
    "CREATE UNIQUE INDEX UX_Salta ON Client (city) WHERE city = 'Salta'; UPDATE Client SET city = 'SALTA'",
    2601,
  ),
  fails('indexes', 'CREATE UNIQUE INDEX UX_Client ON Client (city)', 1505),
  fails('indexes', 'CREATE INDEX IX_Client ON Client (nothing)', 1911),
  fails('indexes', 'CREATE INDEX IX_Client ON Client (city); CREATE INDEX IX_CLIENT ON Client (name)', 1913),
  fails('indexes', 'CREATE INDEX IX_Nothing ON Nothing (id)', 1088),
  fails('indexes', 'CREATE CLUSTERED INDEX IX_Client ON Client (city)', 1902),
  runs(
    dropIndex,
    'CREATE INDEX IX_Client ON Client (city); DROP INDEX IX_Client ON Client; DROP INDEX IF EXISTS IX_Client ON Client',
  ),
  fails('indexes', 'DROP INDEX IX_Nothing ON Client', 3701),
  fails('indexes', 'DROP INDEX PK_Client ON Client', 3723),

  answers(tables, "SELECT name FROM sys.tables WHERE name LIKE 'C%'", ['nvarchar(128)'], ['Client']),
  answers(
    columns,
    "SELECT c.name, t.name, c.max_length, c.precision, c.scale, c.is_nullable FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id WHERE c.object_id = OBJECT_ID('Invoice') AND c.column_id > 2 ORDER BY c.column_id",
    ['nvarchar(128)', 'nvarchar(128)', 'smallint', 'tinyint', 'tinyint', 'bit'],
    ['number', 'varchar', 10, 0, 0, false],
    ['issued', 'date', 3, 10, 0, false],
    ['total', 'decimal', 9, 10, 2, false],
    ['paid', 'bit', 1, 1, 0, false],
  ),
  answers(
    columns,
    "SELECT name FROM sys.columns WHERE object_id = OBJECT_ID(N'dbo.invoice') AND is_identity = 1",
    ['nvarchar(128)'],
    ['id'],
  ),
  answers(
    things,
    "SELECT i.name, i.is_unique, i.is_primary_key, i.type_desc FROM sys.indexes i JOIN sys.tables t ON t.object_id = i.object_id WHERE t.name = 'Invoice' AND i.name IS NOT NULL ORDER BY i.name",
    ['nvarchar(128)', 'bit', 'bit', 'nvarchar(60)'],
    ['PK_Invoice', true, true, 'CLUSTERED'],
    ['UQ_Invoice_number', true, false, 'NONCLUSTERED'],
  ),
  answers(
    schema,
    "SELECT COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, IS_NULLABLE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Client' ORDER BY ORDINAL_POSITION",
    ['nvarchar(128)', 'nvarchar(128)', 'int', 'tinyint', 'varchar(3)'],
    ['id', 'int', null, 10, 'NO'],
    ['name', 'nvarchar', 20, null, 'NO'],
    ['city', 'varchar', 15, null, 'YES'],
    ['boss', 'int', null, 10, 'YES'],
  ),
  answers(
    proof('catalogue', 'TABLES (Transact-SQL)'),
    "SELECT TABLE_SCHEMA, TABLE_TYPE FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'Client'",
    ['nvarchar(128)', 'varchar(10)'],
    ['dbo', 'BASE TABLE'],
  ),
  answers(
    proof('catalogue', 'sys.objects (Transact-SQL)'),
    "SELECT type, type_desc FROM sys.objects WHERE name = 'DF_Invoice_paid'",
    ['char(2)', 'nvarchar(60)'],
    ['D ', 'DEFAULT_CONSTRAINT'],
  ),
  answers(
    proof('catalogue', 'OBJECT_ID (Transact-SQL)'),
    "SELECT CASE WHEN OBJECT_ID('Client', 'U') IS NULL THEN 0 ELSE 1 END, OBJECT_ID('Nothing'), OBJECT_ID('PK_Client', 'U')",
    ['int', 'int', 'int'],
    [1, null, null],
  ),
  answers(
    proof('catalogue', 'COL_LENGTH (Transact-SQL)'),
    "SELECT COL_LENGTH('Client', 'name'), COL_LENGTH('dbo.Client', 'id'), COL_LENGTH('Client', 'nothing')",
    ['smallint', 'smallint', 'smallint'],
    [40, 4, null],
  ),
  answers(
    proof('catalogue', 'SCHEMA_NAME (Transact-SQL)'),
    "SELECT SCHEMA_NAME(), SCHEMA_NAME(SCHEMA_ID('dbo')), SCHEMA_ID()",
    ['nvarchar(128)', 'nvarchar(128)', 'int'],
    ['dbo', 'dbo', 1],
  ),
  answers(
    proof('catalogue', 'DB_ID (Transact-SQL)'),
    "SELECT DB_NAME(1), DB_ID('master'), DB_ID('no such database')",
    ['nvarchar(128)', 'int', 'int'],
    ['master', 1, null],
  ),
  answers(
    proof('catalogue', 'sys.databases (Transact-SQL)'),
    'SELECT COUNT(*) FROM sys.databases WHERE database_id = DB_ID() AND name = DB_NAME()',
    ['int'],
    [1],
  ),
  fails('catalogue', 'DELETE FROM sys.tables', 259),

  {
    ...answers(
      level,
      'ALTER DATABASE CURRENT SET COMPATIBILITY_LEVEL = 140; SELECT compatibility_level FROM sys.databases WHERE database_id = DB_ID()',
      ['tinyint'],
      [140],
    ),
    alone: true,
  },
  {
    ...runs(
      proof('databases', 'ALTER DATABASE SET options (Transact-SQL)'),
      'ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON',
    ),
    alone: true,
  },
  {
    ...runs(proof('databases', 'DROP DATABASE (Transact-SQL)'), 'DROP DATABASE IF EXISTS no_such_database'),
    alone: true,
  },
  { ...fails('databases', 'CREATE DATABASE master', 1801), alone: true },
  { ...fails('databases', 'DROP DATABASE no_such_database', 3701), alone: true },
  { ...fails('databases', 'ALTER DATABASE CURRENT SET COMPATIBILITY_LEVEL = 5', 15048), alone: true },
  fails('databases', 'CREATE DATABASE never_made', 226),
  fails('databases', 'USE no_such_database', 911),

  answers(
    security,
    "SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'INSERT'), HAS_PERMS_BY_NAME('dbo.Client', 'OBJECT', 'DELETE')",
    ['int', 'int'],
    [1, 1],
  ),
  answers(
    proof('security', 'IS_SRVROLEMEMBER (Transact-SQL)'),
    "SELECT IS_SRVROLEMEMBER('sysadmin'), IS_SRVROLEMEMBER('no such role')",
    ['int', 'int'],
    [1, null],
  ),
  answers(
    proof('security', 'IS_ROLEMEMBER (Transact-SQL)'),
    "SELECT IS_ROLEMEMBER('db_owner')",
    ['int'],
    [1],
  ),
  answers(
    proof('security', 'USER_NAME (Transact-SQL)'),
    'SELECT USER_NAME(), CASE WHEN SUSER_SNAME() = ORIGINAL_LOGIN() THEN 1 END',
    ['nvarchar(128)', 'int'],
    ['dbo', 1],
  ),
  runs(proof('security', 'DROP USER (Transact-SQL)'), 'DROP USER IF EXISTS nobody'),
  fails('security', 'CREATE USER nobody FOR LOGIN no_such_login', 15007),
  fails('security', 'ALTER ROLE db_datareader ADD MEMBER nobody', 15151),
  fails('security', 'GRANT SELECT ON Client TO nobody', 15151),
  fails('security', 'DROP USER nobody', 15151),
];
