import { Kysely, MssqlDialect } from 'kysely';
import { Pool } from 'tarn';
import { Connection, ISOLATION_LEVEL, Request, TYPES, type ConnectionConfiguration } from 'tedious';
import { sqlConnectionOf } from '../../core/sql-connection.ts';
import { refusedAddress } from './refused-address.ts';
import { refusedLogin } from './refused-login.ts';
import type { ControlSchema } from './schema.ts';
import { sqlErrorNumber } from './sql-error-number.ts';

const NO_TRANSACTION = 3903;

export interface ControlDatabaseOptions {
  /** ADO.NET connection string. */
  connection: string;
  /** Most connections at once. */
  maxConnections?: number;
  /** Time limit of one statement. */
  requestTimeoutMs?: number;
  /** How long a statement waits for a lock before error 1222. */
  lockTimeoutMs?: number;
}

/**
 * The control database. Connects when first used and closes what is idle for 30 s, so that an idle process holds
 * nothing. A connect error is given to whoever waits, at once; a refused login as an ExpectedError. `destroy()` closes it.
 */
export function openControlDatabase(options: ControlDatabaseOptions): Kysely<ControlSchema> {
  const { connection, maxConnections = 20, requestTimeoutMs = 30_000, lockTimeoutMs = 5_000 } = options;
  const { options: given, ...server } = sqlConnectionOf(connection);
  const opened = new Set<Connection>();
  const connectionFactory = () => {
    const created = new ControlConnection(
      { ...server, options: { ...given, requestTimeout: requestTimeoutMs } },
      lockTimeoutMs,
    );
    opened.add(created);
    return created;
  };
  return new Kysely<ControlSchema>({
    dialect: new MssqlDialect({
      tarn: {
        Pool: poolThatTestsAfterALoss(opened),
        options: { min: 0, max: maxConnections, idleTimeoutMillis: 30_000, propagateCreateError: true },
      },
      tedious: { Request, TYPES, ISOLATION_LEVEL, connectionFactory },
    }),
  });
}

/** Its sessions wait for locks no longer than told. Set in a batch: what sp_executesql sets ends with its call. */
class ControlConnection extends Connection {
  readonly #given: ConnectionConfiguration;
  readonly #lockTimeoutMs: number;

  constructor(given: ConnectionConfiguration, lockTimeoutMs: number) {
    super(given);
    this.#given = given;
    this.#lockTimeoutMs = lockTimeoutMs;
  }

  override connect(listener: (error?: Error) => void): void {
    const said: { number: number; message: string }[] = [];
    const note = ({ number, message }: { number: number; message: string }) => said.push({ number, message });
    this.on('errorMessage', note);
    super.connect((error) => {
      this.off('errorMessage', note);
      if (error) return listener(refusedAddress(error, said) ?? refusedLogin(error, said, this.#given));
      // Kysely has put a listener there that prints the loss of a connection; who uses it is told by its request.
      this.removeAllListeners('error').on('error', () => undefined);
      const set = new Request(`SET LOCK_TIMEOUT ${this.#lockTimeoutMs}`, (fault) => {
        if (fault) this.close();
        listener(fault ?? undefined);
      });
      this.execSqlBatch(set);
    });
  }

  /**
   * Never fails: whoever rolls back is to be told why, and a lost deadlock (1205) has rolled back already, which the
   * server answers with 3903. What else goes wrong ends the connection, and with it the transaction.
   */
  override rollbackTransaction(callback: (error: undefined) => void, name?: string): void {
    super.rollbackTransaction((error) => {
      if (error && sqlErrorNumber(error) !== NO_TRANSACTION) this.close();
      callback(undefined);
    }, name);
  }
}

/**
 * Kysely has each connection answer a query before each use: one round trip more per statement. This pool does so only
 * for connections that have not answered since one of its connections was last lost.
 */
function poolThatTestsAfterALoss(opened: Set<Connection>): typeof Pool {
  let lost = 0;
  const countLost = () => {
    for (const connection of opened) if (connection.closed && opened.delete(connection)) lost++;
    return lost;
  };
  return class<T> extends Pool<T> {
    readonly #testedAt = new Map<T, number>();

    override async _validateResource(resource: T): Promise<boolean> {
      const losses = countLost();
      if (this.#testedAt.get(resource) === losses) return true;
      const alive = await super._validateResource(resource);
      if (alive) this.#testedAt.set(resource, losses);
      return alive;
    }

    override _destroy(resource: T): Promise<void | T> {
      this.#testedAt.delete(resource);
      return super._destroy(resource);
    }
  };
}
