import { createHash } from 'node:crypto';
import { sqlError } from '../errors.ts';
import { translateCondition } from '../functions/translate-condition.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type {
  ColumnConstraint,
  ColumnDefinition,
  Condition,
  Expression,
  TableConstraint,
  TableElement,
} from '../parser/syntax.ts';
import { ClauseScope } from '../translation/scope.ts';
import { sourceOf } from '../translation/translate-source.ts';
import { Translation } from '../translation/translation.ts';
import type { Environment } from '../translation/translation.ts';
import { assignTo } from '../types/convert.ts';
import { columnType } from '../types/sql-types.ts';
import type { CatalogueColumn, CatalogueIndex, CatalogueTable } from './catalogue.ts';
import {
  columnOf,
  isSameName,
  pgTable,
  primaryKeyOf,
  quoteName,
  quoteText,
  requiredColumn,
} from './catalogue.ts';

/** Where a definition stands: what its names mean, and the line of its statement. */
export interface Here {
  environment: Environment;
  line: number;
}

type Named = Exclude<TableConstraint, { kind: 'default' }>;
type Key = Extract<Named, { kind: 'primaryKey' | 'unique' }>;

/**
 * What CREATE TABLE and ALTER TABLE … ADD have in common: the table as it will be, its new parts in PostgreSQL's words,
 * and what is to be run once they are there. `unchecked`: the rows that are there may break the new constraints.
 */
export function tableParts(
  elements: readonly TableElement[],
  before: CatalogueTable,
  here: Here,
  unchecked = false,
): { table: CatalogueTable; parts: string[]; after: string[] } {
  const all = elements.flatMap((element): TableElement[] =>
    element.kind === 'column'
      ? [element, ...element.constraints.map((constraint) => ofTable(constraint, element.name))]
      : [element],
  );
  const keys = all.filter(
    (element): element is Key => element.kind === 'primaryKey' || element.kind === 'unique',
  );
  const columns = withColumns(before, all, keys);
  const table = { ...before, columns, indexes: withKeys(before, keys, here) };
  const parts: string[] = [];
  const after: string[] = [];
  const alter = `ALTER TABLE ${pgTable(table)}`;
  // What PostgreSQL cannot hold of a column is its comment: its type, and the name of its default.
  const note = ({ name, type }: CatalogueColumn, fallback?: { name?: string | undefined }): void => {
    const named = fallback && { default: fallback.name ?? madeUpName('DF', table.name, name) };
    const text = quoteText(JSON.stringify({ type, ...named }));
    after.push(`COMMENT ON COLUMN ${pgTable(table)}.${quoteName(name)} IS ${text}`);
  };
  for (const element of all) {
    if (element.kind === 'column') {
      const column = requiredColumn(table, element.name);
      const fallback = element.default && defaultText(element.default.value, column, here);
      // A column that may be NULL stays NULL in the rows that are there, unless WITH VALUES is said.
      const isLater = column.nullable && element.default?.withValues === false;
      const now = fallback === undefined || isLater ? '' : ` DEFAULT ${fallback}`;
      parts.push(`${columnText(element, column)}${now}`);
      if (isLater) after.push(`${alter} ALTER COLUMN ${quoteName(column.name)} SET DEFAULT ${fallback}`);
      if (column.type.name === 'rowversion')
        after.push(`CREATE TRIGGER rowversion BEFORE UPDATE ON ${pgTable(table)} FOR EACH ROW
          EXECUTE FUNCTION tsql.set_rowversion(${quoteText(column.name)})`);
      note(column, element.default);
    } else if (element.kind === 'default') {
      const column = requiredColumn(before, element.column, here.line);
      requireNoValueOfItsOwn(column, table.name, here.line);
      if (column.hasDefault) throw sqlError(1781, [], here.line);
      const fallback = defaultText(element.value, column, here);
      after.push(`${alter} ALTER COLUMN ${quoteName(column.name)} SET DEFAULT ${fallback}`);
      note(column, element);
    } else {
      const isRelaxed = unchecked && (element.kind === 'check' || element.kind === 'foreignKey');
      parts.push(`${constraintText(element, table, here)}${isRelaxed ? ' NOT VALID' : ''}`);
    }
  }
  for (const { name, clustered } of table.indexes.slice(before.indexes.length))
    if (clustered) after.push(`${alter} CLUSTER ON ${quoteName(name)}`);
  return { table, parts, after };
}

