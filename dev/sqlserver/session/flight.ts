import type { Connection, Submittable } from 'pg';

/** A parameter or a field of a row in PostgreSQL's text form; parameters may also be bytes. */
type PgParameter = string | Buffer | null;
export type PgRow = readonly (string | null)[];

/** One PostgreSQL statement. `name` keeps it prepared under that name; `types` are the parameters' type ids. */
export interface Step {
  text: string;
  name?: string;
  values?: readonly PgParameter[];
  types?: readonly number[];
}

/** PostgreSQL's report of a fault, as it came. */
export interface PgFault {
  code: string;
  message: string;
  detail?: string | undefined;
  hint?: string | undefined;
  schema?: string | undefined;
  table?: string | undefined;
  column?: string | undefined;
  constraint?: string | undefined;
  dataType?: string | undefined;
}

export type FlightEnd = { kind: 'done'; rowCount: number } | { kind: 'failed'; fault: PgFault };

const ROWS_AHEAD = 2_000;

/**
 * Several statements sent at once, answered in order and ended by one Sync: a failure skips the rest. The rows are those
 * of the `main` step. Whoever reads slowly holds the connection back, so a large result does not fill the memory.
 */
export class Flight implements Submittable {
  readonly #steps: readonly Step[];
  readonly #main: number;
  readonly #prepared: ReadonlySet<string>;
  readonly #closing: readonly string[];
  #connection: Connection | undefined;
  #step = 0;
  #rows: PgRow[] = [];
  #rowCount = 0;
  #end: FlightEnd | undefined;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  #paused = false;

  /** `prepared` are the names that the connection knows already, `closing` those that it may forget. */
  constructor(
    steps: readonly Step[],
    main: number,
    prepared: ReadonlySet<string>,
    closing: readonly string[] = [],
  ) {
    this.#steps = steps;
    this.#main = main;
    this.#prepared = prepared;
    this.#closing = closing;
  }

  /** The next rows; nothing after the last one. */
  async nextRows(): Promise<readonly PgRow[] | undefined> {
    for (;;) {
      if (this.#rows.length > 0) {
        const rows = this.#rows;
        this.#rows = [];
        this.#resume();
        return rows;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#end !== undefined) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Waits for the end and drops the rows that nobody read. */
  async end(): Promise<FlightEnd> {
    while ((await this.nextRows()) !== undefined);
    if (this.#end === undefined) throw new Error('A flight ended without an answer');
    return this.#end;
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    connection.stream.cork();
    for (const name of this.#closing) connection.close({ type: 'S', name }, true);
    this.#steps.forEach((step, index) => this.#send(connection, step, index === this.#main));
    connection.sync();
    connection.stream.uncork();
  }

  #send(connection: Connection, step: Step, isMain: boolean): void {
    const name = step.name ?? '';
    if (name === '' || !this.#prepared.has(name)) {
      connection.parse({ name, text: step.text, types: (step.types ?? []).map(String) }, true);
    }
    connection.bind({ statement: name, values: [...(step.values ?? [])] }, true);
    if (isMain) connection.describe({ type: 'P' }, true);
    connection.execute(null, true);
  }

  handleRowDescription(): void {
    // The translation knows the columns: PostgreSQL's own description adds nothing.
  }

  handleDataRow(message: { fields: PgRow }): void {
    if (this.#step !== this.#main) return;
    this.#rows.push(message.fields);
    if (this.#rows.length >= ROWS_AHEAD && !this.#paused) {
      this.#paused = true;
      this.#connection?.stream.pause();
    }
    this.#awake();
  }

  handleCommandComplete(message: { text: string }): void {
    if (this.#step === this.#main) this.#rowCount = Number(/\d+$/.exec(message.text)?.[0] ?? 0);
    this.#step += 1;
  }

  handleEmptyQuery(): void {
    this.#step += 1;
  }

  handleError(error: Error & Partial<PgFault>): void {
    if (error.code !== undefined && /^[0-9A-Z]{5}$/.test(error.code)) {
      this.#end = { kind: 'failed', fault: { ...pick(error), code: error.code } };
    } else {
      this.#failure = error;
    }
    this.#awake();
  }

  handleReadyForQuery(): void {
    this.#end ??= { kind: 'done', rowCount: this.#rowCount };
    this.#awake();
  }

  handlePortalSuspended(): void {
    // Never asked for: every portal is run to its end.
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#connection?.stream.resume();
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function pick(error: Error & Partial<PgFault>): Omit<PgFault, 'code'> {
  const { message, detail, hint, schema, table, column, constraint, dataType } = error;
  return { message, detail, hint, schema, table, column, constraint, dataType };
}
