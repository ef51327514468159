import { Client } from 'pg';
import { Flight } from './flight.ts';
import type { FlightEnd, PgRow, Step } from './flight.ts';

/** Where the PostgreSQL behind the local SQL Server listens; `user` is its superuser. */
export interface PostgresAddress {
  host: string;
  port: number;
  user: string;
  password?: string;
}

const MAX_PREPARED = 400;

/**
 * Whoever compares or prints does it alike in every session. The dead-lock check runs early, because tests wait for it.
 * Plans are kept whatever the parameters, as SQL Server keeps them: making one costs more than running most statements.
 */
const settings = [
  'timezone=UTC',
  'datestyle=ISO,MDY',
  'intervalstyle=postgres',
  'bytea_output=hex',
  'jit=off',
  'client_min_messages=error',
  'deadlock_timeout=150ms',
  'search_path=pg_catalog',
  'plan_cache_mode=force_generic_plan',
];

/** One PostgreSQL connection that keeps the statements it has met prepared. */
export class PostgresConnection {
  readonly #client: Client;
  readonly #prepared = new Set<string>();
  #closing: string[] = [];
  #lost: Error | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(client: Client) {
    this.#client = client;
    client.on('error', (error) => (this.#lost ??= error));
    client.on('end', () => (this.#lost ??= new Error('The connection to PostgreSQL has ended')));
  }

  static async open(address: PostgresAddress, database: string): Promise<PostgresConnection> {
    const options = settings.map((setting) => `-c ${setting}`).join(' ');
    const client = new Client({ ...address, database, options, application_name: 'local-sqlserver' });
    const connection = new PostgresConnection(client);
    await client.connect();
    return connection;
  }

  get lost(): Error | undefined {
    return this.#lost;
  }

  /** Sends the steps at once; read the rows of `main` (an index into them) from the flight, or just wait for its end. */
  send(steps: readonly Step[], main: number): Flight {
    const flight = new Flight(steps, main, this.#prepared, this.#closing);
    this.#closing = [];
    return this.#client.query(flight);
  }

  /** As `send`; keeps account of the names that the flight prepared. To be awaited before the next flight. */
  async finish(flight: Flight, steps: readonly Step[]): Promise<FlightEnd> {
    const end = await flight.end();
    for (const { name } of steps) if (name !== undefined) this.#remember(name, end.kind === 'done');
    return end;
  }

  /** Runs one statement of our own and gives its rows; a PostgreSQL fault is thrown. Callers may overlap. */
  query(text: string): Promise<readonly PgRow[]> {
    const answer = this.#turn.then(() => this.#query(text));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #query(text: string): Promise<readonly PgRow[]> {
    const steps = [{ text }];
    const flight = this.send(steps, 0);
    const all: PgRow[] = [];
    for (let rows = await flight.nextRows(); rows !== undefined; rows = await flight.nextRows())
      all.push(...rows);
    const end = await flight.end();
    if (end.kind === 'failed') throw new PostgresError(end.fault.code, end.fault.message, text);
    return all;
  }

  /** Runs a script of several statements without parameters. */
  async script(text: string): Promise<void> {
    await this.#client.query(text);
  }

  async close(): Promise<void> {
    if (this.#lost === undefined) await this.#client.end();
    else this.#client.connection.stream.destroy();
  }

  #remember(name: string, whole: boolean): void {
    // A failed flight may have stopped before or after it prepared the name: forgetting it is right in both cases.
    if (!this.#prepared.delete(name) && !whole) this.#closing.push(name);
    else this.#prepared.add(name);
    const oldest = this.#prepared.size > MAX_PREPARED ? this.#prepared.values().next().value : undefined;
    if (oldest === undefined) return;
    this.#prepared.delete(oldest);
    this.#closing.push(oldest);
  }
}

/** A fault in a statement of our own: never the client's doing. */
export class PostgresError extends Error {
  readonly code: string;

  constructor(code: string, message: string, statement: string) {
    super(`${message} (SQLSTATE ${code}) in: ${statement}`);
    this.name = 'PostgresError';
    this.code = code;
  }
}
