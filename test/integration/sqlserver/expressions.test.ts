import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverConnection } from '../../support/control-database.ts';
import { openSqlClient, type SqlClient } from '../../support/sql-client.ts';
import type { AcceptedCase, CaseValue, FailingCase } from '../../support/sqlserver-cases/accepted-case.ts';
import { dateCases, dateFailures } from '../../support/sqlserver-cases/dates.ts';
import { numberCases, numberFailures } from '../../support/sqlserver-cases/numbers.ts';
import { refusedByTheParser } from '../../support/sqlserver-cases/refused-by-the-parser.ts';
import { setCases, setFailures } from '../../support/sqlserver-cases/sets.ts';
import { textCases, textFailures } from '../../support/sqlserver-cases/text.ts';

let client: SqlClient;
beforeAll(async () => {
  client = await openSqlClient(serverConnection('master'));
});
afterAll(() => client.close());

/** The driver makes numbers of decimals and UTC of offsets; `offsetTextOf` looks at the offset itself. */
function expected(value: CaseValue, type: string): CaseValue {
  if (typeof value !== 'string') return value;
  if (/^(decimal|money|smallmoney)/.test(type)) return Number(value);
  if (!type.startsWith('datetimeoffset')) return value;
  const scale = Number(type.at(-2));
  const instant = Temporal.Instant.from(value.replace(' ', 'T')).toString({ fractionalSecondDigits: 9 });
  return instant.replace('T', ' ').slice(0, scale === 0 ? 19 : 20 + scale);
}

function offsetTextOf({ sql }: AcceptedCase): string {
  return `SELECT CAST((${sql.replace(/^SELECT /, '')}) AS varchar(40))`;
}

function titled<Case extends { sql: string; source: string }>(cases: readonly Case[]): [string, Case][] {
  return cases.map((each) => [`${each.sql} (${each.source})`, each]);
}

const accepted = [...numberCases, ...textCases, ...dateCases, ...setCases];
const failing: readonly FailingCase[] = [...numberFailures, ...textFailures, ...dateFailures, ...setFailures];

describe('The SQL Server answers as documented', () => {
  test.each(titled(accepted))('%s', async (_title, { sql, types, rows }) => {
    const answer = {
      types,
      rows: rows.map((row) => row.map((value, index) => expected(value, types[index] ?? ''))),
    };
    expect(await client.ask(sql)).toEqual(answer);
  });

  test.each(titled(accepted.filter(({ types }) => types[0]?.startsWith('datetimeoffset'))))(
    'with its offset: %s',
    async (_title, each) => {
      const text = String(each.rows[0]?.[0]).replace(/([+-]\d\d:\d\d)$/, ' $1');
      expect(await client.ask(offsetTextOf(each))).toEqual({ types: ['varchar(40)'], rows: [[text]] });
    },
  );
});

describe('The SQL Server fails as documented', () => {
  test.each(titled(failing))('%s', async (_title, { sql, number, message }) => {
    const answer = await client.ask(sql);
    expect(answer).toMatchObject(message === undefined ? { number } : { number, message });
  });
});

describe('The SQL Server refuses', () => {
  const foreign = refusedByTheParser.filter(({ number }) => number !== 40510 && number !== 191);
  test.each(foreign.map(({ sql, number }) => [sql.slice(0, 80), sql, number] as const))(
    '%s',
    async (_title, sql, number) => {
      expect(await client.ask(sql)).toMatchObject({ number });
    },
  );
});