function ofTable(constraint: ColumnConstraint, column: string): Named {
  if (constraint.kind === 'check') return constraint;
  if (constraint.kind !== 'references')
    return { ...constraint, columns: [{ name: column, descending: false }] };
  const { column: other, ...rest } = constraint;
  return { ...rest, kind: 'foreignKey', columns: [column], referenced: other === undefined ? [] : [other] };
}

/** PostgreSQL cuts longer names silently. */
export function checkName(name: string): void {
  if (Buffer.byteLength(name) > 63) throw notSupported(`the name ${name}, which is longer than 63 bytes`);
}

// ---------------------------------------------------------------------------------------------------- columns

function withColumns(
  before: CatalogueTable,
  elements: readonly TableElement[],
  keys: readonly Key[],
): readonly CatalogueColumn[] {
  const primary = keys.flatMap((key) => (key.kind === 'primaryKey' ? key.columns : []));
  const isPrimary = (column: { name: string }): boolean =>
    primary.some(({ name }) => isSameName(name, column.name));
  const columns = [...before.columns];
  const table = { ...before, columns };
  for (const element of elements) {
    if (element.kind !== 'column') continue;
    const { name, type, nullable, identity, line } = element;
    checkName(name);
    const isIdentity = identity !== undefined;
    const isVersion = type.name === 'rowversion';
    if (columnOf(table, name) !== undefined) throw sqlError(2705, [name, table.name], line);
    if (isIdentity && columns.some((column) => column.identity)) throw sqlError(2744, [table.name], line);
    if (isIdentity && nullable === true) throw sqlError(8147, [name, table.name], line);
    if (isVersion && columns.some((column) => column.type.name === 'rowversion'))
      throw sqlError(2738, [table.name, name], line);
    const column = {
      name,
      type,
      nullable: nullable ?? !(isIdentity || isVersion || isPrimary(element)),
      identity: isIdentity,
      hasDefault: isIdentity || element.default !== undefined,
    };
    if (element.default !== undefined) requireNoValueOfItsOwn(column, table.name, line);
    columns.push(column);
  }
  if (columns.some((column) => column.nullable && isPrimary(column))) throw sqlError(8111, [table.name]);
  return columns;
}

/** For a default: throws 1754 and 1755. */
function requireNoValueOfItsOwn(column: CatalogueColumn, table: string, line: number): void {
  const { name, type, identity } = column;
  if (identity) throw sqlError(1754, [table, name], line);
  if (type.name === 'rowversion') throw sqlError(1755, [table, name], line);
}

function columnText({ identity }: ColumnDefinition, { name, type, nullable }: CatalogueColumn): string {
  // PostgreSQL numbers integers alone.
  const stored = identity && type.name === 'decimal' ? 'bigint' : columnType(type);
  const text = `${quoteName(name)} ${stored}${nullable ? '' : ' NOT NULL'}`;
  if (type.name === 'rowversion') return `${text} DEFAULT tsql.next_rowversion()`;
  if (identity === undefined) return text;
  const digits = type.name === 'decimal' && type.scale === 0 ? type.precision : 0;
  if (digits === 0 && !['tinyint', 'smallint', 'int', 'bigint'].includes(type.name))
    throw sqlError(2749, [name]);
  if (digits > 18) throw notSupported(`IDENTITY of decimal(${digits},0)`);
  const { seed, increment } = identity;
  const rises = BigInt(increment) > 0n;
  const most = digits > 0 ? '9'.repeat(digits) : type.name === 'tinyint' ? '255' : undefined;
  const least = type.name === 'tinyint' ? '0' : `-${most}`;
  const end = most === undefined ? '' : rises ? `MAXVALUE ${most}` : `MINVALUE ${least}`;
  const start = rises === BigInt(seed) > 0n ? (rises ? '1' : '0') : seed;
  const range = `${rises ? 'MINVALUE' : 'MAXVALUE'} ${start} ${end}`;
  return `${text} GENERATED BY DEFAULT AS IDENTITY (START WITH ${seed} INCREMENT BY ${increment} ${range})`;
}

function defaultText(value: Expression, { name, type }: CatalogueColumn, here: Here): string {
  const scope = new ClauseScope(new Translation(here.environment, 'definition'), []);
  try {
    return `(${assignTo(translateExpression(value, scope), { table: '', column: name, type }).sql})`;
  } catch (error) {
    const isColumn = error instanceof SqlFault && error.number === 207;
    throw isColumn ? sqlError(128, [/'(.*)'/.exec(error.message)?.[1] ?? ''], here.line) : error;
  }
}

// ------------------------------------------------------------------------------------------------ constraints

