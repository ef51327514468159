import { answers, fails, proof, runs, touches, type SqlCase } from './sql-case.ts';

const variables = proof('variables', 'DECLARE @local_variable (Transact-SQL)');
const set = proof('variables', 'SET @local_variable (Transact-SQL)');
const assign = proof('variables', 'SELECT @local_variable (Transact-SQL)');
const control = proof('control', 'IF...ELSE (Transact-SQL)');
const blocks = proof('control', 'BEGIN...END (Transact-SQL)');
const settings = proof('settings', 'SET statements (Transact-SQL)');
const dynamic = proof('procedures', 'sp_executesql (Transact-SQL)');
const locks = proof('procedures', 'sp_getapplock (Transact-SQL)');
const begin = proof('transactions', 'BEGIN TRANSACTION (Transact-SQL)');
const commit = proof('transactions', 'COMMIT TRANSACTION (Transact-SQL)');
const rollback = proof('transactions', 'ROLLBACK TRANSACTION (Transact-SQL)');
const save = proof('transactions', 'SAVE TRANSACTION (Transact-SQL)');
const abort = proof('transactions', 'SET XACT_ABORT (Transact-SQL)');
const state = proof('transactions', 'XACT_STATE (Transact-SQL)');
const isolation = proof('transactions', 'SET TRANSACTION ISOLATION LEVEL (Transact-SQL)');
const pay = 'UPDATE Invoice SET paid = 1 WHERE id = 2;';
const unpaid = 'SELECT COUNT(*) FROM Invoice WHERE paid = 0';
const again = "INSERT INTO Client (id, name) VALUES (1, 'Ana');";

