import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { openControlDatabase } from '../../../src/adapters/mssql/control-database.ts';
import { migrate, previewMigration } from '../../../src/adapters/mssql/migrations/migrate.ts';
import { planMigration } from '../../../src/adapters/mssql/migrations/plan-migration.ts';
import { tables, type TableDefinition } from '../../../src/adapters/mssql/migrations/tables.ts';
import { requireMigrated } from '../../../src/adapters/mssql/require-migrated.ts';
import { sqlErrorNumber } from '../../../src/adapters/mssql/sql-error-number.ts';
import { controlDatabase, emptyDatabase } from '../../support/control-database.ts';
import { createOldTables } from './old-tables.ts';

type Database = ReturnType<typeof openControlDatabase>;

const everything = planMigration({ tables: new Map(), seeds: new Set() });

interface ColumnRow {
  table: string;
  column: string;
  type: string;
  length: number | null;
  nullable: string;
}

async function columnsOf(db: Database): Promise<ReadonlyMap<string, ColumnRow>> {
  const { rows } = await sql<ColumnRow>`
    SELECT TABLE_NAME AS [table], COLUMN_NAME AS [column], DATA_TYPE AS type, CHARACTER_MAXIMUM_LENGTH AS length,
      IS_NULLABLE AS nullable
    FROM INFORMATION_SCHEMA.COLUMNS`.execute(db);
  return new Map(rows.map((row) => [`${row.table}.${row.column}`, row]));
}

async function statementsOf(connection: string): Promise<readonly string[]> {
  const statements: string[] = [];
  await migrate(connection, { tell: (statement) => statements.push(statement) });
  return statements;
}

describe('a migration', () => {
  test('gives an empty database every table with every column, and the rows that are needed', async () => {
    await using database = await emptyDatabase();
    expect(await statementsOf(database.connection)).toEqual(everything);

    const columns = await columnsOf(database.db);
    const wanted = Object.entries(tables).flatMap(([table, definition]: [string, TableDefinition]) =>
      Object.entries(definition.columns).map(([column, text]) => [`${table}.${column}`, text] as const),
    );
    expect([...columns.keys()].sort()).toEqual(wanted.map(([name]) => name).sort());
    for (const [name, text] of wanted) {
      expect.soft(columns.get(name)?.nullable, name).toBe(/ NOT NULL\b/.test(text) ? 'NO' : 'YES');
    }
    const channels = await sql`SELECT can_Cod, can_Nombre FROM CT_Alertas_Canales ORDER BY can_Cod`.execute(
      database.db,
    );
    expect(channels.rows).toEqual([
      { can_Cod: '0001', can_Nombre: 'WhatsApp' },
      { can_Cod: '0002', can_Nombre: 'E-mail' },
      { can_Cod: '0003', can_Nombre: 'SMS' },
    ]);
  });

  test('has nothing to do the second time', async () => {
    await using database = await controlDatabase();
    expect(await statementsOf(database.connection)).toEqual([]);
    expect(await previewMigration(database.connection)).toEqual([]);
    await requireMigrated(database.db);
  });

  test('that is only previewed names every statement and changes nothing', async () => {
    await using database = await emptyDatabase();
    expect(await previewMigration(database.connection)).toEqual(everything);
    expect((await columnsOf(database.db)).size).toBe(0);
    await expect(requireMigrated(database.db)).rejects.toThrow(/npm run migrate/);
  });

  test('runs each statement once when three are started at once', async () => {
    await using database = await emptyDatabase();
    const runs = await Promise.all([1, 2, 3].map(() => statementsOf(database.connection)));
    expect(runs.flat()).toEqual(everything);
  });

  test('goes on where an interrupted one stopped', async () => {
    await using database = await emptyDatabase();
    const half = everything.slice(0, everything.length / 2);
    for (const statement of half) await sql.raw(statement).execute(database.db);
    expect(await statementsOf(database.connection)).toEqual(everything.slice(half.length));
  });

  test('refuses a database whose compatibility level has no OPENJSON', async () => {
    await using database = await emptyDatabase();
    await sql`ALTER DATABASE ${sql.id(database.name)} SET COMPATIBILITY_LEVEL = 120`.execute(database.db);
    await expect(migrate(database.connection)).rejects.toThrow(
      /compatibility level of the control database is 120/,
    );
  });
});

