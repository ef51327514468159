import { DatabaseError } from 'pg';
import type { Connection, Submittable } from 'pg';

export type PgRow = readonly (string | null)[];

/** One PostgreSQL statement. `name` keeps it prepared under that name; `types` are the parameters' type ids. */
export interface Step {
  text: string;
  name?: string;
  values?: readonly (string | null)[];
  types?: readonly number[];
}

const ROWS_AHEAD = 2_000;
const MAX_PREPARED = 400;

/** The names under which a connection keeps statements; the one that was longest unused comes first. */
export class Prepared {
  readonly #names = new Set<string>();
  #closing: string[] = [];

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** The names that PostgreSQL may forget. */
  takeClosing(): readonly string[] {
    const names = this.#closing;
    if (names.length > 0) this.#closing = [];
    return names;
  }

  /** After a flight that was to prepare the name; one that failed may have stopped before or after that. */
  met(name: string, isWhole: boolean): void {
    if (this.#names.delete(name) || isWhole) this.#names.add(name);
    else this.#closing.push(name);
    const oldest = this.#names.size > MAX_PREPARED ? this.#names.values().next().value : undefined;
    if (oldest === undefined) return;
    this.#names.delete(oldest);
    this.#closing.push(oldest);
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
  #connection: Connection | undefined;
  #step = 0;
  #rows: PgRow[] = [];
  #rowCount = 0;
  #isOver = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  #isPaused = false;

  constructor(steps: readonly Step[], main: number, prepared: Prepared) {
    this.#steps = steps;
    this.#main = main;
    this.#prepared = prepared;
  }

  /** The next rows; nothing after the last one. Throws PostgreSQL's fault, a DatabaseError. */
  async nextRows(): Promise<readonly PgRow[] | undefined> {
    for (;;) {
      if (this.#rows.length > 0) {
        const rows = this.#rows;
        this.#rows = [];
        if (this.#isPaused) this.#connection?.stream.resume();
        this.#isPaused = false;
        return rows;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Waits for the end, drops the rows that nobody read, and says how many the main step touched. */
  async end(): Promise<number> {
    while ((await this.nextRows()) !== undefined);
    return this.#rowCount;
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    connection.stream.cork();
    for (const name of this.#prepared.takeClosing()) connection.close({ type: 'S', name }, true);
    for (const { text, name = '', types = [], values = [] } of this.#steps) {
      if (!this.#prepared.has(name)) connection.parse({ name, text, types: types.map(String) }, true);
      connection.bind({ statement: name, values: [...values] }, true);
      connection.execute(null, true);
    }
    connection.sync();
    connection.stream.uncork();
  }

  handleDataRow(message: { fields: PgRow }): void {
    if (this.#step !== this.#main) return;
    this.#rows.push(message.fields);
    if (this.#rows.length >= ROWS_AHEAD && !this.#isPaused) {
      this.#isPaused = true;
      this.#connection?.stream.pause();
    }
    this.#awake();
  }

  handleCommandComplete(message: { text: string }): void {
    if (this.#step === this.#main) this.#rowCount = Number(/\d+$/.exec(message.text)?.[0] ?? 0);
    this.#step += 1;
  }

  handleError(error: Error): void {
    this.#failure = error;
    if (error instanceof DatabaseError) this.#remember(false);
    this.#awake();
  }

  handleReadyForQuery(): void {
    this.#isOver = true;
    this.#remember(true);
    this.#awake();
  }

  #remember(isWhole: boolean): void {
    for (const { name } of this.#steps) if (name !== undefined) this.#prepared.met(name, isWhole);
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