/** On the tables of `world.ts`; those that end a transaction leave the tables as they were. */
export const sessionCases: readonly SqlCase[] = [
  answers(
    variables,
    "DECLARE @a INT, @b VARCHAR(3) = 'abcdef', @c DECIMAL(5, 2) = 1.005; SELECT @a, @b, @c",
    ['int', 'varchar(3)', 'decimal(5,2)'],
    [null, 'abc', 1.01],
  ),
  answers(variables, 'DECLARE @x INT = 2, @y AS INT; SET @y = @x * 3; SELECT @X + @Y', ['int'], [8]),
  answers(
    set,
    "DECLARE @n INT = 5, @t NVARCHAR(10) = N'a'; SET @n += 2; SET @n *= 3; SET @n %= 4; SET @t += 'b'; SELECT @n, @t",
    ['int', 'nvarchar(10)'],
    [1, 'ab'],
  ),
  answers(
    set,
    'DECLARE @n INT = (SELECT MAX(id) FROM Client); SET @n = (SELECT MIN(id) FROM Client WHERE id > @n); SELECT @n',
    ['int'],
    [null],
  ),
  answers(
    assign,
    'DECLARE @id INT, @name NVARCHAR(20); SELECT @id = id, @name = name FROM Client WHERE id = 2; SELECT @id, @name',
    ['int', 'nvarchar(20)'],
    [2, 'Beto'],
  ),
  answers(assign, 'DECLARE @id INT = 7; SELECT @id = id FROM Client WHERE id = 99; SELECT @id', ['int'], [7]),
  fails('variables', 'SELECT @missing', 137, 'Must declare the scalar variable "@missing".'),
  fails('variables', 'SET @missing = 1', 137),
  fails('variables', 'DECLARE @a INT; DECLARE @A INT', 134),
  fails('variables', 'DECLARE @a INT; SELECT @a = 1, id FROM Client', 141),
  fails('variables', "DECLARE @a INT = 'x'", 245),
  fails('variables', "DECLARE @d DATE = '2024-02-30'", 241),

  answers(
    control,
    "IF EXISTS (SELECT 1 FROM Client WHERE id = 1) SELECT 'yes' ELSE SELECT 'no'",
    ['varchar(3)'],
    ['yes'],
  ),
  answers(control, "IF 1 = NULL SELECT 'yes' ELSE SELECT 'no'", ['varchar(2)'], ['no']),
  answers(
    control,
    "DECLARE @n INT = 2; IF @n = 1 SELECT 'one' ELSE IF @n = 2 SELECT 'two' ELSE SELECT 'many'",
    ['varchar(3)'],
    ['two'],
  ),
  answers(
    blocks,
    'DECLARE @n INT = 0; IF @n = 0 BEGIN SET @n = 1; BEGIN SET @n = @n + 1 END END; SELECT @n',
    ['int'],
    [2],
  ),
  touches(
    control,
    "IF NOT EXISTS (SELECT 1 FROM Client WHERE name = 'ana') INSERT INTO Client (id, name) VALUES (9, 'Ana')",
  ),
  answers(
    control,
    `${pay} IF @@ROWCOUNT = 1 BEGIN DELETE FROM Invoice WHERE id = 5; SELECT @@ROWCOUNT END`,
    ['int'],
    [1],
  ),
  runs(proof('control', 'WAITFOR (Transact-SQL)'), "WAITFOR DELAY '00:00:00.010'"),

  answers(
    proof('settings', '@@LOCK_TIMEOUT (Transact-SQL)'),
    'SET LOCK_TIMEOUT 1800; SELECT @@LOCK_TIMEOUT',
    ['int'],
    [1800],
  ),
  runs(
    settings,
    'SET NOCOUNT ON; SET XACT_ABORT OFF; SET ANSI_NULLS, ANSI_PADDING ON; SET QUOTED_IDENTIFIER ON; SET ARITHABORT ON',
  ),
  runs(
    proof('settings', 'SET DEADLOCK_PRIORITY (Transact-SQL)'),
    'SET DEADLOCK_PRIORITY LOW; SET DEADLOCK_PRIORITY 3; SET DEADLOCK_PRIORITY NORMAL',
  ),
  runs(settings, 'SET TEXTSIZE 2147483647; SET DATEFIRST 7; SET DATEFORMAT mdy; SET LANGUAGE us_english'),
  {
    ...proof('session', '@@SPID (Transact-SQL)'),
    sql: 'SELECT @@SPID, @@TRANCOUNT',
    types: ['smallint', 'int'],
  },

  answers(dynamic, "EXEC sp_executesql N'SELECT @a + 1', N'@a INT', @a = 4", ['int'], [5]),
  answers(
    dynamic,
    "DECLARE @n INT; EXECUTE sp_executesql N'SELECT @most = MAX(id) FROM Client', N'@most INT OUTPUT', @most = @n OUTPUT; SELECT @n",
    ['int'],
    [4],
  ),
  answers(
    dynamic,
    "DECLARE @sql NVARCHAR(50) = N'SELECT id FROM Client WHERE name = @name'; EXEC sp_executesql @sql, N'@name NVARCHAR(20)', N'Ciro'",
    ['int'],
    [3],
  ),
  answers(
    locks,
    "DECLARE @r INT; EXEC @r = sp_getapplock @Resource = 'case', @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0; EXEC sp_releaseapplock @Resource = 'case', @LockOwner = 'Session'; SELECT @r",
    ['int'],
    [0],
  ),
  fails('procedures', 'EXEC sp_nothing', 2812, "Could not find stored procedure 'sp_nothing'."),
  fails('procedures', "EXEC sp_executesql N'SELECT @a'", 137),
  fails(
    dynamic,
    "EXEC sp_executesql 'SELECT 1'",
    214,
    "Procedure expects parameter '@statement' of type 'ntext/nchar/nvarchar'.",
  ),
  fails(dynamic, "DECLARE @p VARCHAR(9) = '@a INT'; EXEC sp_executesql N'SELECT @a', @p, 1", 214),
  fails('procedures', "EXEC sp_executesql N'SELECT @a', N'@a INT'", 8178),

  answers(
    proof('session', '@@SERVERNAME (Transact-SQL)'),
    'SELECT CASE WHEN LEN(@@SERVERNAME) > 0 AND LEN(@@VERSION) > 0 THEN 1 END',
    ['int'],
    [1],
  ),
  answers(proof('session', '@@ERROR (Transact-SQL)'), `SELECT 1 AS n; SELECT @@ERROR`, ['int'], [0]),
  {
    ...proof('session', '@@ERROR (Transact-SQL)'),
    sql: `${again} SELECT @@ERROR`,
    number: 2627,
    types: ['int'],
    rows: [[2627]],
  },
  answers(
    proof('session', 'SERVERPROPERTY (Transact-SQL)'),
    "SELECT CASE WHEN CAST(SERVERPROPERTY('ProductMajorVersion') AS INT) >= 13 THEN 1 END",
    ['int'],
    [1],
  ),

  {
    ...answers(begin, `BEGIN TRANSACTION; BEGIN TRAN; ${pay} SELECT @@TRANCOUNT; ROLLBACK`, ['int'], [2]),
    alone: true,
  },
  {
    ...answers(
      commit,
      `BEGIN TRANSACTION; BEGIN TRANSACTION; ${pay} COMMIT; SELECT @@TRANCOUNT; ROLLBACK`,
      ['int'],
      [1],
    ),
    alone: true,
  },
  {
    ...answers(rollback, `BEGIN TRANSACTION; BEGIN TRANSACTION; ${pay} ROLLBACK; ${unpaid}`, ['int'], [3]),
    alone: true,
  },
  { ...answers(rollback, 'BEGIN TRANSACTION; ROLLBACK WORK; SELECT @@TRANCOUNT', ['int'], [0]), alone: true },
  {
    ...answers(
      save,
      `BEGIN TRANSACTION first; UPDATE Invoice SET paid = 0; SAVE TRANSACTION here; UPDATE Invoice SET paid = 1; ROLLBACK TRANSACTION here; ${unpaid}; ROLLBACK TRANSACTION first`,
      ['int'],
      [5],
    ),
    alone: true,
  },
  {
    ...answers(
      save,
      "DECLARE @here VARCHAR(10) = 'x'; BEGIN TRANSACTION; SAVE TRANSACTION @here; ROLLBACK TRANSACTION @here; SELECT @@TRANCOUNT; ROLLBACK",
      ['int'],
      [1],
    ),
    alone: true,
  },
  { ...answers(state, 'BEGIN TRANSACTION; SELECT XACT_STATE(); ROLLBACK', ['smallint'], [1]), alone: true },
  { ...answers(state, 'SELECT XACT_STATE()', ['smallint'], [0]), alone: true },
  {
    ...proof('transactions', 'SET XACT_ABORT (Transact-SQL)'),
    sql: `SET XACT_ABORT OFF; BEGIN TRANSACTION; ${pay} ${again} ${unpaid}; ROLLBACK`,
    number: 2627,
    types: ['int'],
    rows: [[2]],
    alone: true,
  },
  {
    ...abort,
    sql: `SET XACT_ABORT ON; BEGIN TRANSACTION; ${pay} ${again} SELECT 'never'`,
    number: 2627,
    afterwards: `SELECT @@TRANCOUNT, (${unpaid})`,
    types: ['int', 'int'],
    rows: [[0, 3]],
    alone: true,
  },
  {
    ...proof('transactions', 'Database Engine error severities'),
    sql: `BEGIN TRANSACTION; ${pay} SELECT CAST('x' AS INT)`,
    number: 245,
    afterwards: 'SELECT @@TRANCOUNT',
    types: ['int'],
    rows: [[0]],
    alone: true,
  },
  {
    ...fails(
      'transactions',
      'COMMIT',
      3902,
      'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.',
    ),
    alone: true,
  },
  {
    ...fails(
      'transactions',
      'ROLLBACK',
      3903,
      'The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.',
    ),
    alone: true,
  },
  { ...fails('transactions', 'SAVE TRANSACTION here', 628), alone: true },
  { ...fails('transactions', 'BEGIN TRANSACTION; ROLLBACK TRANSACTION nowhere', 6401), alone: true },
  ...['READ UNCOMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'].map((level) => ({
    ...answers(
      isolation,
      `SET TRANSACTION ISOLATION LEVEL ${level}; BEGIN TRANSACTION; SELECT COUNT(*) FROM Client; COMMIT`,
      ['int'],
      [4],
    ),
    alone: true as const,
  })),
];
