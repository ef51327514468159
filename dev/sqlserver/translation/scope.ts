import { sqlError } from '../errors.ts';
import type { SqlFault } from '../parser/sql-fault.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type {
  ColumnReference,
  Expression,
  FunctionCall,
  Query,
  SystemVariable,
  VariableReference,
} from '../parser/syntax.ts';
import { sessionFunction } from '../session/session-functions.ts';
import type { Scope, Typed } from '../types/contract.ts';
import { nestedQuery, seenAs } from './translate-query.ts';
import type { Translation } from './translation.ts';

export interface NamedColumn extends Typed {
  /** '' for an expression without a name. */
  name: string;
  identity?: boolean;
}

/** Something in FROM, and what its columns are called and worth. */
export interface Source {
  /** How a column may be qualified: an alias, or a table's name and its schema before it. */
  name: string;
  schema?: string;
  columns: readonly NamedColumn[];
  /** A recursive query's reference to itself: how many levels deep its rows are. */
  recursion?: { query: string; level: string };
}

/** A WITH query in reach. */
export interface NamedQuery {
  name: string;
  alias: string;
  columns: () => readonly NamedColumn[];
  /** Whether this is the query itself, being translated. */
  isRecursive: boolean;
}

/** The rules of one clause. */
interface Clause {
  /** The error of an aggregate where none may stand: 147 in WHERE and ON, 144 in GROUP BY, 130 inside an aggregate. */
  noAggregate?: 147 | 144 | 130;
  /** Where one may stand: the error of a column that is neither grouped nor inside it. */
  free?: 8120 | 8121 | 8127;
  /** `inside`: one that stands inside another, or inside an aggregate. */
  windows: boolean | 'inside';
  /** In a grouped query: what may stand outside an aggregate, by `expressionKey`. */
  grouped?: ReadonlyMap<string, Typed> | undefined;
}

/** What a query turned out to contain; a column that is free is an error once there is an aggregate too. */
interface Findings {
  aggregate: boolean;
  window: boolean;
  free?: SqlFault;
}

interface Surroundings {
  outer?: ClauseScope;
  named?: NamedQuery | undefined;
  clause: Clause;
  findings: Findings;
}

const plain: Clause = { noAggregate: 147, windows: false };

/** The names that one clause can use: the sources of its query, then those of the queries around it. */
export class ClauseScope implements Scope {
  readonly translation: Translation;
  readonly sources: readonly Source[];
  readonly #around: Surroundings;

  constructor(translation: Translation, sources: readonly Source[], around?: Surroundings) {
    this.translation = translation;
    this.sources = sources;
    this.#around = around ?? { clause: plain, findings: { aggregate: false, window: false } };
  }

  get findings(): Findings {
    return this.#around.findings;
  }

  /** The same query's scope for another clause. */
  for(clause: Clause): ClauseScope {
    return new ClauseScope(this.translation, this.sources, { ...this.#around, clause });
  }

  /** A query inside this one: its sources or WITH query, these around them. */
  within(sources: readonly Source[], named?: NamedQuery): ClauseScope {
    const findings: Findings = { aggregate: false, window: false };
    return new ClauseScope(this.translation, sources, { outer: this, named, clause: plain, findings });
  }

  namedQuery(name: string): NamedQuery | undefined {
    const { named, outer } = this.#around;
    return isSameName(named?.name, name) ? named : outer?.namedQuery(name);
  }

  column(reference: ColumnReference): Typed {
    const found = this.#find(reference);
    if (found !== undefined) return found;
    const { qualifier, name, line } = reference;
    throw qualifier.length > 0 ? sqlError(4104, [writtenAs(reference)], line) : sqlError(207, [name], line);
  }

  #find(reference: ColumnReference): Typed | undefined {
    const { outer, clause, findings } = this.#around;
    const column = this.lookUp(reference);
    if (column === undefined) {
      const found = outer === undefined ? undefined : outer.#find(reference);
      if (found !== undefined && clause.noAggregate === 130)
        throw notSupported(`an aggregate over ${writtenAs(reference)} of an outer query`, reference.line);
      return found;
    }
    const { free, grouped } = clause;
    if (free !== undefined && !grouped?.has(column.sql)) {
      const source = this.sources.find(({ columns }) => columns.includes(column));
      const fault = (): SqlFault => sqlError(free, [`${source?.name}.${column.name}`], reference.line);
      if (grouped !== undefined) throw fault();
      findings.free ??= fault();
    }
    return column;
  }

  /** What a name stands for in this query itself, or nothing. */
  lookUp({ qualifier, name, line }: ColumnReference): NamedColumn | undefined {
    const sources = this.sources.filter((source) => isQualifiedBy(source, qualifier));
    const [column, second] = sources
      .flatMap((source) => source.columns)
      .filter((candidate) => isSameName(candidate.name, name));
    if (second !== undefined) throw sqlError(209, [name], line);
    if (column === undefined && qualifier.length > 0 && sources.length > 0) throw sqlError(207, [name], line);
    return column;
  }

  variable(reference: VariableReference): Typed {
    return this.translation.variable(reference);
  }

  query(query: Query, use: 'scalar' | 'list' | 'exists'): { sql: string; column: Typed | undefined } {
    if (this.#around.clause.noAggregate === 144) throw sqlError(144);
    const { sql, columns } = nestedQuery(query, this);
    const [first, second] = columns;
    if (use !== 'exists' && second !== undefined) throw sqlError(116);
    return { sql, column: first && { ...seenAs(first, 'c1'), nullable: true } };
  }

  sessionValue(call: FunctionCall | SystemVariable, arguments_: () => readonly Typed[]): Typed | undefined {
    return sessionFunction(call, arguments_, this.translation);
  }

  known(expression: Expression): Typed | undefined {
    const { grouped } = this.#around.clause;
    if (grouped === undefined || expression.kind === 'column' || expression.kind === 'literal')
      return undefined;
    return grouped.get(expressionKey(expression, this));
  }

  insideAggregate({ line }: FunctionCall): Scope {
    const { noAggregate } = this.#around.clause;
    if (noAggregate !== undefined) throw sqlError(noAggregate, [], line);
    this.findings.aggregate = true;
    return this.for({ noAggregate: 130, windows: 'inside' });
  }

  insideWindow({ line }: FunctionCall): Scope {
    const { clause } = this.#around;
    if (clause.windows !== true) throw sqlError(clause.windows ? 4109 : 4108, [], line);
    this.findings.window = true;
    return this.for({ ...clause, windows: 'inside' });
  }
}

const writtenAs = ({ qualifier, name }: ColumnReference): string => [...qualifier, name].join('.');

export const isSameName = (one: string | undefined, other: string): boolean =>
  one?.toLowerCase() === other.toLowerCase();

function isQualifiedBy(source: Source, qualifier: readonly string[]): boolean {
  const [name, schema] = qualifier.toReversed();
  if (name === undefined) return true;
  return isSameName(name, source.name) && (schema === undefined || isSameName(source.schema, schema));
}

/** The same for expressions that SQL Server takes as the same: case of names, lines and ways to qualify do not count. */
export function expressionKey(expression: Expression, scope: ClauseScope): string {
  return JSON.stringify(expression, (key, value: unknown) => {
    if (key === 'line' || key === 'written') return undefined;
    return isColumn(value) ? `column ${scope.lookUp(value)?.sql ?? writtenAs(value).toLowerCase()}` : value;
  });
}

const isColumn = (value: unknown): value is ColumnReference =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'column';
