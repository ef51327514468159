import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { openControlDatabase } from '../../../src/adapters/mssql/control-database.ts';
import { requireCopy } from '../../../src/adapters/mssql/require-copy.ts';
import { retryConflicts } from '../../../src/adapters/mssql/retry-conflicts.ts';
import { sqlErrorNumber } from '../../../src/adapters/mssql/sql-error-number.ts';
import { controlDatabase, serverConnection } from '../../support/control-database.ts';
import { sqlProxy } from '../../support/sql-proxy.ts';

type Database = ReturnType<typeof openControlDatabase>;

async function seven(db: Database): Promise<unknown> {
  const { rows } = await sql`SELECT 7 AS seven`.execute(db);
  return rows;
}

/** A statement on each of so many connections, none of which is given back before the last one has its answer. */
async function useAtOnce(db: Database, count: number): Promise<void> {
  const all = Promise.withResolvers<void>();
  let left = count;
  const use = () =>
    db.connection().execute(async (session) => {
      await seven(session);
      if (--left === 0) all.resolve();
      await all.promise;
    });
  await Promise.all(Array.from({ length: count }, use));
}

describe('the control database', () => {
  test('costs one round trip per statement', async () => {
    await using proxy = await sqlProxy(serverConnection('master'));
    await using db = openControlDatabase({ connection: proxy.connection, maxConnections: 5 });
    await useAtOnce(db, 5);
    const before = proxy.messages();
    for (let call = 0; call < 20; call++) await seven(db);
    await Promise.all(Array.from({ length: 20 }, () => seven(db)));
    expect(proxy.messages() - before).toBe(40);
  });

  test('fails no further statement once it has noticed that its connections were lost', async () => {
    await using proxy = await sqlProxy(serverConnection('master'));
    await using db = openControlDatabase({ connection: proxy.connection });
    await useAtOnce(db, 5);
    await proxy.cut();
    await seven(db).catch(() => undefined);
    expect(await Promise.all(Array.from({ length: 5 }, () => seven(db)))).toEqual(
      Array.from({ length: 5 }, () => [{ seven: 7 }]),
    );
  });

  test('does not wait for a lock longer than told', async () => {
    await using database = await controlDatabase();
    await using db = openControlDatabase({ connection: database.connection, lockTimeoutMs: 200 });
    const update = (session: Database) =>
      sql`UPDATE CT_Scheduler_Estado SET est_Version = 1`.execute(session);
    await database.db.transaction().execute(async (holder) => {
      await update(holder);
      expect(sqlErrorNumber(await update(db).catch((error: unknown) => error))).toBe(1222);
    });
    await update(db);
  });

  test('runs the transaction again that lost a deadlock', async () => {
    await using database = await controlDatabase();
    const { db } = database;
    await sql`INSERT INTO CT_Empresas (emp_Cod) VALUES ('A'), ('B')`.execute(db);
    const bothHoldOne = Promise.withResolvers<void>();
    let holding = 0;
    const rename = (session: Database, code: string) =>
      sql`UPDATE CT_Empresas SET emp_Nombre = CONCAT(emp_Nombre, 'x') WHERE emp_Cod = ${code}`.execute(
        session,
      );
    const inOrder = (first: string, second: string) =>
      retryConflicts(() =>
        db.transaction().execute(async (session) => {
          await rename(session, first);
          if (++holding === 2) bothHoldOne.resolve();
          await bothHoldOne.promise;
          await rename(session, second);
        }),
      );
    await Promise.all([inOrder('A', 'B'), inOrder('B', 'A')]);
    expect(holding).toBe(3);
    const { rows } = await sql`SELECT emp_Nombre FROM CT_Empresas`.execute(db);
    expect(rows).toEqual([{ emp_Nombre: 'xx' }, { emp_Nombre: 'xx' }]);
  });

  test('that cannot be reached says so at once', async () => {
    await using db = openControlDatabase({ connection: 'Server=127.0.0.1,1;User Id=sa;Password=secreto' });
    const started = performance.now();
    await expect(seven(db)).rejects.toThrow(/Failed to connect to 127.0.0.1:1/);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('DELIVERY_MODE=record', () => {
  test('refuses a database on which another system has worked in the last two days, and no other', async () => {
    await using database = await controlDatabase();
    const { db } = database;
    const on = (day: string) => requireCopy(db, Temporal.PlainDate.from(day));
    await sql`
      INSERT INTO CT_Scheduler_Alertas (sch_Fecha, sch_Origen)
      VALUES ('2026-03-02', NULL), ('2026-03-09', 'AGENDA')`.execute(db);
    await expect(on('2026-03-04')).rejects.toThrow(/DELIVERY_MODE is record/);
    await on('2026-03-05');
    await on('2026-03-09');
  });
});
