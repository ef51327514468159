import { Catalogue } from './catalogue.ts';
import type { RunQuery } from './catalogue.ts';

/** What a database's comment in PostgreSQL says of it. */
export interface DatabaseNote {
  name: string;
  compatibilityLevel: number;
  readCommittedSnapshot: boolean;
}

/** One SQL Server database: its PostgreSQL database, who uses it, and its names as all sessions see them. */
export class DatabaseHandle {
  readonly pgName: string;
  readonly id: number;
  note: DatabaseNote;
  /** The sessions in it. */
  readonly users = new Set<object>();
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

  /** Definitions were committed; where they were of these tables alone, `query` reads them again. */
  async changed(tables?: readonly string[], query?: RunQuery): Promise<void> {
    const before = this.#catalogue;
    const version = (this.#version += 1);
    this.#catalogue = undefined;
    if (before === undefined || tables === undefined || query === undefined) return;
    const loaded = await before.with(tables, query);
    if (version === this.#version) this.#catalogue = loaded;
  }
}
