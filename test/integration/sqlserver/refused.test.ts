import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { localSqlConnection } from '../../../dev/services/local-settings.ts';
import { openSqlClient, type SqlClient } from '../../support/sql-client.ts';
import { refused } from '../../support/sqlserver-cases/refused.ts';
import { world } from '../../support/sqlserver-cases/world.ts';

/** On the local server alone: SQL Server itself takes much of it. */
const database = `refused_${randomBytes(6).toString('hex')}`;
let client: SqlClient;

async function onMaster(sql: string): Promise<void> {
  using master = await openSqlClient(localSqlConnection(inject('ports'), 'master'));
  expect((await master.ask(sql)).errors).toEqual([]);
}

beforeAll(async () => {
  await onMaster(`CREATE DATABASE ${database}`);
  client = await openSqlClient(localSqlConnection(inject('ports'), database));
  await client.ask(world);
});

afterAll(async () => {
  client[Symbol.dispose]();
  await onMaster(`DROP DATABASE ${database}`);
});

test.each(refused.map((each) => [each.sql.slice(0, 80), each] as const))(
  'refused: %s',
  async (_title, { sql, number, names }) => {
    const { errors, results } = await client.ask(sql);
    expect(errors[0]).toMatchObject({ number });
    expect(errors[0]?.message.toLowerCase()).toContain(names.toLowerCase());
    expect(results.flatMap(({ rows }) => rows)).toEqual([]);
  },
);
