import { createHash } from 'node:crypto';
import { sqlError } from '../errors.ts';
import type { CreateIndex } from '../parser/syntax.ts';
import type { Environment } from '../translation/translation.ts';
import type { CatalogueTable } from './catalogue.ts';
import { isSameName, pgTable, quoteName, quoteText } from './catalogue.ts';
import { checkName, conditionText, keyColumns } from './table-parts.ts';

/** CREATE INDEX. Its PostgreSQL name is unique in the schema; its own name, unique in the table, is its comment. */
export function createIndex(
  { name, unique, clustered, columns, include, where, line }: CreateIndex & { line: number },
  table: CatalogueTable,
  environment: Environment,
): string[] {
  checkName(name);
  const written = `${table.schema}.${table.name}`;
  if (table.indexes.some((index) => isSameName(index.name, name)))
    throw sqlError(1913, [name, written], line);
  const taken = table.indexes.find((index) => index.clustered);
  if (clustered && taken !== undefined) throw sqlError(1902, [written, taken.name], line);
  const keys = keyColumns(table, columns, line).map(
    (key, place) => `${key} ${columns[place]?.descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}`,
  );
  const own = quoteName(indexName(table.name, name));
  const included = keyColumns(
    table,
    include.map((column) => ({ name: column })),
    line,
    true,
  );
  const filter = where === undefined ? '' : ` WHERE ${conditionText(where, table, environment)}`;
  return [
    `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${own} ON ${pgTable(table)} (${keys.join(', ')})${included.length === 0 ? '' : ` INCLUDE (${included.join(', ')})`}${unique ? ' NULLS NOT DISTINCT' : ''}${filter}`,
    `COMMENT ON INDEX dbo.${own} IS ${quoteText(name)}`,
    ...(clustered ? [`ALTER TABLE ${pgTable(table)} CLUSTER ON ${own}`] : []),
  ];
}

export function indexName(table: string, index: string): string {
  const whole = `${table}.${index}`.toLowerCase();
  if (Buffer.byteLength(whole) <= 63) return whole;
  return createHash('sha256').update(whole).digest('hex').slice(0, 40);
}
