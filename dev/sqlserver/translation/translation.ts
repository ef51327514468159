import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { Typed } from '../types/contract.ts';
import { storageType } from '../types/storage.ts';
import { fromText } from '../types/typed-sql.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { ObjectName, VariableReference } from '../parser/syntax.ts';
import type { Catalogue, CatalogueTable } from '../catalogue/catalogue.ts';
import type { SessionValueName } from '../session/session-values.ts';
import { sessionValueTypes } from '../session/session-values.ts';

/** What the names of a batch mean while its statements are translated. */
export interface Environment {
  catalogue: Catalogue;
  /** Temporary tables (`#t`) and table variables (`@t`) by their lower-case name. */
  temporaryTables: ReadonlyMap<string, CatalogueTable>;
  /** By lower-case name with the `@`. */
  variables: ReadonlyMap<string, SqlType>;
  identityInsert: string | undefined;
}

/** Where the value of a PostgreSQL parameter comes from when the statement runs. */
export type Binding =
  | { kind: 'variable'; name: string; type: SqlType }
  | { kind: 'session'; name: SessionValueName; type: SqlType };

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

/** A translated PostgreSQL statement, to be run with the values of its bindings. */
export interface BoundStatement {
  text: string;
  bindings: readonly Binding[];
  typeIds: readonly number[];
}

/** Collects what one PostgreSQL statement needs besides its text: parameters, aliases, and locks to be taken before it. */
export class Translation {
  readonly environment: Environment;
  readonly #bindings: Binding[] = [];
  readonly #places = new Map<string, Typed>();
  readonly #locks: BoundStatement[] = [];
  readonly #purpose: 'statement' | 'definition';
  #aliases = 0;

  /** A `definition` (default, check, index) is kept by PostgreSQL, so it has no parameters. */
  constructor(environment: Environment, purpose: 'statement' | 'definition' = 'statement') {
    this.environment = environment;
    this.#purpose = purpose;
  }

  get locks(): readonly BoundStatement[] {
    return this.#locks;
  }

  alias(): string {
    this.#aliases += 1;
    return `s${this.#aliases}`;
  }

  lockBefore(lock: BoundStatement): void {
    this.#locks.push(lock);
  }

  variable({ name, line }: VariableReference): Typed {
    const key = name.toLowerCase();
    const type = this.environment.variables.get(key);
    if (type === undefined || this.#purpose === 'definition') throw sqlError(137, [name], line);
    return this.#bind(key, { kind: 'variable', name: key, type });
  }

  sessionValue(name: SessionValueName): Typed {
    const type = sessionValueTypes[name];
    if (this.#purpose === 'definition') {
      if (type.name !== 'nvarchar') throw notSupported(`${name} in a default or check`);
      return fromText(`current_setting('tsql.${name}', true)`, type, true);
    }
    return this.#bind(name, { kind: 'session', name, type });
  }

  bound(text: string): BoundStatement {
    const ids = this.#bindings.map(({ type }) => typeIds[storageType(type)] ?? 0);
    return { text, bindings: this.#bindings, typeIds: ids };
  }

  /** The table or view of that name. Throws 208, and 1087 for a table variable. */
  table(name: ObjectName, line: number): CatalogueTable {
    if (/^[#@]/.test(name.name)) {
      const temporary = this.environment.temporaryTables.get(name.name.toLowerCase());
      if (temporary === undefined) throw sqlError(208, [name.name], line);
      return temporary;
    }
    const { catalogue } = this.environment;
    if (name.database !== undefined && name.database.toLowerCase() !== catalogue.database.toLowerCase()) {
      throw notSupported(`the name ${writtenName(name)} in another database`, line);
    }
    const table = catalogue.find(name);
    if (table === undefined) throw sqlError(208, [writtenName(name)], line);
    return table;
  }

  tableVariable({ name, line }: VariableReference): CatalogueTable {
    const table = this.environment.temporaryTables.get(name.toLowerCase());
    if (table === undefined) throw sqlError(1087, [name], line);
    return table;
  }

  #bind(key: string, binding: Binding): Typed {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#bindings.push(binding);
    const place = `$${this.#bindings.length}`;
    const sql = storageType(binding.type) === 'bpchar' ? `(${place} COLLATE tsql.ci_as)` : place;
    const typed: Typed = { sql, type: binding.type, nullable: true };
    this.#places.set(key, typed);
    return typed;
  }
}

export const writtenName = ({ database, schema, name }: ObjectName): string =>
  [database, schema, name].filter((part) => part !== undefined).join('.');
