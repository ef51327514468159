import { refusedByTheParser } from './refused-by-the-parser.ts';

/** What the local SQL Server does not take, though some other database or SQL Server itself does. */
export interface RefusedCase {
  sql: string;
  /** What the message has to say. */
  names: string;
  /** Absent: the error says that this server leaves it out. */
  number?: number;
}

const leftOut = (names: string, ...statements: readonly string[]): RefusedCase[] =>
  statements.map((sql) => ({ sql, names }));
const unknownFunction = (...calls: readonly string[]): RefusedCase[] =>
  calls.map((call) => ({ sql: `SELECT ${call}`, names: `'${/^\w+/.exec(call)?.[0]}'`, number: 195 }));
const unknownName = (number: 207 | 208, name: string, sql: string): RefusedCase => ({
  sql,
  names: `'${name}'`,
  number,
});

/** On the tables of `world.ts`. */
export const refused: readonly RefusedCase[] = [
  ...refusedByTheParser.map(({ sql, number, near }) => ({
    ...{ sql, number },
    names: near === undefined ? '' : `'${near}'`,
  })),
  ...leftOut('view', 'CREATE VIEW v AS SELECT 1 AS a', 'ALTER VIEW v AS SELECT 1 AS a', 'DROP VIEW v'),
  ...leftOut('schema', 'CREATE SCHEMA other', 'DROP SCHEMA other'),
  ...leftOut('role', 'CREATE ROLE reader', 'DROP ROLE reader'),
  ...leftOut('server', 'ALTER SERVER ROLE sysadmin ADD MEMBER x'),
  ...leftOut('login', "ALTER LOGIN sa WITH PASSWORD = 'x'"),
  ...leftOut('alter column', 'ALTER TABLE Client ALTER COLUMN city VARCHAR(20)'),
  ...leftOut('drop', 'ALTER TABLE Client DROP COLUMN city', 'ALTER TABLE Client DROP CONSTRAINT PK_Client'),
  ...leftOut('computed', 'CREATE TABLE Two (a INT, b AS a + 1)', 'ALTER TABLE Client ADD b AS id + 1'),
  ...leftOut('index', 'CREATE TABLE Two (a INT, INDEX IX_Two (a))', 'CREATE TABLE Two (a INT INDEX IX_Two)'),
  ...leftOut('#', 'CREATE TABLE #t (a INT)', 'SELECT a FROM #t', 'INSERT INTO ##t VALUES (1)'),
  ...leftOut('table', 'DECLARE @t TABLE (a INT)', 'SELECT a FROM @t'),
  ...leftOut(
    'into',
    'SELECT id INTO Copy FROM Client',
    'DELETE FROM Invoice OUTPUT deleted.id INTO Copy (id)',
  ),
  ...leftOut('while', 'WHILE 1 = 1 SELECT 1'),
  ...leftOut('break', 'BREAK'),
  ...leftOut('continue', 'CONTINUE'),
  ...leftOut('try', 'BEGIN TRY SELECT 1 END TRY BEGIN CATCH SELECT 2 END CATCH'),
  ...leftOut('throw', "THROW 50000, 'x', 1", 'THROW'),
  ...leftOut('raiserror', "RAISERROR ('x', 16, 1)"),
  ...leftOut('print', "PRINT 'x'"),
  ...leftOut('return', 'RETURN'),
  ...leftOut('any', 'SELECT id FROM Client WHERE id = ANY (SELECT 1)'),
  ...leftOut('all', 'SELECT id FROM Client WHERE id >= ALL (SELECT 1)'),
  ...leftOut('some', 'SELECT id FROM Client WHERE id < SOME (SELECT 1)'),
  ...leftOut('context_info', 'SET CONTEXT_INFO 0x01'),
  ...leftOut('identity_insert', 'SET IDENTITY_INSERT Invoice ON'),
  ...leftOut('rowcount', 'SET ROWCOUNT 5'),
  ...leftOut('implicit_transactions', 'SET IMPLICIT_TRANSACTIONS ON'),
  ...leftOut('snapshot', 'SET TRANSACTION ISOLATION LEVEL SNAPSHOT'),
  ...leftOut('datefirst', 'SET DATEFIRST 1'),
  ...leftOut('dateformat', 'SET DATEFORMAT dmy'),
  ...leftOut('language', 'SET LANGUAGE Spanish'),
  ...leftOut('allow_snapshot_isolation', 'ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON'),
  ...leftOut('recovery', 'ALTER DATABASE CURRENT SET RECOVERY SIMPLE'),
  ...leftOut('execute', 'GRANT EXECUTE TO public'),
  ...leftOut('references', 'GRANT REFERENCES ON Client TO public'),
  ...leftOut('&', 'SELECT 1 & 2'),
  ...leftOut('^', 'SELECT 1 ^ 2'),
  ...leftOut('|', 'SELECT 1 | 2'),
  ...leftOut('~', 'SELECT ~1'),
  ...leftOut(
    'collate',
    "SELECT 'a' COLLATE Latin1_General_BIN2",
    'CREATE TABLE Two (a VARCHAR(5) COLLATE Latin1_General_BIN2)',
  ),
  ...leftOut('openjson', `SELECT * FROM OPENJSON('{"a":1}')`),
  ...leftOut('string_split', "SELECT value FROM STRING_SPLIT('a,b', ',')"),
  ...leftOut('generate_series', 'SELECT value FROM GENERATE_SERIES(1, 5)'),
  ...leftOut('default values', 'INSERT INTO Client DEFAULT VALUES'),
  ...leftOut('top', "INSERT TOP (1) INTO Client (id, name) VALUES (9, 'x')"),
  ...leftOut(
    '@x',
    'DECLARE @x INT; UPDATE Client SET @x = id',
    'DECLARE @x INT; UPDATE Client SET @x = boss = 1',
  ),
  ...leftOut(
    'best',
    'WITH best AS (SELECT id, city FROM Client) UPDATE best SET city = NULL',
    'WITH best AS (SELECT id FROM Invoice) DELETE FROM best',
  ),
  ...leftOut('d', 'DELETE d FROM (SELECT id FROM Invoice) AS d'),
  ...leftOut('cube', 'SELECT city FROM Client GROUP BY CUBE (city)'),
  ...leftOut('unpivot', 'SELECT * FROM Client UNPIVOT (n FOR what IN (id, boss)) AS u'),
  ...leftOut('current of', 'DELETE FROM Invoice WHERE CURRENT OF c'),
  ...leftOut('sp_rename', "EXEC sp_rename 'Client', 'Customer'").map((each) => ({ ...each, number: 2812 })),
  ...leftOut('xp_cmdshell', "EXEC xp_cmdshell 'ls'").map((each) => ({ ...each, number: 2812 })),
  ...unknownFunction(
    'now()',
    "to_char(1, '9')",
    'random()',
    'pg_sleep(1)',
    "string_to_array('a', ',')",
    "regexp_replace('a', 'b', 'c')",
    "date_trunc('day', GETDATE())",
    'array_agg(1)',
    "json_build_object('a', 1)",
    "lpad('a', 3)",
    'ifnull(1, 2)',
    'nvl(1, 2)',
    'length(1)',
    "to_date('2024')",
    'version()',
    'current_setting(1)',
    'pg_read_file(1)',
    'set_config(1, 2)',
    'group_concat(1)',
    'strftime(1)',
    'unix_timestamp()',
    'NOSUCHFUNCTION(1)',
    'ERROR_NUMBER()',
    "HASHBYTES('MD5', 'abc')",
    'STDEV(1)',
    'SOUNDEX(1)',
    'CHECKSUM(1)',
  ),
  unknownName(207, 'true', 'SELECT 1 WHERE true = 1'),
  unknownName(207, 'INTERVAL', "SELECT INTERVAL '1 day'"),
  unknownName(207, 'ctid', 'SELECT ctid FROM Client'),
  unknownName(207, 'xmin', 'SELECT xmin FROM Client'),
  unknownName(207, 'tableoid', 'SELECT Client.tableoid FROM Client'),
  unknownName(207, 'rowid', 'SELECT rowid FROM Client'),
  unknownName(208, 'pg_class', 'SELECT * FROM pg_class'),
  unknownName(208, 'pg_catalog.pg_class', 'SELECT * FROM pg_catalog.pg_class'),
  unknownName(208, 'information_schema.sql_features', 'SELECT * FROM information_schema.sql_features'),
  unknownName(208, 'dual', 'SELECT 1 FROM dual'),
  unknownName(208, 'sqlite_master', 'SELECT * FROM sqlite_master'),
  { sql: 'SELECT current_date', names: "'current_date'", number: 156 },
];
