import { DatabaseError } from 'pg';
import type { Connection, Submittable } from 'pg';

export type PgRow = readonly (string | null)[];

/** One PostgreSQL statement. What has a `key` is kept prepared; `types` are the parameters' type ids. */
export interface Step {
  text: string;
  key?: string | undefined;
  values?: (string | null)[];
  types?: readonly number[];
}

const ROWS_AHEAD = 2_000;
const MAX_PREPARED = 400;

/** Raised when somebody has ended the statement from outside, as a client does that takes its request back. */
export class Cancelled extends Error {}

/** The names under which a connection keeps statements, by the keys of their steps. */
export class Prepared {
  readonly names = new Map<string, string>();
  /** All that were given: a flight that failed may have stopped before or after it prepared its own. */
  given: string[] = [];

  newName(): string {
    const name = `s${this.given.length}`;
    this.given.push(name);
    return name;
  }

  /** Lets PostgreSQL forget them all once they are too many. */
  prune(connection: Connection): void {
    if (this.given.length < MAX_PREPARED) return;
    for (const name of this.given) connection.close({ type: 'S', name }, true);
    this.given = [];
    this.names.clear();
  }
}

/**
 * Several statements sent at once, answered in order and ended by one Sync: a failure skips the rest. The rows are those
 * of the `main` step. Whoever reads slowly holds the connection back, so a large result does not fill the memory.
 */
export class Flight implements Submittable {
  readonly #steps: readonly Step[];
  readonly #main: number;
  readonly #prepared: Prepared;
  /** Keys and names that it prepares itself. */
  readonly #fresh: [key: string, name: string][] = [];
  #connection: Connection | undefined;
  #step = 0;
  #rows: PgRow[] = [];
  #rowCount = 0;
  #isOver = false;
  #failure: Error | undefined;
  #wake = (): void => undefined;

  constructor(steps: readonly Step[], main: number, prepared: Prepared) {
    this.#steps = steps;
    this.#main = main;
    this.#prepared = prepared;
  }

  /** Gives the rows as they come, then says how many the main step touched. Throws PostgreSQL's fault, a DatabaseError, or Cancelled. */
  async end(take?: (rows: readonly PgRow[]) => void | Promise<void>): Promise<number> {
    for (;;) {
      const rows = this.#rows;
      if (rows.length > 0) {
        this.#rows = [];
        if (rows.length >= ROWS_AHEAD) this.#connection?.stream.resume();
        await take?.(rows);
      } else if (this.#failure !== undefined) {
        throw this.#failure;
      } else if (this.#isOver) {
        return this.#rowCount;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    connection.stream.cork();
    this.#prepared.prune(connection);
    for (const { text, key, types = [], values = [] } of this.#steps) {
      const known = key === undefined ? undefined : this.#prepared.names.get(key);
      const name = known ?? (key === undefined ? '' : this.#prepared.newName());
      if (known === undefined) connection.parse({ name, text, types: types.map(String) }, true);
      if (known === undefined && key !== undefined) this.#fresh.push([key, name]);
      connection.bind({ statement: name, values }, true);
      connection.execute(null, true);
    }
    connection.sync();
    connection.stream.uncork();
  }

  handleDataRow(message: { fields: PgRow }): void {
    if (this.#step !== this.#main) return;
    if (this.#rows.push(message.fields) === ROWS_AHEAD) this.#connection?.stream.pause();
    this.#wake();
  }

  handleCommandComplete(message: { text: string }): void {
    if (this.#step === this.#main)
      this.#rowCount = Number(message.text.slice(message.text.lastIndexOf(' '))) || 0;
    this.#step += 1;
  }

  handleError(error: Error): void {
    const isCancelled = error instanceof DatabaseError && error.code === '57014';
    this.#failure = isCancelled ? new Cancelled() : error;
    this.#wake();
  }

  handleReadyForQuery(): void {
    for (const [key, name] of this.#fresh) this.#prepared.names.set(key, name);
    this.#isOver = true;
    this.#wake();
  }
}
