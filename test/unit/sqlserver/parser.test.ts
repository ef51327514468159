import { describe, expect, test } from 'vitest';
import { parseBatch } from '../../../dev/sqlserver/parser/parse-batch.ts';
import type {
  Expression,
  Query,
  QuerySpecification,
  Statement,
} from '../../../dev/sqlserver/parser/syntax.ts';

function statementOf(sql: string): Statement {
  const [statement, ...rest] = parseBatch(sql).statements;
  if (!statement || rest.length > 0) throw new Error(`not one statement: ${sql}`);
  return statement;
}

function queryOf(sql: string): Query {
  const statement = statementOf(sql);
  if (statement.kind !== 'select') throw new Error(`no query: ${sql}`);
  return statement.query;
}

function specificationOf(sql: string): QuerySpecification {
  const { body } = queryOf(sql);
  if (body.kind !== 'select') throw new Error(`a set operation: ${sql}`);
  return body;
}

/** The expression as text with every operation in brackets. */
function shapeOf(expression: Expression): string {
  switch (expression.kind) {
    case 'binary':
      return `(${shapeOf(expression.left)} ${expression.operator} ${shapeOf(expression.right)})`;
    case 'unary':
      return `(${expression.operator}${shapeOf(expression.operand)})`;
    case 'literal':
      return expression.type === 'null' ? 'NULL' : `${expression.type} ${expression.text}`;
    case 'column':
      return [...expression.qualifier, expression.name].join('.');
    case 'atTimeZone':
      return `(${shapeOf(expression.operand)} AT ${shapeOf(expression.zone)})`;
    case 'variable':
    case 'systemVariable':
    case 'case':
    case 'caseWhen':
    case 'iif':
    case 'call':
    case 'datePart':
    case 'conversion':
    case 'subquery':
      return expression.kind;
  }
}

function valueOf(expression: string): string {
  const [item] = specificationOf(`SELECT ${expression}`).items;
  if (item?.kind !== 'value') throw new Error(`no value: ${expression}`);
  return shapeOf(item.expression);
}

describe('The T-SQL parser reads values', () => {
  test.each([
    ['1 + 2 * 3', '(integer 1 + (integer 2 * integer 3))'],
    ['1 - 2 - 3', '((integer 1 - integer 2) - integer 3)'],
    ['(1 - 2) - (3)', '((integer 1 - integer 2) - integer 3)'],
    ['+a * -b', '((+a) * (-b))'],
    ['- -1', '(-(-integer 1))'],
    ["a AT TIME ZONE 'UTC' AT TIME ZONE 'B'", '((a AT string UTC) AT string B)'],
    ["'it''s'", "string it's"],
    ['[a]]b].["c""d"]', 'a]b."c""d"'],
    ['dbo.t.a', 'dbo.t.a'],
    ['1.5e3', 'float 1.5e3'],
    ['.5', 'decimal .5'],
    ['5.', 'decimal 5.'],
    ['$12.50', 'money 12.50'],
    ['0xABC', 'binary 0ABC'],
    ['/* a /* b */ c */ 1 -- d', 'integer 1'],
  ])('%s', (written, shape) => {
    expect(valueOf(written)).toBe(shape);
  });

  test('N before the quote makes a Unicode string', () => {
    const [unicode, plain] = specificationOf("SELECT N'á', 'á'").items;
    expect(unicode).toMatchObject({ expression: { type: 'string', text: 'á', unicode: true } });
    expect(plain).toMatchObject({ expression: { type: 'string', text: 'á', unicode: false } });
  });

  test('CAST takes 30 characters where no length is said, a declaration takes 1', () => {
    expect(specificationOf('SELECT CAST(a AS varchar)').items).toMatchObject([
      { expression: { kind: 'conversion', try: false, type: { name: 'varchar', length: 30 } } },
    ]);
    expect(statementOf('DECLARE @a varchar')).toMatchObject({ variables: [{ type: { length: 1 } }] });
  });

  test('abbreviated date parts have one name', () => {
    const parts = specificationOf('SELECT DATEADD(mi, 1, a), DATEDIFF(dd, a, b), DATEPART(dw, a)').items;
    expect(parts).toMatchObject([
      { expression: { name: 'DATEADD', part: 'minute' } },
      { expression: { name: 'DATEDIFF', part: 'day' } },
      { expression: { name: 'DATEPART', part: 'weekday' } },
    ]);
  });

  test('a window with its frame', () => {
    const sql =
      'SELECT SUM(a) OVER (PARTITION BY b ORDER BY c DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)';
    expect(specificationOf(sql).items).toMatchObject([
      {
        expression: {
          name: 'SUM',
          over: {
            orderBy: [{ descending: true }],
            frame: { unit: 'rows', start: { kind: 'preceding', rows: 1 }, end: { kind: 'currentRow' } },
          },
        },
      },
    ]);
  });

  test('an alias before, behind or with AS', () => {
    const names = specificationOf("SELECT a = 1, 2 b, 3 AS [c d], 4 'e', 5 AS 'f', 6").items;
    expect(names.map((item) => (item.kind === 'value' ? item.alias : item))).toEqual([
      'a',
      'b',
      'c d',
      'e',
      'f',
      undefined,
    ]);
  });
});

