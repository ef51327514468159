import type { AcceptedCase, FailingCase } from './accepted-case.ts';

const rows = (
  source: string,
  sql: string,
  types: readonly string[],
  ...result: AcceptedCase['rows']
): AcceptedCase => ({
  sql,
  types,
  rows: result,
  source,
});
const numbers = '(VALUES (1), (2), (2), (NULL)) AS t (n)';
const people = "(VALUES (1, 'Ana', 10.5), (1, 'Beto', 20), (2, 'Ciro', NULL)) AS p (grp, name, amount)";

export const setCases: readonly AcceptedCase[] = [
  rows(
    'COUNT (Transact-SQL)',
    `SELECT COUNT(*), COUNT(n), COUNT(DISTINCT n) FROM ${numbers}`,
    ['int', 'int', 'int'],
    [4, 3, 2],
  ),
  rows('COUNT_BIG (Transact-SQL)', `SELECT COUNT_BIG(*) FROM ${numbers}`, ['bigint'], ['4']),
  rows('AVG (Transact-SQL)', `SELECT AVG(n), SUM(n) FROM ${numbers}`, ['int', 'int'], [1, 5]),
  rows('AVG (Transact-SQL)', 'SELECT AVG(n) FROM (VALUES (-1), (-2)) AS t (n)', ['int'], [-1]),
  rows(
    'AVG (Transact-SQL)',
    'SELECT AVG(n) FROM (VALUES (1.0), (2.0), (2.0)) AS t (n)',
    ['decimal(38,6)'],
    ['1.666666'],
  ),
  rows(
    'SUM (Transact-SQL)',
    'SELECT SUM(n) FROM (VALUES (1.10), (2.25)) AS t (n)',
    ['decimal(38,2)'],
    ['3.35'],
  ),
  rows('SUM (Transact-SQL)', `SELECT SUM(n) FROM ${numbers} WHERE n > 9`, ['int'], [null]),
  rows('SUM (Transact-SQL)', 'SELECT SUM(n) FROM (VALUES ($1), ($2.5)) AS t (n)', ['money'], ['3.5000']),
  rows(
    'MAX (Transact-SQL)',
    "SELECT MAX(n), MIN(n) FROM (VALUES ('a'), ('B')) AS t (n)",
    ['varchar(1)', 'varchar(1)'],
    ['B', 'a'],
  ),
  rows(
    'STRING_AGG (Transact-SQL)',
    `SELECT grp, STRING_AGG(name, ', ') WITHIN GROUP (ORDER BY name DESC) FROM ${people} GROUP BY grp ORDER BY grp`,
    ['int', 'varchar(8000)'],
    [1, 'Beto, Ana'],
    [2, 'Ciro'],
  ),
  rows(
    'ROW_NUMBER (Transact-SQL)',
    `SELECT name, ROW_NUMBER() OVER (PARTITION BY grp ORDER BY name DESC) FROM ${people} ORDER BY name`,
    ['varchar(4)', 'bigint'],
    ['Ana', '2'],
    ['Beto', '1'],
    ['Ciro', '1'],
  ),
  rows(
    'RANK (Transact-SQL)',
    `SELECT n, RANK() OVER (ORDER BY n), DENSE_RANK() OVER (ORDER BY n) FROM ${numbers} ORDER BY n`,
    ['int', 'bigint', 'bigint'],
    [null, '1', '1'],
    [1, '2', '2'],
    [2, '3', '3'],
    [2, '3', '3'],
  ),
  rows(
    'OVER Clause (Transact-SQL)',
    `SELECT name, SUM(amount) OVER (ORDER BY name) FROM ${people} ORDER BY name`,
    ['varchar(4)', 'decimal(38,1)'],
    ['Ana', '10.5'],
    ['Beto', '30.5'],
    ['Ciro', '30.5'],
  ),
  rows(
    'LAG (Transact-SQL)',
    `SELECT name, LAG(name, 1, '-') OVER (ORDER BY name), LEAD(name) OVER (ORDER BY name) FROM ${people} ORDER BY name`,
    ['varchar(4)', 'varchar(4)', 'varchar(4)'],
    ['Ana', '-', 'Beto'],
    ['Beto', 'Ana', 'Ciro'],
    ['Ciro', 'Beto', null],
  ),
  rows(
    'ORDER BY Clause (Transact-SQL)',
    `SELECT n FROM ${numbers} ORDER BY n`,
    ['int'],
    [null],
    [1],
    [2],
    [2],
  ),
  rows(
    'ORDER BY Clause (Transact-SQL)',
    `SELECT n FROM ${numbers} ORDER BY n DESC`,
    ['int'],
    [2],
    [2],
    [1],
    [null],
  ),
  rows(
    'SELECT (Transact-SQL)',
    "SELECT COUNT(*) FROM (SELECT DISTINCT n FROM (VALUES ('a'), ('A '), ('á')) AS t (n)) AS d",
    ['int'],
    [2],
  ),
  rows(
    'Set Operators - UNION (Transact-SQL)',
    "SELECT COUNT(*) FROM (SELECT 'a' AS x UNION SELECT 'A') AS u",
    ['int'],
    [1],
  ),
  rows(
    'Set Operators - UNION (Transact-SQL)',
    'SELECT 1 UNION ALL SELECT 2.5',
    ['decimal(11,1)'],
    ['1.0'],
    ['2.5'],
  ),
  rows('IN (Transact-SQL)', `SELECT n FROM ${numbers} WHERE n IN (SELECT '2')`, ['int'], [2], [2]),
  rows('ALL (Transact-SQL)', `SELECT n FROM ${numbers} WHERE n < ALL (SELECT 2)`, ['int'], [1]),
];

export const setFailures: readonly FailingCase[] = [
  {
    sql: `SELECT SUM(n) OVER (ORDER BY 1) FROM ${numbers}`,
    number: 5308,
    source: 'OVER Clause (Transact-SQL)',
  },
  { sql: `SELECT ROW_NUMBER() FROM ${numbers}`, number: 10753, source: 'ROW_NUMBER (Transact-SQL)' },
  {
    sql: `SELECT ROW_NUMBER() OVER (PARTITION BY n) FROM ${numbers}`,
    number: 4112,
    source: 'ROW_NUMBER (Transact-SQL)',
  },
  { sql: `SELECT n FROM ${numbers} WHERE COUNT(*) > 1`, number: 147, source: 'MSSQLSERVER_147' },
  { sql: `SELECT n FROM ${numbers} WHERE true = 1`, number: 207, source: 'Constants (Transact-SQL)' },
  { sql: `SELECT n + INTERVAL '1 day' FROM ${numbers}`, number: 207, source: 'Data types (Transact-SQL)' },
  { sql: 'SELECT now()', number: 195, source: 'Date and time data types and functions (Transact-SQL)' },
  { sql: "SELECT string_to_array('a', ',')", number: 195, source: 'String functions (Transact-SQL)' },
  { sql: 'SELECT pg_sleep(1)', number: 195, source: 'Functions (Transact-SQL)' },
  { sql: "SELECT to_char(1, '9')", number: 195, source: 'Functions (Transact-SQL)' },
  { sql: 'SELECT random()', number: 195, source: 'Mathematical functions (Transact-SQL)' },
  { sql: 'SELECT current_date', number: 156, source: 'Reserved keywords (Transact-SQL)' },
];