/** A primary key is clustered unless it or another index says otherwise. */
function withKeys(before: CatalogueTable, keys: readonly Key[], { line }: Here): readonly CatalogueIndex[] {
  const isNew = before.columns.length === 0;
  const indexes = [...before.indexes];
  const mayCluster = !keys.some(({ clustered }) => clustered);
  for (const key of keys) {
    const constraint = key.kind === 'primaryKey' ? 'PRIMARY KEY' : 'UNIQUE KEY';
    const taken = indexes.find((index) => index.clustered);
    const clustered = key.clustered ?? (key.kind === 'primaryKey' && mayCluster && taken === undefined);
    if (key.kind === 'primaryKey' && indexes.some((index) => index.constraint === constraint))
      throw sqlError(isNew ? 8110 : 1779, [before.name], line);
    if (clustered && taken !== undefined)
      throw sqlError(isNew ? 8112 : 1902, [before.name, taken.name], line);
    const columns = key.columns.map(({ name }) => name);
    indexes.push({ name: constraintName(key, before), constraint, clustered, unique: true, columns });
  }
  return indexes;
}

const prefixes = { primaryKey: 'PK', unique: 'UQ', check: 'CK', foreignKey: 'FK' };

function constraintName(constraint: Named, table: CatalogueTable): string {
  return constraint.name ?? madeUpName(prefixes[constraint.kind], table.name, constraint);
}

/** SQL Server's own names end in hexadecimal digits; ours follow from what is named. */
function madeUpName(prefix: string, table: string, what: unknown): string {
  const named = JSON.stringify([prefix, table, what]);
  const hash = createHash('sha256').update(named).digest('hex');
  return `${prefix}__${table.slice(0, 8)}__${hash.slice(0, 16).toUpperCase()}`;
}

function constraintText(constraint: Named, table: CatalogueTable, { environment, line }: Here): string {
  const name = constraintName(constraint, table);
  checkName(name);
  const start = `CONSTRAINT ${quoteName(name)}`;
  const list = (owner: CatalogueTable, names: readonly string[]): string =>
    names.map((column) => quoteName(requiredColumn(owner, column, line).name)).join(', ');
  if (constraint.kind === 'check')
    return `${start} CHECK (${conditionText(constraint.condition, table, environment)})`;
  if (constraint.kind !== 'foreignKey') {
    // NULL is a value to a unique key in SQL Server: there may be one.
    const words = constraint.kind === 'primaryKey' ? 'PRIMARY KEY' : 'UNIQUE NULLS NOT DISTINCT';
    return `${start} ${words} (${keyColumns(table, constraint.columns, line).join(', ')})`;
  }
  const { columns, referenced, onDelete, onUpdate } = constraint;
  const isOwn = isSameName(constraint.table.name, table.name);
  const other = isOwn ? table : environment.catalogue.find(constraint.table);
  if (other === undefined) throw sqlError(1767, [name, constraint.table.name], line);
  const theirs = referenced.length > 0 ? referenced : primaryKeyOf(other);
  if (theirs.length === 0) throw sqlError(1773, [name, other.name], line);
  const isKey = ({ unique, columns: own }: CatalogueIndex): boolean =>
    unique &&
    own.length === theirs.length &&
    own.every((key) => theirs.some((column) => isSameName(key, column)));
  if (!other.indexes.some(isKey)) throw sqlError(1776, [other.name, name], line);
  const target = `${pgTable(other)} (${list(other, theirs)})`;
  const action = (act: string): string => act.replace(/[A-Z]/, ' $&').toUpperCase();
  return `${start} FOREIGN KEY (${list(table, columns)}) REFERENCES ${target} ON DELETE ${action(onDelete)} ON UPDATE ${action(onUpdate)}`;
}

/** The columns of a key or index, quoted; included ones may be of any length. */
export function keyColumns(
  table: CatalogueTable,
  keys: readonly { name: string }[],
  line: number,
  areIncluded = false,
): string[] {
  return keys.map(({ name }, place) => {
    const column = columnOf(table, name);
    if (column === undefined) throw sqlError(1911, [name], line);
    if (!areIncluded && 'length' in column.type && column.type.length === 'max')
      throw sqlError(1919, [column.name, table.name], line);
    if (keys.slice(0, place).some((key) => isSameName(key.name, name))) throw sqlError(1909, [name], line);
    return quoteName(column.name);
  });
}

/** A condition over the table's own columns, as checks and filtered indexes keep it. */
export function conditionText(condition: Condition, table: CatalogueTable, environment: Environment): string {
  const own = sourceOf(table, quoteName(table.name));
  return translateCondition(condition, new ClauseScope(new Translation(environment, 'definition'), [own]));
}
