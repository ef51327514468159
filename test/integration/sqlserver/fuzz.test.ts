import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { localSqlConnection } from '../../../dev/services/local-settings.ts';
import { openSqlClient, type SqlClient } from '../../support/sql-client.ts';
import { mutants } from '../../support/sqlserver-cases/mutants.ts';
import { world } from '../../support/sqlserver-cases/world.ts';

/** On the local server alone. FUZZ_SEED=random FUZZ_ROUNDS=20000 looks further; a failure names its seed and path. */
const { FUZZ_ROUNDS: rounds = '1000' } = process.env;
const database = `fuzz_${randomBytes(6).toString('hex')}`;
const connection = (name: string) => localSqlConnection(inject('ports'), name);
let client: SqlClient;

beforeAll(async () => {
  using master = await openSqlClient(connection('master'));
  expect((await master.ask(`CREATE DATABASE ${database}`)).errors).toEqual([]);
  client = await openSqlClient(connection(database));
  expect((await client.ask(world)).errors).toEqual([]);
});

afterAll(async () => {
  client[Symbol.dispose]();
  using master = await openSqlClient(connection('master'));
  await master.ask(`DROP DATABASE ${database}`);
});

/** A failure of the server's own, and a fault of PostgreSQL that it did not expect. */
const INTERNAL = [40998, 40999];

async function attempt(sql: string): Promise<void> {
  await client.ask('IF @@TRANCOUNT > 0 ROLLBACK; BEGIN TRANSACTION');
  const { errors } = await client.ask(sql);
  expect(errors.filter(({ number }) => INTERNAL.includes(number) || number < 100)).toEqual([]);
}

test('whatever a statement is turned into, the answer is one that SQL Server could give, and it comes soon', async () => {
  let last = Promise.resolve();
  await fc.assert(
    fc.asyncProperty(mutants, (sql) => (last = attempt(sql))),
    { numRuns: Number(rounds), timeout: 15_000 },
  );
  await last;
  expect((await client.ask('IF @@TRANCOUNT > 0 ROLLBACK; SELECT 1')).errors).toEqual([]);
});
