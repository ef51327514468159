import { sqlError } from '../errors.ts';
import { convertTo } from '../types/convert.ts';
import type { Typed } from '../types/contract.ts';
import { unionType } from '../types/result-types.ts';
import { translateCondition } from '../functions/translate-condition.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { fromText, textOf } from '../types/typed-sql.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Expression, TableReference, TableSource } from '../parser/syntax.ts';
import type { CatalogueTable } from '../catalogue/catalogue.ts';
import { pgTable, quoteName } from '../catalogue/catalogue.ts';
import { translateOpenJson } from './open-json.ts';
import { lockText } from './row-locks.ts';
import type { RowLock } from './row-locks.ts';
import type { NamedQuery, Source } from './scope.ts';
import { ClauseScope } from './scope.ts';
import { bracketed, namesOf, seenAs, translateQuery } from './translate-query.ts';

/** A part of FROM in PostgreSQL's words, and what its names mean. */
export interface TranslatedSource {
  sql: string;
  sources: readonly Source[];
  /** The tables in it that may be locked or written, with the alias that PostgreSQL knows. */
  tables: readonly TableInFrom[];
}

export interface TableInFrom {
  reference: TableReference;
  table: CatalogueTable;
  alias: string;
  /** The lock that its hints ask for, unless it is taken inside the brackets. */
  lock: RowLock | undefined;
  /** Whether an outer join can leave it out. */
  optional: boolean;
}

/** Where a member of FROM stands. */
export interface Surroundings {
  outer: ClauseScope;
  /** Inside APPLY: the scope that also sees what stands to its left. */
  lateral?: ClauseScope;
  /** PostgreSQL locks no rows of a grouped query or of a side that may be missing: such a table is locked in brackets. */
  locksInside: boolean;
}

