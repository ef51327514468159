import type { CatalogueTable, Catalogue } from '../catalogue/catalogue.ts';
import type { Column, SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { ObjectName, VariableReference } from '../parser/syntax.ts';
import type { SessionValueName } from '../session/session-values.ts';
import { sessionValues } from '../session/session-values.ts';
import type { Typed } from '../types/contract.ts';
import { storageType } from '../types/sql-types.ts';
import { fromText } from '../types/typed-sql.ts';

/** What the names of a batch mean while its statements are translated. */
export interface Environment {
  catalogue: Catalogue;
  /** By lower-case name with the `@`. */
  variables: ReadonlyMap<string, SqlType>;
}

/** Where the value of a PostgreSQL parameter comes from when the statement runs. */
export type Binding =
  | { kind: 'variable'; name: string; type: SqlType }
  | { kind: 'session'; name: SessionValueName; type: SqlType };

/** A PostgreSQL statement, to be run with the values of its bindings. */
export interface BoundStatement {
  text: string;
  bindings: readonly Binding[];
  typeIds: readonly number[];
}

/** A T-SQL statement in PostgreSQL's words: what is sent, and how its rows are to be read. */
export interface Translated {
  /** Locks to be taken before the statement, in the same flight. */
  before: readonly BoundStatement[];
  main: BoundStatement;
  verb: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
  /** The table written, as in messages: `database.schema.table`. */
  target?: string;
  shiftsKeys?: boolean;
  /** The columns that the client sees, the first ones of PostgreSQL's row; absent when the statement has no result. */
  columns?: readonly Column[];
  /** The types of all of PostgreSQL's columns. */
  types: readonly SqlType[];
  /** Variables that take their value from the last row. `place` counts from 0. */
  assignments: readonly { variable: string; place: number }[];
  /** Where the row carries the identity value that the statement gave. */
  identityPlace?: number;
}

const typeIds: Readonly<Record<string, number>> = {
  boolean: 16,
  bytea: 17,
  bigint: 20,
  smallint: 21,
  integer: 23,
  real: 700,
  'double precision': 701,
  bpchar: 1042,
  date: 1082,
  interval: 1186,
  numeric: 1700,
  uuid: 2950,
};

/** Collects what one PostgreSQL statement needs besides its text: parameters, aliases, and locks to be taken before it. */
export class Translation {
  readonly environment: Environment;
  readonly before: BoundStatement[] = [];
  readonly #bindings: Binding[] = [];
  readonly #places = new Map<string, Typed>();
  /** How deep a recursive query may go; 0 = without end. */
  readonly maxRecursion: number;
  readonly #purpose: 'statement' | 'definition';
  #aliases = 0;

  /** A `definition` (default, check, index) is kept by PostgreSQL, so it has no parameters. */
  constructor(
    environment: Environment,
    purpose: 'statement' | 'definition' = 'statement',
    maxRecursion = 100,
  ) {
    this.environment = environment;
    this.maxRecursion = maxRecursion;
    this.#purpose = purpose;
  }

  alias(): string {
    this.#aliases += 1;
    return `s${this.#aliases}`;
  }

  variable({ name, line }: VariableReference): Typed {
    const key = name.toLowerCase();
    const type = this.environment.variables.get(key);
    if (type === undefined || this.#purpose === 'definition') throw sqlError(137, [name], line);
    return this.#bind({ kind: 'variable', name: key, type });
  }

  sessionValue(name: SessionValueName): Typed {
    const { type } = sessionValues[name];
    if (this.#purpose === 'statement') return this.#bind({ kind: 'session', name, type });
    if (type.name !== 'nvarchar') throw notSupported(`${name} in a default or check`);
    return fromText(`current_setting('tsql.${name}', true)`, type, true);
  }

  #bind(binding: Binding): Typed {
    const known = this.#places.get(binding.name);
    if (known !== undefined) return known;
    const { name, type } = binding;
    const place = `$${this.#bindings.push(binding)}`;
    const sql = storageType(type) === 'bpchar' ? `(${place} COLLATE tsql.ci_as)` : place;
    const value: Typed = { sql, type, nullable: true };
    this.#places.set(name, value);
    return value;
  }

  bound(text: string): BoundStatement {
    const ids = this.#bindings.map(({ type }) => typeIds[storageType(type)] ?? 0);
    return { text, bindings: this.#bindings, typeIds: ids };
  }

  finished(
    text: string,
    rest: Omit<Translated, 'before' | 'main' | 'assignments'> & Partial<Translated>,
  ): Translated {
    return { assignments: [], ...rest, before: this.before, main: this.bound(text) };
  }

  /** The table or system view of that name. Throws 208. */
  table(name: ObjectName, line: number): CatalogueTable {
    const { catalogue } = this.environment;
    if (name.database !== undefined && name.database.toLowerCase() !== catalogue.database.toLowerCase()) {
      throw notSupported(`the name ${writtenName(name)} in another database`, line);
    }
    const table = catalogue.find(name);
    if (table === undefined) throw sqlError(208, [writtenName(name)], line);
    return table;
  }

  /** `database.schema.table`, as SQL Server's messages name it. */
  nameInMessages({ schema, name }: CatalogueTable): string {
    return `${this.environment.catalogue.database}.${schema}.${name}`;
  }
}

export const writtenName = ({ database, schema, name }: ObjectName): string =>
  [database, schema, name].filter((part) => part !== undefined).join('.');
