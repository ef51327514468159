import { describe, expect, test } from 'vitest';
import { planMigration, type PresentSchema } from '../../../src/adapters/mssql/migrations/plan-migration.ts';
import { tables } from '../../../src/adapters/mssql/migrations/tables.ts';

const nothing: PresentSchema = { tables: new Map(), seeds: new Set() };

function having(table: string, columns: readonly string[], indexes: readonly string[] = []): PresentSchema {
  return { ...nothing, tables: new Map([[table, { columns: new Set(columns), indexes: new Set(indexes) }]]) };
}

function stepsFor(table: string, present: PresentSchema): readonly string[] {
  return planMigration(present).filter((step) => new RegExp(`\\b${table}\\b`).test(step));
}

describe('the plan of a migration', () => {
  test('creates every table with its key, named defaults and indexes on an empty database', () => {
    expect(stepsFor('CT_Scheduler_Averias', nothing)).toEqual([
      `CREATE TABLE CT_Scheduler_Averias (
  ave_id INT IDENTITY(1,1) NOT NULL,
  aveemp_Cod VARCHAR(6) NOT NULL CONSTRAINT DF_Scheduler_Averias_aveemp_Cod DEFAULT '',
  ave_Motivo VARCHAR(40) NOT NULL,
  ave_Desde DATETIME2(3) NOT NULL,
  ave_UltimaFalla DATETIME2(3) NOT NULL,
  ave_Fallas INT NOT NULL,
  ave_Avisos INT NOT NULL,
  ave_ProximoAviso DATETIME2(3) NULL,
  ave_Cerrada DATETIME2(3) NULL,
  ave_Reaperturas INT NOT NULL CONSTRAINT DF_Scheduler_Averias_ave_Reaperturas DEFAULT 0,
  CONSTRAINT PK_Scheduler_Averias PRIMARY KEY (ave_id)
)`,
      'CREATE UNIQUE INDEX UX_Scheduler_Averias_Abierta ON CT_Scheduler_Averias (aveemp_Cod, ave_Motivo) WHERE ave_Cerrada IS NULL',
    ]);
  });

  test('creates indexes that hold what lists ask for beside their keys', () => {
    expect(stepsFor('CT_Scheduler_Alertas', nothing)).toContain(
      'CREATE INDEX IX_Scheduler_Alertas_Lista ON CT_Scheduler_Alertas (sch_id) ' +
        'INCLUDE (schcfg_Cod, sch_Ocurrencia, sch_Estado, sch_Motivo)',
    );
  });

  test('adds only the missing columns to a table that is there, whatever the case of its names', () => {
    const present = having('ct_alertas_admin_emails', ['adm_id', 'adm_email', 'adm_nombre', 'adm_activo']);
    expect(stepsFor('CT_Alertas_Admin_Emails', present)).toEqual([
      'ALTER TABLE CT_Alertas_Admin_Emails ADD\n  admemp_Cod VARCHAR(6) NULL',
    ]);
  });

  test('has no step for what is complete', () => {
    const { columns, indexes = [] } = tables.CT_Scheduler_Agenda;
    const present = having(
      'ct_scheduler_agenda',
      Object.keys(columns).map((name) => name.toLowerCase()),
      indexes.map(({ name }) => name.toLowerCase()),
    );
    expect(stepsFor('CT_Scheduler_Agenda', present)).toEqual([]);
  });

  test('inserts the missing channels and leaves the others alone', () => {
    const present = { ...nothing, seeds: new Set(['ct_alertas_canales/0001', 'ct_alertas_canales/0003']) };
    expect(planMigration(present).filter((step) => step.startsWith('INSERT'))).toEqual([
      'INSERT INTO CT_Scheduler_Estado (est_id) VALUES (1)',
      "INSERT INTO CT_Alertas_Canales (can_Cod, can_Nombre) VALUES (N'0002', N'E-mail')",
    ]);
  });

  test('refuses a table of our name without its key', () => {
    expect(() => planMigration(having('ct_empresas', ['id', 'nombre']))).toThrow(
      /CT_Empresas exists without the column emp_Cod/,
    );
  });

  test('never drops, renames or changes anything', () => {
    const present = having('ct_scheduler_alertas', ['sch_id']);
    for (const step of planMigration(present)) {
      expect(step).toMatch(/^(CREATE TABLE|CREATE (UNIQUE )?INDEX|ALTER TABLE \w+ ADD|INSERT INTO)\s/);
    }
  });

  test.each(Object.entries(tables))(
    'can add any column of %s but its key to a table with rows',
    (_, definition) => {
      const { columns, key }: { columns: Readonly<Record<string, string>>; key: string } = definition;
      const ours = Object.keys(columns).some((column) =>
        /^(age|cic|est|fal|ave|pau|int|aud|nov)_/.test(column),
      );
      const required = Object.entries(columns).filter(
        ([name, text]) => name !== key && text.endsWith(' NOT NULL'),
      );
      expect(ours ? [] : required.filter(([, text]) => !text.startsWith('ROWVERSION'))).toEqual([]);
    },
  );
});