/** FROM with its leading blank; '' without sources. */
export function translateSources(
  sources: readonly TableSource[],
  outer: ClauseScope,
  locksInside = false,
): TranslatedSource {
  const parts = sources.map((source) => translateSource(source, { outer, locksInside }));
  const names = parts
    .flatMap((part) => part.sources)
    .map((source) => `${source.schema ?? ''}.${source.name}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw sqlError(1013, [twice.replace(/^\./, '')]);
  return {
    sql: parts.length === 0 ? '' : ` FROM ${parts.map((part) => part.sql).join(' CROSS JOIN ')}`,
    sources: parts.flatMap((part) => part.sources),
    tables: parts.flatMap((part) => part.tables),
  };
}

export function translateSource(source: TableSource, around: Surroundings): TranslatedSource {
  const { outer, lateral } = around;
  switch (source.kind) {
    case 'table':
      return translateTable(source, around);
    case 'tableVariable': {
      const table = outer.translation.tableVariable(source.variable);
      return tableSource(table, source.alias ?? source.variable.name, outer.translation.alias());
    }
    case 'derived': {
      const query = translateQuery(source.query, new ClauseScope(outer.translation, [], lateral ?? outer));
      const names = namesOf(source.alias, query.columns, source.columns);
      const alias = outer.translation.alias();
      const columns = bracketed(query.columns, alias).map((value, index) => ({
        name: names[index] ?? '',
        value,
        identity: query.columns[index]?.identity ?? false,
      }));
      return derived(`(${query.sql})`, alias, { name: source.alias.toLowerCase(), columns }, lateral);
    }
    case 'values':
      return translateRows(source, outer, lateral);
    case 'openJson': {
      const alias = outer.translation.alias();
      const { sql, columns } = translateOpenJson(source, alias, lateral ?? outer.within([]));
      return derived(sql, alias, { name: source.alias?.toLowerCase() ?? '', columns }, lateral);
    }
    case 'tableFunction':
      return translateTableFunction(source, outer, lateral);
    case 'join':
      return translateJoin(source, around);
    case 'crossJoin': {
      return joined(
        translateSource(source.left, around),
        translateSource(source.right, around),
        'CROSS JOIN',
        '',
      );
    }
    case 'apply':
      return translateApply(source, around);
  }
}

function derived(sql: string, alias: string, source: Source, lateral?: ClauseScope): TranslatedSource {
  return {
    sql: `${lateral === undefined ? '' : 'LATERAL '}${sql} AS ${alias}`,
    sources: [source],
    tables: [],
  };
}

function translateTable(reference: TableReference, { outer, locksInside }: Surroundings): TranslatedSource {
  const { table: name, line } = reference;
  const named = name.schema === undefined ? outer.namedQuery(name.name) : undefined;
  const alias = outer.translation.alias();
  if (named !== undefined) return namedSource(named, reference.alias ?? name.name, alias);
  const table = outer.translation.table(name, line);
  const source = tableSource(table, reference.alias, alias);
  const lock = lockText(reference.hints);
  const isInside = locksInside && lock !== undefined;
  const inside = `(SELECT inside.* FROM ${pgTable(table)} AS inside ${lock?.strength} ${lock?.waiting}) AS ${alias}`;
  const here = { reference, table, alias, lock: isInside ? undefined : lock, optional: false };
  return { ...source, ...(isInside && { sql: inside }), tables: [here] };
}

function namedSource(named: NamedQuery, name: string, alias: string): TranslatedSource {
  const columns = named.columns.map((column, index) => ({
    name: column.name,
    value: seenAs(column.value, `${alias}.c${index + 1}`),
    identity: column.identity,
  }));
  return { sql: `${named.alias} AS ${alias}`, sources: [{ name: name.toLowerCase(), columns }], tables: [] };
}

function tableSource(table: CatalogueTable, name: string | undefined, alias: string): TranslatedSource {
  const source = sourceOf(table, alias, name);
  return { sql: `${pgTable(table)} AS ${alias}`, sources: [source], tables: [] };
}

/** The columns of a table that PostgreSQL knows as `alias`. */
export function sourceOf(table: CatalogueTable, alias: string, name?: string): Source {
  const columns = table.columns.map((column) => ({
    name: column.name,
    value: { sql: `${alias}.${quoteName(column.name)}`, type: column.type, nullable: column.nullable },
    identity: column.identity,
  }));
  if (name !== undefined) return { name: name.toLowerCase(), columns };
  return { name: table.name.toLowerCase(), schema: table.schema.toLowerCase(), columns };
}

function translateRows(
  source: Extract<TableSource, { kind: 'values' }>,
  outer: ClauseScope,
  lateral: ClauseScope | undefined,
): TranslatedSource {
  const scope = lateral ?? outer.within([]);
  const rows = source.rows.map((row) => row.map((value) => translateExpression(value, scope)));
  const width = source.columns.length;
  if (rows.some((row) => row.length !== width))
    throw sqlError(rows[0]?.length === width ? 10709 : 8158, [source.alias], source.line);
  const columns = source.columns.map((name, index) => {
    const cells = rows.map((row) => row[index]).filter((cell) => cell !== undefined);
    return { name, value: commonCell(cells), identity: false };
  });
  const alias = outer.translation.alias();
  const text = rows.map((row) => {
    const cells = row.map(
      (cell, index) => convertTo(cell, columns[index]?.value.type ?? cell.type, 'implicit').sql,
    );
    return `(${cells.join(', ')})`;
  });
  const seen = columns.map((column, index) => ({
    ...column,
    value: seenAs(column.value, `${alias}.c${index + 1}`),
  }));
  const names = columns.map((_, index) => `c${index + 1}`).join(', ');
  const sql = `${lateral === undefined ? '' : 'LATERAL '}(VALUES ${text.join(', ')}) AS ${alias}(${names})`;
  return { sql, sources: [{ name: source.alias.toLowerCase(), columns: seen }], tables: [] };
}

function commonCell(cells: readonly Typed[]): Typed {
  return { sql: '', type: unionType(cells), nullable: cells.some((cell) => cell.nullable) };
}

function translateTableFunction(
  source: Extract<TableSource, { kind: 'tableFunction' }>,
  outer: ClauseScope,
  lateral: ClauseScope | undefined,
): TranslatedSource {
  const { call } = source;
  const [text, separator] = call.arguments;
  if (
    call.name !== 'STRING_SPLIT' ||
    text === undefined ||
    separator === undefined ||
    call.arguments.length > 2
  ) {
    throw notSupported(`the table function ${call.name}`, call.line);
  }
  const scope = lateral ?? outer.within([]);
  const asText = (expression: Expression): string =>
    textOf(
      convertTo(translateExpression(expression, scope), { name: 'nvarchar', length: 'max' }, 'implicit'),
    );
  const alias = outer.translation.alias();
  const { type } = translateExpression(text, scope);
  const columns = [
    {
      name: source.columns?.[0] ?? 'value',
      value: { sql: `${alias}.c1`, type, nullable: false },
      identity: false,
    },
  ];
  const part = fromText('part', type, false).sql;
  const sql = `(SELECT ${part} AS c1 FROM tsql.string_parts(${asText(text)}, ${asText(separator)}) AS part)`;
  return derived(sql, alias, { name: source.alias?.toLowerCase() ?? '', columns }, lateral);
}

function translateJoin(
  source: Extract<TableSource, { kind: 'join' }>,
  around: Surroundings,
): TranslatedSource {
  const isLeftOptional = source.join === 'right' || source.join === 'full';
  const isRightOptional = source.join === 'left' || source.join === 'full';
  const left = translateSource(source.left, isLeftOptional ? { ...around, locksInside: true } : around);
  const right = translateSource(source.right, isRightOptional ? { ...around, locksInside: true } : around);
  const scope = (around.lateral ?? around.outer).within([...left.sources, ...right.sources]);
  const condition = ` ON ${translateCondition(source.on, scope)}`;
  const leftSide = isLeftOptional ? optional(left) : left;
  const rightSide = isRightOptional ? optional(right) : right;
  return joined(leftSide, rightSide, `${source.join.toUpperCase()} JOIN`, condition);
}

function translateApply(
  source: Extract<TableSource, { kind: 'apply' }>,
  around: Surroundings,
): TranslatedSource {
  const left = translateSource(source.left, around);
  const lateral = (around.lateral ?? around.outer).within(left.sources);
  const right = translateSource(source.right, {
    ...around,
    lateral,
    locksInside: around.locksInside || source.outer,
  });
  return source.outer
    ? joined(left, optional(right), 'LEFT JOIN', ' ON true')
    : joined(left, right, 'CROSS JOIN', '');
}

function joined(
  left: TranslatedSource,
  right: TranslatedSource,
  how: string,
  condition: string,
): TranslatedSource {
  return {
    sql: `(${left.sql} ${how} ${right.sql}${condition})`,
    sources: [...left.sources, ...right.sources],
    tables: [...left.tables, ...right.tables],
  };
}

/** The side of an outer join that can be missing. */
function optional(side: TranslatedSource): TranslatedSource {
  return {
    sql: side.sql,
    sources: side.sources.map((source) => ({
      ...source,
      columns: source.columns.map((column) => ({ ...column, value: { ...column.value, nullable: true } })),
    })),
    tables: side.tables.map((table) => ({ ...table, optional: true })),
  };
}
