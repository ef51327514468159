import { Temporal } from 'temporal-polyfill';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../support/control-database.ts';
import { openSqlClient, type SqlClient } from '../../support/sql-client.ts';
import { cases } from '../../support/sqlserver-cases/cases.ts';
import type { CaseValue, SqlCase } from '../../support/sqlserver-cases/sql-case.ts';
import { subset, type SubsetLine } from '../../support/sqlserver-cases/subset.ts';
import { world } from '../../support/sqlserver-cases/world.ts';

let database: TestDatabase;
let client: SqlClient;

beforeAll(async () => {
  database = await emptyDatabase();
  client = await openSqlClient(database.connection);
  expect((await client.ask(world)).errors).toEqual([]);
});

afterAll(async () => {
  client[Symbol.dispose]();
  await database[Symbol.asyncDispose]();
});

afterEach(async () => {
  try {
    await client.ask('IF @@TRANCOUNT > 0 ROLLBACK');
  } catch {
    client = await openSqlClient(database.connection); // the case has broken its connection, and failed
  }
});

/** The driver makes numbers of decimals and UTC of offsets; `withItsOffset` looks at the offset itself. */
function asShown(value: CaseValue, type: string): CaseValue {
  if (typeof value !== 'string') return value;
  if (/^(decimal|money|smallmoney)/.test(type)) return Number(value);
  if (!type.startsWith('datetimeoffset')) return value;
  const scale = Number(type.at(-2));
  const instant = Temporal.Instant.from(value.replace(' ', 'T')).toString({ fractionalSecondDigits: 9 });
  return instant.replace('T', ' ').slice(0, scale === 0 ? 19 : 20 + scale);
}

/** What the case says of the answer, and nothing else. */
async function answered({ sql, afterwards, number, message, types, names, nullable, rows, counts }: SqlCase) {
  const first = await client.ask(sql);
  const last = afterwards === undefined ? first : await client.ask(afterwards);
  const [error] = first.errors;
  const result = last.results.at(-1);
  return {
    actual: {
      number: error?.number,
      ...(message !== undefined && { message: error?.message }),
      ...(types && { types: result?.types }),
      ...(names && { names: result?.names }),
      ...(nullable && { nullable: result?.nullable }),
      ...(rows && { rows: result?.rows }),
      ...(counts && { counts: first.counts }),
    },
    expected: {
      number,
      ...(message !== undefined && { message }),
      ...(types && { types }),
      ...(names && { names }),
      ...(nullable && { nullable }),
      ...(rows && { rows: rows.map((row) => row.map((value, at) => asShown(value, types?.[at] ?? ''))) }),
      ...(counts && { counts }),
    },
  };
}

describe.each(Object.entries(subset))('%s', (line, [, what]) => {
  const own = cases.filter((each) => each.line === (line as SubsetLine));

  test(`has cases: ${what}`, () => expect(own).not.toEqual([]));

  test.each(own.map((each) => [each.sql, each.page, each] as const))('%s (%s)', async (_sql, _page, each) => {
    if (!each.alone) await client.ask('BEGIN TRANSACTION');
    const { actual, expected } = await answered(each);
    if (/\bSET [A-Z]/.test(each.sql)) await client.reset();
    expect(actual).toEqual(expected);
  });
});

const withOffsets = cases.filter(({ types, rows }) => types?.[0]?.startsWith('datetimeoffset') && rows?.[0]);

test.each(withOffsets.map((each) => [each.sql, each] as const))(
  'with its offset: %s',
  async (_sql, { sql, rows }) => {
    const text = String(rows?.[0]?.[0]).replace(/([+-]\d\d:\d\d)$/, ' $1');
    const asText = `SELECT CAST((${sql.replace(/^SELECT /, '')}) AS varchar(40))`;
    expect((await client.ask(asText)).results[0]?.rows).toEqual([[text]]);
  },
);
