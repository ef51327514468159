import { createHash } from 'node:crypto';
import { sqlError } from '../errors.ts';
import { translateCondition } from '../functions/translate-condition.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Condition, CreateIndex } from '../parser/syntax.ts';
import type { CatalogueColumn, CatalogueTable } from './catalogue.ts';
import { columnOf, pgTable, quoteName, quoteText } from './catalogue.ts';
import { ClauseScope } from '../translation/scope.ts';
import { sourceOf } from '../translation/translate-source.ts';
import type { Environment } from '../translation/translation.ts';
import { Translation } from '../translation/translation.ts';

/** CREATE INDEX. Its PostgreSQL name is unique in the schema; its own name, unique in the table, is its comment. */
export function createIndex(
  index: Pick<CreateIndex, 'name' | 'unique' | 'columns' | 'include' | 'where'>,
  table: CatalogueTable,
  environment: Environment,
): string[] {
  checkName(index.name);
  const name = quoteName(indexName(table.name, index.name));
  const columns = index.columns.map(({ name: written, descending }) => {
    const column = keyColumn(table, written);
    return `${quoteName(column.name)} ${descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}`;
  });
  const include = index.include.map((written) => quoteName(keyColumn(table, written).name));
  const where = index.where === undefined ? '' : ` WHERE ${conditionText(index.where, table, environment)}`;
  const text =
    `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${name} ON ${pgTable(table)} (${columns.join(', ')})` +
    `${include.length === 0 ? '' : ` INCLUDE (${include.join(', ')})`}${index.unique ? ' NULLS NOT DISTINCT' : ''}${where}`;
  return [text, `COMMENT ON INDEX ${quoteName(table.schema)}.${name} IS ${quoteText(index.name)}`];
}

export function indexName(table: string, index: string): string {
  const whole = `${table}.${index}`;
  if (Buffer.byteLength(whole) <= 63) return whole.toLowerCase();
  return `${index.slice(0, 20)}_${createHash('sha256').update(whole.toLowerCase()).digest('hex').slice(0, 24)}`.toLowerCase();
}

/** PostgreSQL cuts longer names silently. */
export function checkName(name: string): void {
  if (Buffer.byteLength(name) > 63) throw notSupported(`the name ${name}, which is longer than 63 bytes`);
}

export function keyColumn(table: CatalogueTable, name: string): CatalogueColumn {
  const column = columnOf(table, name);
  if (column === undefined) throw sqlError(1911, [name]);
  return column;
}

/** A condition over the table's own columns, as checks and filtered indexes keep it. */
export function conditionText(condition: Condition, table: CatalogueTable, environment: Environment): string {
  const translation = new Translation(environment, 'definition');
  const source = sourceOf(table, 'own');
  const columns = source.columns.map((column) => ({
    ...column,
    value: { ...column.value, sql: quoteName(column.name) },
  }));
  return translateCondition(condition, new ClauseScope(translation, [{ ...source, columns }]));
}
