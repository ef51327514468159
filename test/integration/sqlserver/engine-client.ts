import { randomBytes } from 'node:crypto';
import { Connection, Request, TYPES } from 'tedious';
import { afterAll, beforeAll } from 'vitest';
import { sqlConnectionOf } from '../../../src/core/sql-connection.ts';
import { serverConnection } from '../../support/control-database.ts';

export interface SqlAnswer {
  /** Rows of each result, with their values in order. */
  results: unknown[][][];
  /** The columns of each result: name, type as tedious says it (without the N of nullable ones), nullable. */
  columns: { name: string; type: string; nullable: boolean }[][];
  /** Rows that each statement says it touched. */
  counts: number[];
  errors: { number: number; message: string }[];
  infos: { number: number; message: string }[];
}

type Value = string | number | boolean | Buffer | null;

/** A connection of tedious that tells all that a batch answers, and does not stop at its first error. */
export class SqlClient implements AsyncDisposable {
  readonly #connection: Connection;
  #request: Request | undefined;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static async open(database: string, as?: { user: string; password: string }): Promise<SqlClient> {
    const config = sqlConnectionOf(serverConnection(database));
    const login = as && {
      authentication: { type: 'default' as const, options: { userName: as.user, password: as.password } },
    };
    const connection = new Connection({ ...config, ...login });
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    return new SqlClient(connection);
  }

  /** As a batch; with parameters as sp_executesql. */
  run(text: string, parameters?: Readonly<Record<string, Value>>): Promise<SqlAnswer> {
    const answer: SqlAnswer = { results: [], columns: [], counts: [], errors: [], infos: [] };
    const onError = ({ number, message }: { number: number; message: string }) =>
      answer.errors.push({ number, message });
    const onInfo = ({ number, message }: { number: number; message: string }) =>
      answer.infos.push({ number, message });
    return new Promise((resolve) => {
      const request = new Request(text, () => {
        this.#connection.off('errorMessage', onError);
        this.#connection.off('infoMessage', onInfo);
        resolve(answer);
      });
      this.#request = request;
      this.#connection.on('errorMessage', onError);
      this.#connection.on('infoMessage', onInfo);
      listen(request, answer);
      for (const [name, value] of Object.entries(parameters ?? {}))
        request.addParameter(name, typeOf(value), value);
      if (parameters === undefined) this.#connection.execSqlBatch(request);
      else this.#connection.execSql(request);
    });
  }

  /** The rows of the only result; an error is thrown. */
  async rows(text: string, parameters?: Readonly<Record<string, Value>>): Promise<unknown[][]> {
    const { results, errors } = await this.run(text, parameters);
    const [error] = errors;
    if (error !== undefined) throw new Error(`${error.number}: ${error.message}`);
    return results[0] ?? [];
  }

  /** The status that a procedure returns, called by its name rather than by EXECUTE. */
  call(procedure: string, parameters: Readonly<Record<string, Value>>): Promise<number> {
    return new Promise((resolve, reject) => {
      let returned = Number.NaN;
      const request = new Request(procedure, (error) => (error ? reject(error) : resolve(returned)));
      request.on('doneProc', (_count, _more, status: number) => (returned = status));
      for (const [name, value] of Object.entries(parameters))
        request.addParameter(name, typeOf(value), value);
      this.#connection.callProcedure(request);
    });
  }

  async number(text: string): Promise<number | undefined> {
    return (await this.run(text)).errors[0]?.number;
  }

  cancel(): void {
    this.#request?.cancel();
  }

  reset(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.reset((error) => (error ? reject(error) : resolve()));
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#connection.once('end', () => resolve()));
    this.#connection.close();
    return ended;
  }
}

function listen(request: Request, answer: SqlAnswer): void {
  request.on('columnMetadata', (columns) => {
    if (!Array.isArray(columns)) throw new TypeError('Columns come by name');
    answer.results.push([]);
    answer.columns.push(
      columns.map(({ colName, type, flags }) => ({
        name: colName,
        type: type.name.replace(/N$/, ''),
        nullable: (flags & 1) === 1,
      })),
    );
  });
  request.on('row', (row: readonly { value: unknown }[]) =>
    answer.results.at(-1)?.push(row.map(({ value }) => value)),
  );
  const counted = (count: number | undefined): void => {
    if (count !== undefined) answer.counts.push(count);
  };
  request.on('done', counted);
  request.on('doneInProc', counted);
}

function typeOf(value: Value) {
  if (typeof value === 'number') return TYPES.Int;
  if (typeof value === 'boolean') return TYPES.Bit;
  return Buffer.isBuffer(value) ? TYPES.VarBinary : TYPES.NVarChar;
}

/** Rows whose order the statement leaves open. */
export function inOrder(rows: readonly unknown[][]): unknown[][] {
  return rows.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])));
}

/** A database of the test file's own: its name, and clients of it. */
export function ownDatabase(): {
  name: string;
  client(as?: { user: string; password: string }): Promise<SqlClient>;
} {
  const name = `engine_${randomBytes(6).toString('hex')}`;
  beforeAll(async () => {
    await using master = await SqlClient.open('master');
    await master.rows(`CREATE DATABASE ${name}`);
  });
  afterAll(async () => {
    await using master = await SqlClient.open('master');
    await master.rows(`DROP DATABASE ${name}`);
  });
  return { name, client: (as) => SqlClient.open(name, as) };
}
