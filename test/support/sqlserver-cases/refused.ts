import { refusedByTheParser, type RefusedStatement } from './refused-by-the-parser.ts';

const leftOut = (construct: string, ...statements: readonly string[]): RefusedStatement[] =>
  statements.map((sql) => ({ sql, number: 40510, names: `: ${construct}` }));
const unknownFunction = (...calls: readonly string[]): RefusedStatement[] =>
  calls.map((call) => ({ sql: `SELECT ${call}`, number: 195, names: `'${/^\w+/.exec(call)?.[0]}'` }));
const unknownName = (number: 207 | 208, name: string, sql: string): RefusedStatement => ({
  sql,
  number,
  names: `'${name}'`,
});
const unknownProcedure = (name: string, sql: string): RefusedStatement => ({
  sql,
  number: 2812,
  names: `'${name}'`,
});

/** All that the local SQL Server does not take, though SQL Server or another database does. On the tables of `world.ts`. */
export const refused: readonly RefusedStatement[] = [
  ...refusedByTheParser,
  { sql: 'CREATE TABLE Two (a INT INDEX IX_Two)', number: 156, names: "'INDEX'" },
  { sql: 'SELECT $tag$a$tag$', number: 102, names: "'$'" },
  ...leftOut(
    'an UPDATE that may give rows the keys of each other',
    'UPDATE Client SET id = id + 1 WHERE id = 1',
  ),
  ...leftOut('LAG with DISTINCT', 'SELECT LAG(DISTINCT id) OVER (ORDER BY id) FROM Client'),
  ...leftOut(
    'TOP … WITH TIES with READPAST',
    'SELECT TOP (1) WITH TIES id FROM Client WITH (UPDLOCK, READPAST) ORDER BY id',
  ),
  ...leftOut('a number of rows that is NULL', 'DECLARE @n INT; SELECT TOP (@n) id FROM Client'),
  ...leftOut('the character 0', 'SELECT CHAR(0)', 'SELECT NCHAR(0)'),
  ...leftOut(
    'SELECT @x = … of a variable',
    'DECLARE @a INT = 0; SELECT @a = @a + id FROM Client',
    'DECLARE @a INT, @b INT; SELECT @a = 1, @b = @a',
  ),
  ...leftOut(
    'ESCAPE with what is not a literal',
    "DECLARE @e CHAR = '!'; SELECT 1 WHERE 'a' LIKE 'b' ESCAPE @e",
  ),
  ...leftOut('FORMAT in another culture', "SELECT FORMAT(1, 'N', 'de-DE')"),
  ...leftOut('FORMAT with MMM in Spanish', "SELECT FORMAT(GETDATE(), 'MMM', 'es-AR')"),
  ...leftOut('FORMAT with P', "SELECT FORMAT(1, 'P')"),
  ...leftOut('datetime2 to text in style 113', 'SELECT CONVERT(varchar(40), SYSDATETIME(), 113)'),
  ...leftOut('datetime to text in style 130', 'SELECT CONVERT(varchar(40), GETDATE(), 130)'),
  ...leftOut('IDENTITY of decimal(19,0)', 'CREATE TABLE Two (a DECIMAL(19, 0) IDENTITY)'),
  { sql: 'SELECT 1 | 2', number: 102, names: "'|'" },
  { sql: 'SELECT current_date', number: 156, names: "'current_date'" },
  ...leftOut('SET IMPLICIT_TRANSACTIONS', 'SET IMPLICIT_TRANSACTIONS ON'),
  ...leftOut(
    'writing to the query',
    'WITH best AS (SELECT id, city FROM Client) UPDATE best SET city = NULL',
    'WITH best AS (SELECT id FROM Invoice) DELETE FROM best',
  ),
  ...leftOut('writing to the query', 'DELETE d FROM (SELECT id FROM Invoice) AS d'),
  unknownProcedure('sp_rename', "EXEC sp_rename 'Client', 'Customer'"),
  unknownProcedure('sp_help', 'EXEC sp_help'),
  unknownProcedure('xp_cmdshell', "EXEC xp_cmdshell 'ls'"),
  ...unknownFunction(
    ...['now()', "to_char(1, '9')", 'random()', 'pg_sleep(1)', "string_to_array('a', ',')", 'array_agg(1)'],
    ...[
      "regexp_replace('a', 'b', 'c')",
      "date_trunc('day', GETDATE())",
      "json_build_object('a', 1)",
      'lpad(1)',
    ],
    ...[
      'ifnull(1, 2)',
      'nvl(1, 2)',
      'length(1)',
      "to_date('2024')",
      'current_setting(1)',
      'set_config(1, 2)',
    ],
    ...['pg_read_file(1)', 'version()', 'group_concat(1)', 'strftime(1)', 'unix_timestamp()', 'instr(1, 2)'],
    ...[
      'PERCENTILE_CONT(1) OVER ()',
      'ERROR_NUMBER()',
      "HASHBYTES('MD5', 'abc')",
      'STDEV(1)',
      'SOUNDEX(1)',
      'CHECKSUM(1)',
      'NOSUCHFUNCTION(1)',
    ],
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
];
