import { sqlError } from '../errors.ts';
import type { Scope, Typed } from '../types/contract.ts';
import type {
  ColumnReference,
  Expression,
  FunctionCall,
  Query,
  SystemVariable,
  VariableReference,
} from '../parser/syntax.ts';
import { sessionFunction } from '../session/session-functions.ts';
import { translateQuery } from './translate-query.ts';
import type { Translation } from './translation.ts';

/** Something in FROM, and what its columns are called and worth. */
export interface Source {
  /** How a column may be qualified: an alias, or a table's name and its schema before it. Lower case. */
  name: string;
  schema?: string;
  columns: readonly SourceColumn[];
}

export interface SourceColumn {
  name: string;
  value: Typed;
  identity: boolean;
}

/** A common table expression in reach, by its lower-case name. */
export interface NamedQuery {
  alias: string;
  columns: readonly { name: string; value: Omit<Typed, 'sql'>; identity: boolean }[];
}

type AggregatesHere = 'allowed' | 'notInWhere' | 'notNested';

/** The rules of one clause. */
interface Clause {
  aggregates: AggregatesHere;
  windows: boolean;
  /** In a grouped query: what may stand outside an aggregate, by `expressionKey`. */
  grouped?: ReadonlyMap<string, Typed>;
}

/** What a select list turned out to contain, to find columns that an aggregate without GROUP BY leaves free. */
export interface Findings {
  aggregate: boolean;
  freeColumn?: string;
}

/** The names that one clause can use: the sources of its query, then those of the queries around it. */
export class ClauseScope implements Scope {
  readonly translation: Translation;
  readonly sources: readonly Source[];
  readonly findings: Findings;
  readonly #outer: ClauseScope | undefined;
  readonly #named: ReadonlyMap<string, NamedQuery>;
  readonly #clause: Clause;

  constructor(
    translation: Translation,
    sources: readonly Source[],
    outer?: ClauseScope,
    clause: Clause = { aggregates: 'notInWhere', windows: false },
    named: ReadonlyMap<string, NamedQuery> = new Map(),
    findings: Findings = { aggregate: false },
  ) {
    this.translation = translation;
    this.sources = sources;
    this.#outer = outer;
    this.#clause = clause;
    this.#named = named;
    this.findings = findings;
  }

  /** The same query's scope for another clause. */
  for(clause: Clause): ClauseScope {
    return new ClauseScope(this.translation, this.sources, this.#outer, clause, this.#named, this.findings);
  }

  /** A query inside this one: its sources, these around them. */
  within(sources: readonly Source[]): ClauseScope {
    return new ClauseScope(this.translation, sources, this);
  }

  withNamed(named: ReadonlyMap<string, NamedQuery>): ClauseScope {
    return new ClauseScope(this.translation, this.sources, this.#outer, this.#clause, named, this.findings);
  }

  namedQuery(name: string): NamedQuery | undefined {
    return this.#named.get(name.toLowerCase()) ?? this.#outer?.namedQuery(name);
  }

  column(reference: ColumnReference): Typed {
    const found = this.#find(reference);
    if (found !== undefined) return found;
    if (reference.qualifier.length > 0) {
      throw sqlError(4104, [[...reference.qualifier, reference.name].join('.')], reference.line);
    }
    throw sqlError(207, [reference.name], reference.line);
  }

  #find(reference: ColumnReference): Typed | undefined {
    const matches = this.sources
      .filter((source) => isQualifiedBy(source, reference.qualifier))
      .map((source) =>
        source.columns.filter((column) => column.name.toLowerCase() === reference.name.toLowerCase()),
      )
      .flat();
    if (matches.length > 1) throw sqlError(209, [reference.name], reference.line);
    const [column] = matches;
    if (column !== undefined) return this.#admit(column.value, reference);
    if (
      reference.qualifier.length > 0 &&
      this.sources.some((source) => isQualifiedBy(source, reference.qualifier))
    ) {
      throw sqlError(207, [reference.name], reference.line);
    }
    return this.#outer === undefined ? undefined : this.#outer.#find(reference);
  }

  #admit(value: Typed, { qualifier, name, line }: ColumnReference): Typed {
    if (this.#clause.aggregates === 'notNested') return value;
    const written = [...qualifier, name].join('.');
    const { grouped } = this.#clause;
    if (grouped === undefined) {
      if (this.#clause.aggregates === 'allowed') this.findings.freeColumn ??= written;
    } else if (!grouped.has(value.sql)) throw sqlError(8120, [written], line);
    return value;
  }

  /** What a bare or qualified name stands for, or nothing. */
  lookUp(reference: ColumnReference): SourceColumn | undefined {
    return this.sources
      .filter((source) => isQualifiedBy(source, reference.qualifier))
      .flatMap((source) => source.columns)
      .find((column) => column.name.toLowerCase() === reference.name.toLowerCase());
  }

  variable(reference: VariableReference): Typed {
    return this.translation.variable(reference);
  }

  query(query: Query, use: 'scalar' | 'list' | 'exists'): { sql: string; column: Typed | undefined } {
    const { sql, columns } = translateQuery(query, new ClauseScope(this.translation, [], this));
    const [first, second] = columns;
    if (use !== 'exists' && second !== undefined) throw sqlError(116);
    return { sql, column: first === undefined ? undefined : { ...first.value, sql: 'c1', nullable: true } };
  }

  sessionValue(call: FunctionCall | SystemVariable, arguments_: readonly Typed[]): Typed {
    return sessionFunction(call, arguments_, this.translation);
  }

  known(expression: Expression): Typed | undefined {
    const { grouped } = this.#clause;
    if (grouped === undefined || expression.kind === 'column' || expression.kind === 'literal')
      return undefined;
    return grouped.get(expressionKey(expression, this));
  }

  insideAggregate(call: FunctionCall): Scope {
    if (this.#clause.aggregates === 'notInWhere') throw sqlError(147, [], call.line);
    if (this.#clause.aggregates === 'notNested') throw sqlError(130, [], call.line);
    this.findings.aggregate = true;
    return this.for({ aggregates: 'notNested', windows: false });
  }

  insideWindow(call: FunctionCall): Scope {
    if (!this.#clause.windows) throw sqlError(4108, [], call.line);
    return this.for({ ...this.#clause, windows: false });
  }
}

function isQualifiedBy(source: Source, qualifier: readonly string[]): boolean {
  if (qualifier.length === 0) return true;
  const [name, schema] = qualifier.toReversed().map((part) => part.toLowerCase());
  return source.name === name && (schema === undefined || source.schema === schema);
}

/** The same for expressions that SQL Server takes as the same: case of names, lines and ways to qualify do not count. */
export function expressionKey(expression: Expression, scope: ClauseScope): string {
  return JSON.stringify(expression, (key, value: unknown) => {
    if (key === 'line') return undefined;
    if (isColumn(value))
      return `column ${scope.lookUp(value)?.value.sql ?? [...value.qualifier, value.name].join('.').toLowerCase()}`;
    return value;
  });
}

function isColumn(value: unknown): value is ColumnReference {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'column' &&
    'qualifier' in value
  );
}
