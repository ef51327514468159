import { once } from 'node:events';
import { Connection, Request } from 'tedious';
import type { ConnectionConfiguration, ConnectionOptions } from 'tedious';
import { onTestFinished } from 'vitest';
import { Faults } from '../../../dev/sqlserver/faults.ts';
import { selfSignedCertificate } from '../../../dev/sqlserver/wire/self-signed-certificate.ts';
import type { Certificate } from '../../../dev/sqlserver/wire/self-signed-certificate.ts';
import { serveTds } from '../../../dev/sqlserver/wire/serve-tds.ts';
import type { ScriptedEngine } from './wire-scripted-engine.ts';

/** A running wire over a scripted engine; it ends with the test. */
export interface World {
  port: number;
  faults: Faults;
  identity: Certificate;
  engine: ScriptedEngine;
  /** What the server reported. */
  reports: string[];
  connect(options?: ConnectionOptions, authentication?: Authentication): Promise<Connection>;
  close(): Promise<void>;
}

export async function aWire(engine: ScriptedEngine, patienceMs = 15_000): Promise<World> {
  const faults = new Faults();
  const identity = selfSignedCertificate();
  const reports: string[] = [];
  const server = await serveTds({
    engine,
    faults,
    identity,
    port: 0,
    patienceMs,
    report: (fault) => reports.push(fault.message),
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= server.close());
  onTestFinished(close);
  const { port } = server;
  return {
    port,
    close,
    faults,
    identity,
    engine,
    reports,
    connect: (options = {}, authentication = byPassword) => connectTo(port, options, authentication),
  };
}

type Authentication = NonNullable<ConnectionConfiguration['authentication']>;

const byPassword: Authentication = {
  type: 'default',
  options: { userName: 'sa', password: 'Pässword₤1' },
};

async function connectTo(
  port: number,
  options: ConnectionOptions,
  authentication: Authentication,
): Promise<Connection> {
  const config: ConnectionConfiguration = {
    server: 'localhost',
    authentication,
    options: { port, database: 'erp', encrypt: false, trustServerCertificate: true, ...options },
  };
  const connection = new Connection(config);
  onTestFinished(() => connection.close());
  // A connection that the server ends says so beside its request, which is what the tests look at.
  connection.on('error', () => undefined);
  connection.connect();
  const [error] = (await once(connection, 'connect')) as [Error | undefined];
  if (error !== undefined) throw error;
  return connection;
}

export interface Result {
  /** The values of each row. */
  rows: unknown[][];
  columns: string[];
  rowCount: number;
  outputs: Record<string, unknown>;
}

/** Runs a statement with what `prepare` adds to the request. */
export function query(
  connection: Connection,
  text: string,
  prepare: (request: Request) => void = () => undefined,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const result: Result = { rows: [], columns: [], rowCount: 0, outputs: {} };
    const request = new Request(text, (error, rowCount) => {
      if (error) reject(error);
      else resolve({ ...result, rowCount: rowCount ?? 0 });
    });
    request.on('columnMetadata', (columns) => {
      result.columns.push(...Object.values(columns).map(({ colName }) => colName));
    });
    request.on('row', (columns: { value: unknown }[]) => result.rows.push(columns.map(({ value }) => value)));
    request.on('returnValue', (name, value) => (result.outputs[name] = value));
    prepare(request);
    connection.execSql(request);
  });
}