describe('a database of the system before us', () => {
  test('keeps its rows, types and columns, and gets ours', async () => {
    await using database = await emptyDatabase();
    const { db } = database;
    await createOldTables(db);
    const before = await columnsOf(db);
    await migrate(database.connection);

    const after = await columnsOf(db);
    for (const [name, column] of before) expect(after.get(name), name).toEqual(column);
    const executions = await sql`
      SELECT sch_id, sch_Cod, schcfg_Cod, sch_Estado, sch_DetalleError, sch_Activo, sch_Origen, sch_Rondas
      FROM CT_Scheduler_Alertas ORDER BY sch_id`.execute(db);
    expect(executions.rows).toEqual([
      {
        sch_id: 1,
        sch_Cod: '000001',
        schcfg_Cod: '000001',
        sch_Estado: 'ENVIADO',
        sch_DetalleError: null,
        sch_Activo: true,
        sch_Origen: null,
        sch_Rondas: 0,
      },
      {
        sch_id: 2,
        sch_Cod: '000002',
        schcfg_Cod: '000001',
        sch_Estado: 'ERROR',
        sch_DetalleError: 'Sin conexión',
        sch_Activo: true,
        sch_Origen: null,
        sch_Rondas: 0,
      },
    ]);
    const alerts =
      await sql`SELECT cfg_Cod, cfg_DiasMes, cfg_Activo, cfg_UltimoDiaMes FROM CT_Alertas_Config`.execute(db);
    expect(alerts.rows).toEqual([
      { cfg_Cod: '000001', cfg_DiasMes: '1,15', cfg_Activo: true, cfg_UltimoDiaMes: false },
    ]);
    const others = await sql<{ deliveries: number; administrators: number }>`
      SELECT (SELECT COUNT(*) FROM CT_Alertas_Mensajes WHERE msg_Intentos = 0) AS deliveries,
        (SELECT COUNT(*) FROM CT_Alertas_Admin_Emails WHERE adm_Activo = 1 AND admemp_Cod IS NULL) AS administrators
      `.execute(db);
    expect(others.rows).toEqual([{ deliveries: 2, administrators: 1 }]);
  });

  test('goes on being written by that system', async () => {
    await using database = await emptyDatabase();
    await createOldTables(database.db);
    await migrate(database.connection);
    await sql`
      INSERT INTO CT_Scheduler_Alertas (sch_Cod, schcfg_Cod, sch_Fecha, sch_FechaIntento, sch_Estado, sch_CantMensajes)
      VALUES ('000003', '000001', '2026-03-03', '2026-03-03T12:49:05', 'ENVIADO', 1),
        ('000004', '000001', '2026-03-03', '2026-03-03T12:51:05', 'ENVIADO', 1)`.execute(database.db);
    const { rows } = await sql`SELECT sch_Clave FROM CT_Scheduler_Alertas WHERE sch_id > 2`.execute(
      database.db,
    );
    expect(rows).toEqual([{ sch_Clave: null }, { sch_Clave: null }]);
  });
});

describe('the keys of the schema', () => {
  test('let an alert have one execution per key, and any number without', async () => {
    await using database = await controlDatabase();
    const insert = (key: string | null) =>
      sql`INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Clave) VALUES ('000001', ${key})`.execute(
        database.db,
      );
    await insert('2026-03-02');
    await insert('2026-03-03');
    await insert(null);
    await insert(null);
    expect(sqlErrorNumber(await insert('2026-03-02').catch((error: unknown) => error))).toBe(2601);
  });

  test('let a tenant have one open incident per cause, and any number of closed ones', async () => {
    await using database = await controlDatabase();
    const insert = (closed: string | null) =>
      sql`
        INSERT INTO CT_Scheduler_Averias
          (aveemp_Cod, ave_Motivo, ave_Desde, ave_UltimaFalla, ave_Fallas, ave_Avisos, ave_Cerrada)
        VALUES ('E001', 'sin_webhook', '2026-03-02', '2026-03-02', 1, 1, CAST(${closed} AS DATETIME2(3)))`.execute(
        database.db,
      );
    await insert('2026-03-02');
    await insert('2026-03-02');
    await insert(null);
    expect(sqlErrorNumber(await insert(null).catch((error: unknown) => error))).toBe(2601);
  });

  test('let a person have one delivery per execution and destination', async () => {
    await using database = await controlDatabase();
    const insert = (execution: number | null, destination: string) =>
      sql`
        INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Cod, msg_Destino)
        VALUES (${execution}, 'P1', ${destination})`.execute(database.db);
    await insert(1, '+5491112345678');
    await insert(1, '');
    await insert(2, '');
    await insert(null, '');
    await insert(null, '');
    expect(sqlErrorNumber(await insert(1, '').catch((error: unknown) => error))).toBe(2601);
  });
});