describe('The T-SQL parser reads conditions', () => {
  const whereOf = (condition: string) => specificationOf(`SELECT 1 WHERE ${condition}`).where;

  test('NOT binds more than AND, AND more than OR', () => {
    expect(whereOf('NOT a = 1 AND b = 2 OR c = 3')).toMatchObject({
      kind: 'or',
      left: { kind: 'and', left: { kind: 'not' } },
      right: { kind: 'comparison' },
    });
  });

  test('a bracket may hold a value or a condition', () => {
    expect(whereOf('((a + 1)) * 2 = 4')).toMatchObject({ kind: 'comparison', left: { operator: '*' } });
    expect(whereOf('((a = 1) AND (b = 2))')).toMatchObject({ kind: 'and' });
    expect(whereOf('(SELECT 1) = 1')).toMatchObject({ kind: 'comparison', left: { kind: 'subquery' } });
    expect(whereOf('((SELECT 1) + 1) = 2')).toMatchObject({ kind: 'comparison', left: { kind: 'binary' } });
  });

  test('every way to write a comparison', () => {
    expect(whereOf('a != 1')).toMatchObject({ operator: '<>' });
    expect(whereOf('a !< 1')).toMatchObject({ operator: '>=' });
    expect(whereOf("a NOT LIKE 'x!%' ESCAPE '!'")).toMatchObject({
      kind: 'like',
      not: true,
      escape: { text: '!' },
    });
    expect(whereOf('a NOT BETWEEN 1 AND 2 AND b IS NOT NULL')).toMatchObject({
      kind: 'and',
      left: { kind: 'between', not: true },
      right: { kind: 'isNull', not: true },
    });
    expect(whereOf('a IN (1, 2) AND b NOT IN (SELECT 1)')).toMatchObject({
      left: { kind: 'in', list: [{ text: '1' }, { text: '2' }] },
      right: { kind: 'inQuery', not: true },
    });
  });

  test('three thousand operands of OR', () => {
    const condition = Array.from({ length: 3000 }, (_, index) => `a = ${index}`).join(' OR ');
    expect(whereOf(condition)).toMatchObject({ kind: 'or' });
  });
});

describe('The T-SQL parser reads queries', () => {
  test('joins in the order of their ON', () => {
    const [source] = specificationOf(
      'SELECT * FROM a LEFT JOIN b JOIN c ON 1 = 1 ON 2 = 2 CROSS APPLY (SELECT 1 x) d',
    ).from;
    expect(source).toMatchObject({
      kind: 'apply',
      outer: false,
      left: {
        kind: 'join',
        join: 'left',
        left: { table: { name: 'a' } },
        right: { kind: 'join', join: 'inner' },
      },
      right: { kind: 'derived', alias: 'd' },
    });
  });

  test('hints, with or without an alias', () => {
    const [first, second] = specificationOf(
      'SELECT * FROM a x WITH (UPDLOCK, READPAST), dbo.b WITH (NOLOCK)',
    ).from;
    expect(first).toMatchObject({ alias: 'x', hints: ['UPDLOCK', 'READPAST'] });
    expect(second).toMatchObject({ table: { schema: 'dbo', name: 'b' }, hints: ['NOLOCK'] });
  });

  test('OPENJSON with a schema', () => {
    const [source] = specificationOf(
      "SELECT * FROM OPENJSON(@j, '$.a') WITH (id int '$.id', [key] nvarchar(max) AS JSON) AS r",
    ).from;
    expect(source).toMatchObject({
      kind: 'openJson',
      alias: 'r',
      columns: [
        { name: 'id', type: { name: 'int' }, path: '$.id', asJson: false },
        { name: 'key', type: { length: 'max' }, asJson: true },
      ],
    });
  });

  test('INTERSECT before UNION, ORDER BY and OFFSET for the whole', () => {
    const query = queryOf(
      'SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3 ORDER BY 1 OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY',
    );
    expect(query).toMatchObject({
      body: { operator: 'union', all: true, right: { operator: 'intersect' } },
      orderBy: [{ descending: false }],
      offset: { text: '1' },
      fetch: { text: '2' },
    });
  });
});

