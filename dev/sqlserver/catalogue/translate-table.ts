import { createHash } from 'node:crypto';
import { sqlError } from '../errors.ts';
import { assignTo } from '../types/convert.ts';
import { columnType } from '../types/storage.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type {
  ColumnDefinition,
  DefinitionStatement,
  Expression,
  IndexColumn,
  ReferentialAction,
  TableConstraint,
  TableElement,
} from '../parser/syntax.ts';
import type { CatalogueColumn, CatalogueTable, ColumnNote } from './catalogue.ts';
import { pgTable, quoteName, quoteText, requiredColumn } from './catalogue.ts';
import { collationOf } from './collation-names.ts';
import { ClauseScope } from '../translation/scope.ts';
import { checkName, conditionText, createIndex, keyColumn } from './translate-index.ts';
import type { Environment } from '../translation/translation.ts';
import { Translation } from '../translation/translation.ts';

type CreateTable = Extract<DefinitionStatement, { kind: 'createTable' }>;
type AlterTableAdd = Extract<DefinitionStatement, { kind: 'alterTableAdd' }>;

/** CREATE TABLE as PostgreSQL statements. Temporary tables and table variables live in pg_temp. */
export function createTable(statement: CreateTable & { line: number }, environment: Environment): string[] {
  const { table: written, elements, line } = statement;
  const isTemporary = /^[#@]/.test(written.name);
  const schema = isTemporary ? 'pg_temp' : environment.catalogue.schema(written.schema);
  if (schema === undefined) throw sqlError(2760, [written.schema ?? ''], line);
  if (!isTemporary && environment.catalogue.find(written) !== undefined)
    throw sqlError(2714, [written.name], line);
  checkName(written.name);
  const columns = elements.filter((element) => element.kind === 'column');
  const keyed = primaryKeyColumns(elements);
  const table = draftTable(schema, written.name, columns, keyed);
  const parts = elements.flatMap((element) => tableParts(element, table, environment, line));
  return [
    `CREATE ${isTemporary ? 'TEMPORARY ' : ''}TABLE ${pgTable(table)} (${parts.join(', ')})`,
    ...columns.map((column) => columnNote(column, table)),
    ...elements.flatMap((element) =>
      element.kind === 'index' ? createIndex(element, table, environment) : [],
    ),
    ...rowversionTrigger(table, columns),
  ];
}

/** ALTER TABLE … ADD. */
export function alterTableAdd(
  statement: AlterTableAdd & { line: number },
  environment: Environment,
): string[] {
  const { elements, line } = statement;
  const table = new Translation(environment).table(statement.table, line);
  const columns = elements.filter((element) => element.kind === 'column');
  const twice = columns.find(({ name }) =>
    table.columns.some((own) => own.name.toLowerCase() === name.toLowerCase()),
  );
  if (twice !== undefined) throw sqlError(2705, [twice.name, table.name], line);
  const draft = draftTable(table.schema, table.name, columns, primaryKeyColumns(elements));
  const whole = { ...draft, columns: [...table.columns, ...draft.columns] };
  return [
    ...columns.flatMap((column) => addColumn(column, whole, environment)),
    ...elements.flatMap((element) => addElement(element, whole, environment, line)),
    ...rowversionTrigger(whole, columns),
  ];
}

/** The table as it will be, so that checks and defaults can name its columns. */
function draftTable(
  schema: string,
  name: string,
  columns: readonly ColumnDefinition[],
  keyed: ReadonlySet<string>,
): CatalogueTable {
  const seen = new Set<string>();
  return {
    id: 0,
    schema,
    name,
    kind: 'table',
    primaryKey: [],
    columns: columns.map((column): CatalogueColumn => {
      const key = column.name.toLowerCase();
      if (seen.has(key)) throw sqlError(2705, [column.name, name], column.line);
      seen.add(key);
      return {
        name: column.name,
        type: column.type,
        nullable: isNullable(column, keyed),
        identity: column.identity !== undefined,
        hasDefault: column.default !== undefined,
      };
    }),
  };
}

function isNullable(column: ColumnDefinition, keyed: ReadonlySet<string>): boolean {
  if (
    column.identity !== undefined ||
    column.type.name === 'rowversion' ||
    keyed.has(column.name.toLowerCase())
  )
    return false;
  return column.nullable ?? !column.constraints.some(({ kind }) => kind === 'primaryKey');
}

function primaryKeyColumns(elements: readonly TableElement[]): ReadonlySet<string> {
  const keys = elements.flatMap((element) => (element.kind === 'primaryKey' ? element.columns : []));
  return new Set(keys.map(({ name }) => name.toLowerCase()));
}

function tableParts(
  element: TableElement,
  table: CatalogueTable,
  environment: Environment,
  line: number,
): string[] {
  if (element.kind === 'column') {
    const own = element.constraints.map((constraint) =>
      columnConstraint(constraint, element, table, environment),
    );
    return [columnText(element, table, environment), ...own];
  }
  if (element.kind === 'computedColumn') throw notSupported(`the computed column ${element.name}`, line);
  if (element.kind === 'default')
    throw notSupported('a DEFAULT constraint of the table inside CREATE TABLE', line);
  return element.kind === 'index' ? [] : [tableConstraint(element, table, environment)];
}

function columnText(column: ColumnDefinition, table: CatalogueTable, environment: Environment): string {
  checkName(column.name);
  const own = requiredColumn(table, column.name);
  const type = columnType(column.type, collationOf(column.collation));
  const fallback =
    column.default === undefined ? '' : ` DEFAULT ${defaultText(column.default.value, own, environment)}`;
  return `${quoteName(column.name)} ${type}${own.nullable ? '' : ' NOT NULL'}${identityText(column)}${fallback}`;
}

function identityText({ identity, type, name, line }: ColumnDefinition): string {
  if (identity === undefined) return '';
  if (!['tinyint', 'smallint', 'int', 'bigint'].includes(type.name))
    throw notSupported(`IDENTITY on ${name}, a ${type.name}`, line);
  const { seed, increment } = identity;
  const floor = BigInt(increment) > 0n ? `MINVALUE ${seed}` : `MAXVALUE ${seed}`;
  return ` GENERATED BY DEFAULT AS IDENTITY (START WITH ${seed} INCREMENT BY ${increment} ${floor})`;
}

function defaultText(value: Expression, column: CatalogueColumn, environment: Environment): string {
  const translation = new Translation(environment, 'definition');
  const scope = new ClauseScope(translation, []);
  return `(${assignTo(translateExpression(value, scope), { table: '', column: column.name, type: column.type }).sql})`;
}

// ------------------------------------------------------------------------------------------- constraints

function columnConstraint(
  constraint: ColumnDefinition['constraints'][number],
  column: ColumnDefinition,
  table: CatalogueTable,
  environment: Environment,
): string {
  if (constraint.kind === 'check') return tableConstraint(constraint, table, environment);
  const name = constraint.name === undefined ? {} : { name: constraint.name };
  if (constraint.kind === 'references') {
    const { table: referenced, column: other, onDelete, onUpdate } = constraint;
    const columns = {
      columns: [column.name],
      table: referenced,
      referenced: other === undefined ? [] : [other],
    };
    return tableConstraint(
      { kind: 'foreignKey', ...name, ...columns, onDelete, onUpdate },
      table,
      environment,
    );
  }
  const columns = [{ name: column.name, descending: false }];
  return tableConstraint({ kind: constraint.kind, ...name, columns }, table, environment);
}

/** A constraint with its name, given or made up as SQL Server does. */
function tableConstraint(
  constraint: Exclude<TableConstraint, { kind: 'default' }>,
  table: CatalogueTable,
  environment: Environment,
): string {
  const named = (prefix: string): string =>
    `CONSTRAINT ${quoteName(constraint.name ?? madeUpName(prefix, table.name, constraint))} `;
  if (constraint.name !== undefined) checkName(constraint.name);
  switch (constraint.kind) {
    case 'primaryKey':
      return `${named('PK')}PRIMARY KEY (${keyNames(constraint.columns, table)})`;
    // NULL is a value to a unique key in SQL Server: there may be one.
    case 'unique':
      return `${named('UQ')}UNIQUE NULLS NOT DISTINCT (${keyNames(constraint.columns, table)})`;
    case 'check':
      return `${named('CK')}CHECK (${conditionText(constraint.condition, table, environment)})`;
    case 'foreignKey': {
      const { columns, referenced, onDelete, onUpdate } = constraint;
      const isOwn = constraint.table.name.toLowerCase() === table.name.toLowerCase();
      const other = isOwn ? table : new Translation(environment).table(constraint.table, 0);
      const own = columns.map((name) => quoteName(requiredColumn(table, name).name)).join(', ');
      const theirs = referenced.map((name) => quoteName(requiredColumn(other, name).name)).join(', ');
      const target = `${pgTable(other)}${theirs === '' ? '' : ` (${theirs})`}`;
      return `${named('FK')}FOREIGN KEY (${own}) REFERENCES ${target}${action('DELETE', onDelete)}${action('UPDATE', onUpdate)}`;
    }
  }
}

function action(event: string, act: ReferentialAction): string {
  const words = { noAction: 'NO ACTION', cascade: 'CASCADE', setNull: 'SET NULL', setDefault: 'SET DEFAULT' };
  return ` ON ${event} ${words[act]}`;
}

const keyNames = (columns: readonly IndexColumn[], table: CatalogueTable): string =>
  columns.map(({ name }) => quoteName(keyColumn(table, name).name)).join(', ');

/** SQL Server's own names end in eight hexadecimal digits; ours follow from what is named. */
function madeUpName(prefix: string, table: string, what: unknown): string {
  const digits = createHash('sha256')
    .update(JSON.stringify([prefix, table, what]))
    .digest('hex')
    .slice(0, 16)
    .toUpperCase();
  return `${prefix}__${table.slice(0, 8)}__${digits}`;
}

// ------------------------------------------------------------------------------------------ ALTER TABLE ADD

function addColumn(column: ColumnDefinition, table: CatalogueTable, environment: Environment): string[] {
  const alter = `ALTER TABLE ${pgTable(table)}`;
  const own = requiredColumn(table, column.name);
  if (column.type.name === 'rowversion') {
    const name = quoteName(column.name);
    const filled = `${alter} ADD COLUMN ${name} bytea NOT NULL DEFAULT tsql.next_rowversion()`;
    return [filled, `${alter} ALTER COLUMN ${name} DROP DEFAULT`, columnNote(column, table)];
  }
  // A column that may be NULL stays NULL in the rows that are there, unless WITH VALUES is said.
  if (column.default !== undefined && own.nullable && !column.default.withValues) {
    const { default: fallbackLater, ...bare } = column;
    const plain = columnText(bare, table, environment);
    const fallback = defaultText(fallbackLater?.value ?? column.default.value, own, environment);
    const later = `${alter} ALTER COLUMN ${quoteName(column.name)} SET DEFAULT ${fallback}`;
    return [`${alter} ADD COLUMN ${plain}`, later, columnNote(column, table)];
  }
  return [`${alter} ADD COLUMN ${columnText(column, table, environment)}`, columnNote(column, table)];
}

function addElement(
  element: TableElement,
  table: CatalogueTable,
  environment: Environment,
  line: number,
): string[] {
  const alter = `ALTER TABLE ${pgTable(table)}`;
  if (element.kind === 'column') {
    return element.constraints.map(
      (constraint) => `${alter} ADD ${columnConstraint(constraint, element, table, environment)}`,
    );
  }
  if (element.kind === 'computedColumn') throw notSupported(`the computed column ${element.name}`, line);
  if (element.kind === 'index') return createIndex(element, table, environment);
  if (element.kind === 'default') return addDefault(element, table, environment, line);
  return [`${alter} ADD ${tableConstraint(element, table, environment)}`];
}

function addDefault(
  element: Extract<TableElement, { kind: 'default' }>,
  table: CatalogueTable,
  environment: Environment,
  line: number,
): string[] {
  const column = requiredColumn(table, element.column, line);
  if (column.hasDefault) throw sqlError(1781, [], line);
  const fallback = defaultText(element.value, column, environment);
  const note: ColumnNote = { type: column.type, default: defaultNote(element.name, table, column.name) };
  const alter = `ALTER TABLE ${pgTable(table)} ALTER COLUMN ${quoteName(column.name)}`;
  return [`${alter} SET DEFAULT ${fallback}`, noteText(table, column.name, note)];
}

function columnNote(column: ColumnDefinition, table: CatalogueTable): string {
  const { type, default: fallback, identity } = column;
  return noteText(table, column.name, {
    type,
    ...(fallback !== undefined && { default: defaultNote(fallback.name, table, column.name) }),
    ...(identity !== undefined && { identity }),
  });
}

function defaultNote(
  name: string | undefined,
  table: CatalogueTable,
  column: string,
): NonNullable<ColumnNote['default']> {
  return { name: name ?? madeUpName('DF', table.name, column), generated: name === undefined };
}

export const noteText = (table: CatalogueTable, column: string, note: ColumnNote): string =>
  `COMMENT ON COLUMN ${pgTable(table)}.${quoteName(column)} IS ${quoteText(JSON.stringify(note))}`;

function rowversionTrigger(table: CatalogueTable, columns: readonly ColumnDefinition[]): string[] {
  const column = columns.find(({ type }) => type.name === 'rowversion');
  if (column === undefined) return [];
  const call = `tsql.set_rowversion(${quoteText(column.name)})`;
  return [
    `CREATE TRIGGER rowversion BEFORE INSERT OR UPDATE ON ${pgTable(table)} FOR EACH ROW EXECUTE FUNCTION ${call}`,
  ];
}
