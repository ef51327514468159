import { Kysely, MssqlDialect, sql } from 'kysely';
import type { Generated } from 'kysely';
import * as tarn from 'tarn';
import * as tedious from 'tedious';
import { expect, test } from 'vitest';
import { sqlConnectionOf } from '../../../src/core/sql-connection.ts';
import { serverConnection } from '../../support/control-database.ts';
import { ownDatabase } from './engine-client.ts';

interface Schema {
  Note: { id: Generated<number>; text: string; price: number | null; at: Date | null };
}

const database = ownDatabase();

function kysely(): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: new MssqlDialect({
      validateConnections: true,
      resetConnectionsOnRelease: true,
      tarn: { ...tarn, options: { min: 0, max: 4 } },
      tedious: {
        ...tedious,
        connectionFactory: () => new tedious.Connection(sqlConnectionOf(serverConnection(database.name))),
      },
    }),
  });
}

test('Kysely defines, writes, reads and transacts over its pool', async () => {
  await using db = kysely();
  await db.schema
    .createTable('Note')
    .addColumn('id', 'integer', (column) => column.identity().primaryKey())
    .addColumn('text', sql`nvarchar(50)`, (column) => column.notNull())
    .addColumn('price', 'decimal(10, 2)')
    .addColumn('at', 'datetime')
    .execute();
  const at = new Date('2026-03-02T15:49:00.123Z');
  const inserted = await db
    .insertInto('Note')
    .values([
      { text: 'uno', price: 1.25, at },
      { text: 'dos', price: null, at: null },
    ])
    .output(['inserted.id', 'inserted.price'])
    .execute();
  expect(inserted).toEqual([
    { id: 1, price: 1.25 },
    { id: 2, price: null },
  ]);
  const updated = await db.updateTable('Note').set({ price: 2 }).where('text', '=', 'DOS').executeTakeFirst();
  expect(updated.numUpdatedRows).toBe(1n);
  const page = await db.selectFrom('Note').select(['text', 'price']).top(1).orderBy('id', 'desc').execute();
  expect(page).toEqual([{ text: 'dos', price: 2 }]);
  await expect(
    db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('Note').execute();
      throw new Error('not today');
    }),
  ).rejects.toThrow('not today');
  await db
    .transaction()
    .setIsolationLevel('serializable')
    .execute((transaction) =>
      transaction.insertInto('Note').values({ text: 'tres', price: null, at: null }).execute(),
    );
  const { count } = await db
    .selectFrom('Note')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  expect(count).toBe(3);
});

test('a connection that comes back from the pool has forgotten what was set', async () => {
  await using db = kysely();
  await db.connection().execute((one) => sql`SET LOCK_TIMEOUT 700`.execute(one));
  const { rows } = await sql<{ wait: number }>`SELECT @@LOCK_TIMEOUT AS wait`.execute(db);
  expect(rows).toEqual([{ wait: -1 }]);
});