describe('The T-SQL parser reads statements', () => {
  test('INSERT with OUTPUT', () => {
    expect(statementOf('INSERT t (a) OUTPUT inserted.a VALUES (1), (DEFAULT)')).toMatchObject({
      kind: 'insert',
      target: { table: { name: 't' } },
      columns: ['a'],
      output: { items: [{ expression: { qualifier: ['inserted'], name: 'a' } }] },
      source: { kind: 'values', rows: [[{ text: '1' }], [{ kind: 'default' }]] },
    });
  });

  test('UPDATE with TOP, OUTPUT, FROM and compound assignment', () => {
    const sql = 'UPDATE TOP (5) x SET a += 1, b = 2 OUTPUT deleted.a FROM t AS x WHERE c = 3';
    expect(statementOf(sql)).toMatchObject({
      kind: 'update',
      top: { text: '5' },
      assignments: [
        { column: { name: 'a' }, value: { operator: '+', left: { name: 'a' } } },
        { column: { name: 'b' }, value: { text: '2' } },
      ],
      from: [{ alias: 'x' }],
      where: { kind: 'comparison' },
    });
  });

  test('a table with its columns and constraints', () => {
    const sql = `CREATE TABLE dbo.t (
      id int IDENTITY(1,1) NOT NULL CONSTRAINT pk PRIMARY KEY CLUSTERED,
      name nvarchar(100) NULL CONSTRAINT df DEFAULT (N'x'),
      version rowversion,
      CONSTRAINT ck CHECK (name <> ''),
      FOREIGN KEY (id) REFERENCES u (id) ON DELETE CASCADE
    )`;
    expect(statementOf(sql)).toMatchObject({
      kind: 'createTable',
      elements: [
        {
          name: 'id',
          identity: { seed: '1', increment: '1' },
          nullable: false,
          constraints: [{ name: 'pk' }],
        },
        { name: 'name', nullable: true, default: { name: 'df' } },
        { name: 'version', type: { name: 'rowversion' } },
        { kind: 'check', condition: { kind: 'comparison' } },
        { kind: 'foreignKey', onDelete: 'cascade', onUpdate: 'noAction' },
      ],
    });
  });

  test('a filtered index with included columns', () => {
    expect(
      statementOf('CREATE UNIQUE INDEX i ON t (a, b DESC) INCLUDE (c) WHERE a IS NOT NULL'),
    ).toMatchObject({
      unique: true,
      columns: [{ name: 'a' }, { name: 'b', descending: true }],
      include: ['c'],
      where: { kind: 'isNull', not: true },
    });
  });

  test('IF with ELSE after a semicolon, and each statement with its line', () => {
    const sql = `IF EXISTS (SELECT 1) SELECT 1; ELSE BEGIN SELECT 2 SELECT 3 END
BEGIN
  UPDATE t SET a = 1
END`;
    expect(parseBatch(sql).statements).toMatchObject([
      { kind: 'if', line: 1, whenFalse: { kind: 'block', statements: [{}, {}] } },
      { kind: 'block', line: 2, statements: [{ kind: 'update', line: 3 }] },
    ]);
  });

  test('the options that clients set at login', () => {
    const sql = `set ansi_nulls, quoted_identifier on set textsize 2147483647
      set transaction isolation level read committed set datefirst 7 set dateformat mdy set language us_english
      set lock_timeout -1 set deadlock_priority low`;
    expect(parseBatch(sql).statements.map((statement) => statement.kind)).toEqual([
      'setSwitch',
      'setDefault',
      'setIsolation',
      'setDefault',
      'setDefault',
      'setDefault',
      'setLockTimeout',
      'setDeadlockPriority',
    ]);
  });

  test('EXEC with named, output and bare arguments; a batch may begin with the procedure', () => {
    expect(statementOf("EXEC @r = sp_getapplock @Resource = N'a', @n = @o OUTPUT, Session")).toMatchObject({
      result: { name: '@r' },
      arguments: [
        { name: '@Resource', value: { text: 'a' } },
        { name: '@n', output: true },
        { value: { text: 'Session' } },
      ],
    });
    expect(statementOf('sp_reset_connection')).toMatchObject({ procedure: { name: 'sp_reset_connection' } });
  });

  test('logins, users, roles and permissions', () => {
    const sql = `CREATE LOGIN l WITH PASSWORD = 'p', CHECK_POLICY = OFF; CREATE USER u FOR LOGIN l;
      ALTER ROLE db_datareader ADD MEMBER u; GRANT SELECT, INSERT ON SCHEMA::dbo TO u`;
    expect(parseBatch(sql).statements).toMatchObject([
      { login: 'l', password: 'p' },
      { user: 'u', whose: { login: 'l' } },
      { role: 'db_datareader', change: 'add', member: 'u' },
      { permissions: ['SELECT', 'INSERT'], on: { kind: 'schema', schema: 'dbo' }, to: ['u'] },
    ]);
    expect(statementOf('CREATE USER v WITH SID = 0xaB, TYPE = x')).toMatchObject({
      user: 'v',
      whose: { sid: 'AB', type: 'X' },
    });
  });
});
