import { ExpectedError } from '../../../core/expected-error.ts';
import { seeds, type Seed } from './seeds.ts';
import { tables, type IndexDefinition, type TableDefinition } from './tables.ts';

/** What a database has of ours. All names in lower case. */
export interface PresentSchema {
  tables: ReadonlyMap<string, { columns: ReadonlySet<string>; indexes: ReadonlySet<string> }>;
  /** `table/key` of the seeds that are there. */
  seeds: ReadonlySet<string>;
}

/** The statements that bring a database up to date, in order; none when nothing is missing. Throws table_without_key. */
export function planMigration(present: PresentSchema): readonly string[] {
  const definitions: [string, TableDefinition][] = Object.entries(tables);
  return [
    ...definitions.flatMap(([table, definition]) => tableSteps(table, definition, present)),
    ...seeds.filter((seed) => !present.seeds.has(seedName(seed))).map(insertOf),
  ];
}

export function seedName({ table, key }: Seed): string {
  return `${table}/${key.value}`.toLowerCase();
}

function tableSteps(table: string, definition: TableDefinition, present: PresentSchema): string[] {
  const found = present.tables.get(table.toLowerCase());
  const indexes = (definition.indexes ?? []).filter(({ name }) => !found?.indexes.has(name.toLowerCase()));
  const changes = found ? additionsTo(table, definition, found.columns) : [creationOf(table, definition)];
  return [...changes, ...indexes.map((index) => indexOn(table, index))];
}

function creationOf(table: string, { columns, key }: TableDefinition): string {
  const lines = Object.entries(columns).map(([column, text]) => columnOf(table, column, text));
  return `CREATE TABLE ${table} (\n  ${[...lines, `CONSTRAINT PK_${short(table)} PRIMARY KEY (${key})`].join(',\n  ')}\n)`;
}

function additionsTo(table: string, { columns, key }: TableDefinition, found: ReadonlySet<string>): string[] {
  if (!found.has(key.toLowerCase())) {
    throw new ExpectedError(
      'table_without_key',
      `The table ${table} exists without the column ${key}, so it is not the table that Vigía knows by that name. ` +
        'Rename it, or point CONTROL_DATABASE at another database.',
    );
  }
  const missing = Object.entries(columns).filter(([column]) => !found.has(column.toLowerCase()));
  if (missing.length === 0) return [];
  const lines = missing.map(([column, text]) => columnOf(table, column, text));
  return [`ALTER TABLE ${table} ADD\n  ${lines.join(',\n  ')}`];
}

function columnOf(table: string, column: string, text: string): string {
  const [type = '', standard] = text.split(' = ');
  if (standard === undefined) return `${column} ${type}`;
  return `${column} ${type} CONSTRAINT DF_${short(table)}_${column} DEFAULT ${standard}`;
}

function indexOn(table: string, { name, unique, columns, include, where }: IndexDefinition): string {
  const kind = unique ? 'UNIQUE INDEX' : 'INDEX';
  const parts = [
    `CREATE ${kind} ${name} ON ${table} (${columns.join(', ')})`,
    include && `INCLUDE (${include.join(', ')})`,
    where && `WHERE ${where}`,
  ];
  return parts.filter(Boolean).join(' ');
}

function insertOf({ table, key, values }: Seed): string {
  const all = { [key.column]: key.value, ...values };
  const row = Object.values(all).map((value) => (typeof value === 'number' ? value : `N'${value}'`));
  return `INSERT INTO ${table} (${Object.keys(all).join(', ')}) VALUES (${row.join(', ')})`;
}

function short(table: string): string {
  return table.replace(/^CT_/, '');
}
