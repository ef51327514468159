import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { WriteTarget } from '../parser/syntax.ts';
import type { CatalogueTable } from '../catalogue/catalogue.ts';
import type { Environment, Translation } from './translation.ts';

/** `database.schema.table`, as SQL Server's messages name it. */
export function writtenTarget(table: CatalogueTable, environment: Environment): string {
  return table.schema === 'pg_temp'
    ? table.name
    : `${environment.catalogue.database}.${table.schema}.${table.name}`;
}

export function writtenTable(target: WriteTarget, translation: Translation, line: number): CatalogueTable {
  const table =
    target.kind === 'table'
      ? translation.table(target.table, line)
      : translation.tableVariable(target.variable);
  if (table.schema === 'sys' || table.schema === 'INFORMATION_SCHEMA') throw sqlError(259, [], line);
  if (table.kind === 'view') throw notSupported(`writing to the view ${table.name}`, line);
  return table;
}
