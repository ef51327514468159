/**
 * The line between the two halves of the local SQL Server: the wire (TDS in `wire/`) and the engine (T-SQL on
 * PostgreSQL). The wire knows bytes and no SQL; the engine knows SQL and no bytes.
 */

/** A SQL Server type as a value. `length` counts bytes for (var)char and (var)binary, UTF-16 units for n(var)char. */
export type SqlType =
  | { name: 'bit' | 'tinyint' | 'smallint' | 'int' | 'bigint' }
  | { name: 'real' | 'float' | 'money' | 'smallmoney' }
  | { name: 'decimal'; precision: number; scale: number }
  | { name: 'date' | 'datetime' | 'smalldatetime' }
  | { name: 'time' | 'datetime2' | 'datetimeoffset'; scale: number }
  | { name: 'char' | 'nchar'; length: number }
  | { name: 'varchar' | 'nvarchar'; length: number | 'max' }
  | { name: 'binary'; length: number }
  | { name: 'varbinary'; length: number | 'max' }
  | { name: 'uniqueidentifier' | 'rowversion' };

/**
 * A value between the halves: bit boolean; tinyint, smallint, int, real, float number; bigint bigint; decimal and money
 * decimal text; date `YYYY-MM-DD`; time `HH:mm:ss[.fffffff]`; datetime, smalldatetime, datetime2
 * `YYYY-MM-DD HH:mm:ss[.fffffff]`; datetimeoffset the local form followed by `+HH:mm`; character text; binary and
 * rowversion (8 bytes, big endian) Buffer; uniqueidentifier upper-case text.
 */
export type SqlValue = string | number | bigint | boolean | Buffer | null;

export interface Column {
  /** '' for an expression without a name. */
  name: string;
  type: SqlType;
  nullable: boolean;
  identity?: boolean;
}

export interface Parameter {
  /** With its `@`. */
  name: string;
  type: SqlType;
  value: SqlValue;
  output: boolean;
}

export interface SqlMessage {
  number: number;
  /** 0-10 informational, 11-16 the statement's fault, 17-25 the server's; 20 and above end the connection. */
  severity: number;
  state: number;
  message: string;
  line: number;
  procedure?: string;
}

/** What a running request tells, in order. Each statement ends with one `done`; `rowCount` absent = no count (DDL, SET, NOCOUNT ON). */
export type RequestEvent =
  | { kind: 'columns'; columns: readonly Column[] }
  | { kind: 'row'; values: readonly SqlValue[] }
  | { kind: 'done'; rowCount?: number; failed: boolean; isSelect: boolean }
  | { kind: 'message'; message: SqlMessage }
  /** ENVCHANGE material: the session's database, or its transaction, has changed. */
  | { kind: 'database'; name: string; previous: string }
  | { kind: 'transaction'; change: 'begin' | 'commit' | 'rollback'; descriptor: bigint }
  | { kind: 'output'; parameter: Parameter };

export type IsolationLevel = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable';

/** Hears what a running request tells. */
export interface Listener {
  tell(event: RequestEvent): void;
  /** Holds the request back while the client has much to read; asked for from time to time between rows. */
  room(): Promise<void> | undefined;
}

/** One client's session. Requests run one at a time and end when their promise does. */
export interface SqlSession {
  /** Runs a batch of statements; with parameters as sp_executesql does. Expected SQL faults are told, never thrown. */
  run(listener: Listener, text: string, parameters?: readonly Parameter[]): Promise<void>;
  /** The transaction-manager requests of TDS. `name` is the savepoint's for `save` and for a partial `rollback`. */
  transaction(
    listener: Listener,
    request:
      | { kind: 'begin'; isolation?: IsolationLevel; name?: string }
      | { kind: 'commit' }
      | { kind: 'rollback'; name?: string }
      | { kind: 'save'; name: string },
  ): Promise<void>;
  /** Ends the running request as soon as possible, without a further event. */
  cancel(): void;
  /** sp_reset_connection: rolls back, forgets SET options and database changes. */
  reset(keepTransaction: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface Login {
  user: string;
  password: string;
  /** Instead of user and password, which are '' then. */
  accessToken?: string;
  /** '' = the login's default database. */
  database: string;
  applicationName: string;
  hostName: string;
}

/** The engine as the wire sees it. A refused login is an answer (18456, 4060), not a throw. */
export interface Engine {
  login(login: Login): Promise<{ session: SqlSession; database: string } | { refused: SqlMessage }>;
  close(): Promise<void>;
}
