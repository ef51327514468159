import { answers, fails, proof, type SqlCase } from './sql-case.ts';

const openJson = proof('openJson', 'OPENJSON (Transact-SQL)');
const paths = proof('openJson', 'JSON Path Expressions in the SQL Database Engine');
const list = `'[{"id":1,"name":"uno","at":{"city":"Salta"},"tags":["a","b"]},{"id":2,"extra":true}]'`;

export const openJsonCases: readonly SqlCase[] = [
  answers(
    openJson,
    `SELECT id, name FROM OPENJSON(${list}) WITH (id INT, name NVARCHAR(10))`,
    ['int', 'nvarchar(10)'],
    [1, 'uno'],
    [2, null],
  ),
  answers(
    openJson,
    `SELECT city, tags FROM OPENJSON(${list}) WITH (city VARCHAR(10) '$.at.city', tags NVARCHAR(MAX) '$.tags' AS JSON)`,
    ['varchar(10)', 'nvarchar(max)'],
    ['Salta', '["a","b"]'],
    [null, null],
  ),
  answers(openJson, `SELECT v FROM OPENJSON('[3, 1, null]') WITH (v INT '$')`, ['int'], [3], [1], [null]),
  answers(
    openJson,
    `SELECT n FROM OPENJSON('{"a":{"list":[{"n":1},{"n":2}]}}', '$.a.list') WITH (n INT)`,
    ['int'],
    [1],
    [2],
  ),
  answers(
    openJson,
    `SELECT a, b FROM OPENJSON('{"a":"x","b":"2024-03-05T10:00:00"}') WITH (a CHAR(3), b DATETIME2(0))`,
    ['char(3)', 'datetime2(0)'],
    ['x  ', '2024-03-05 10:00:00'],
  ),
  answers(
    openJson,
    `SELECT a, b, c FROM OPENJSON('[{"a":true,"b":1.50,"c":"AB12"}]') WITH (a BIT, b DECIMAL(5, 1), c NVARCHAR(MAX))`,
    ['bit', 'decimal(5,1)', 'nvarchar(max)'],
    [true, 1.5, 'AB12'],
  ),
  answers(
    paths,
    `SELECT t FROM OPENJSON('[{"odd name":"x"}]') WITH (t VARCHAR(5) '$."odd name"')`,
    ['varchar(5)'],
    ['x'],
  ),
  answers(
    paths,
    `SELECT A, a2 FROM OPENJSON('[{"a":1,"A":2}]') WITH (A INT, a2 INT '$.a')`,
    ['int', 'int'],
    [2, 1],
  ),
  answers(
    paths,
    `SELECT t FROM OPENJSON('[{"l":["x","y"]}]') WITH (t VARCHAR(5) '$.l[1]')`,
    ['varchar(5)'],
    ['y'],
  ),
  answers(
    paths,
    `SELECT t FROM OPENJSON('[{"o":{"x":1}}]') WITH (t NVARCHAR(10) '$.o')`,
    ['nvarchar(10)'],
    [null],
  ),
  answers(openJson, `SELECT n FROM OPENJSON(NULL) WITH (n INT)`, ['int']),
  answers(openJson, `SELECT n FROM OPENJSON('[]') WITH (n INT)`, ['int']),
  answers(
    openJson,
    `SELECT COUNT(*) FROM Client c JOIN OPENJSON('[1, 3, 9]') WITH (id INT '$') j ON j.id = c.id`,
    ['int'],
    [2],
  ),
  fails(openJson, `SELECT n FROM OPENJSON('{a') WITH (n INT)`, 13609),
  fails('openJson', `SELECT n FROM OPENJSON('[{"n":"x"}]') WITH (n INT)`, 245),
];
