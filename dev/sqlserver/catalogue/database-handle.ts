import { Catalogue } from './catalogue.ts';
import type { RunQuery } from './catalogue.ts';

/** What a database's comment in PostgreSQL says of it. */
export interface DatabaseNote {
  name: string;
  compatibilityLevel: number;
  readCommittedSnapshot: boolean;
  allowSnapshotIsolation: boolean;
}

/** A table or view by PostgreSQL's names. */
export interface DefinedObject {
  schema: string;
  name: string;
}

/** A session as its database sees it. */
export interface DatabaseUser {
  isOf(context: object): boolean;
  /** Ends the session's connection to PostgreSQL, and with it the session. */
  expel(): Promise<void>;
}

/** One SQL Server database: its PostgreSQL database, who uses it, and its names as all sessions see them. */
export class DatabaseHandle {
  readonly pgName: string;
  readonly id: number;
  note: DatabaseNote;
  readonly users = new Set<DatabaseUser>();
  #version = 1;
  #catalogue: Catalogue | undefined;

  constructor(pgName: string, id: number, note: DatabaseNote) {
    this.pgName = pgName;
    this.id = id;
    this.note = note;
  }

  get name(): string {
    return this.note.name;
  }

  /** The PostgreSQL role that owns everything in it: dbo. */
  get ownerRole(): string {
    return `dbo:${this.id}`;
  }

  userRole(user: string): string {
    return `user:${this.id}:${user.toLowerCase()}`;
  }

  /** Rises with every committed definition. */
  get version(): number {
    return this.#version;
  }

  /** The names as committed. `query` runs in the session's connection, which must not look at an old snapshot. */
  async catalogue(query: RunQuery): Promise<Catalogue> {
    if (this.#catalogue !== undefined) return this.#catalogue;
    const before = this.#version;
    const loaded = await Catalogue.load(this.name, query);
    if (before === this.#version) this.#catalogue = loaded;
    return loaded;
  }

  /** A definition was committed; of one object when it is given, which `query` then reads again. */
  async changed(object?: DefinedObject, query?: RunQuery): Promise<void> {
    const before = this.#catalogue;
    this.#version += 1;
    this.#catalogue = undefined;
    if (before === undefined || object === undefined || query === undefined) return;
    const version = this.#version;
    const loaded = await before.with(object, query);
    if (version === this.#version) this.#catalogue = loaded;
  }
}
