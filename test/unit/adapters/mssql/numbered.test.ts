import { DummyDriver, Kysely, MssqlAdapter, MssqlIntrospector, MssqlQueryCompiler, sql } from 'kysely';
import { expect, test } from 'vitest';
import { numbered } from '../../../../src/adapters/mssql/numbered.ts';

const db = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new MssqlAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (of) => new MssqlIntrospector(of),
    createQueryCompiler: () => new MssqlQueryCompiler(),
  },
});
const compiled = (ids: readonly number[]) => sql`SELECT 1 WHERE 1 IN ${numbered(ids)}`.compile(db);

test('each id is a parameter, so that the server knows how short the list is', () => {
  expect(compiled([7, 8])).toMatchObject({ sql: 'SELECT 1 WHERE 1 IN (@1, @2)', parameters: [7, 8] });
});

test('there are no more of them than SQL Server takes', () => {
  expect(compiled(Array.from({ length: 3000 }, (_, id) => id)).parameters).toHaveLength(2000);
});
