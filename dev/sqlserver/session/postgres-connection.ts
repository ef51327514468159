import { Client } from 'pg';
import { Flight, Prepared } from './flight.ts';
import type { PgRow, Step } from './flight.ts';

/** Where the PostgreSQL behind the local SQL Server listens; `user` is its superuser. */
export interface PostgresAddress {
  host: string;
  port: number;
  user: string;
  password?: string;
}

/**
 * Whoever compares or prints does it alike in every session. The dead-lock check runs early, because tests wait for it.
 * Plans are kept whatever the parameters, as SQL Server keeps them: making one costs more than running most statements.
 */
const settings =
  'timezone=UTC datestyle=ISO,MDY intervalstyle=postgres bytea_output=hex jit=off client_min_messages=error ' +
  'deadlock_timeout=150ms search_path=pg_catalog plan_cache_mode=force_generic_plan';

/** One PostgreSQL connection that keeps the statements it has met prepared. */
export class PostgresConnection {
  readonly #client: Client;
  readonly #prepared = new Prepared();
  #ahead: Step[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(client: Client) {
    this.#client = client;
    // Whoever asks next hears of it.
    client.on('error', () => undefined);
  }

  static async open(address: PostgresAddress, database: string): Promise<PostgresConnection> {
    const options = settings.replaceAll(/\S+/g, '-c $&');
    const client = new Client({ ...address, database, options, application_name: 'local-sqlserver' });
    const connection = new PostgresConnection(client);
    await client.connect();
    return connection;
  }

  /** To be sent with the next flight, and before it: a statement that nobody waits for costs no round trip. */
  sendAhead(step: Step): void {
    this.#ahead.push(step);
  }

  /** Sends the steps at once; read the rows of `main` (an index into them) from the flight, or just wait for its end. */
  send(steps: readonly Step[], main: number): Flight {
    const ahead = this.#ahead;
    this.#ahead = [];
    return this.#client.query(new Flight([...ahead, ...steps], ahead.length + main, this.#prepared));
  }

  /** Runs one statement of our own and gives its rows; a PostgreSQL fault is thrown. Callers may overlap. */
  query(text: string): Promise<readonly PgRow[]> {
    const answer = this.#turn.then(async () => {
      const flight = this.send([{ text }], 0);
      const all: PgRow[] = [];
      await flight.end((rows) => void all.push(...rows));
      return all;
    });
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  /** Runs a script of several statements without parameters. */
  async script(text: string): Promise<void> {
    await this.#client.query(text);
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
