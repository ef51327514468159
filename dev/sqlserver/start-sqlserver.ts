import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../services/expected-error.ts';
import type { Engine } from './contract.ts';
import { createEngine } from './catalogue/create-engine.ts';
import { Faults } from './faults.ts';
import { startPostgres } from './postgres/start-postgres.ts';
import { serveFaultControl } from './serve-fault-control.ts';
import { selfSignedCertificate } from './wire/self-signed-certificate.ts';
import { serveTds } from './wire/serve-tds.ts';

export interface SqlServerOptions {
  /** On 127.0.0.1; 0 = any free one. */
  port: number;
  /** Made if it is missing; holds the databases, a log and the certificate that clients may trust. */
  dataDir: string;
  saPassword: string;
  /** Databases to create unless they are there. */
  databases?: readonly string[];
  /** Serves the faults to other processes; absent = not at all. */
  controlPort?: number;
  /** Absent = any free one. */
  postgresPort?: number;
}

export interface SqlServer {
  port: number;
  faults: Faults;
  /** The server's certificate as PEM: new at every start, and kept as certificate.pem in the data folder. */
  certificate: string;
  /** Resolves with a sentence about its end once the PostgreSQL beneath it has ended. */
  ended: Promise<string>;
  close(): Promise<void>;
}

/** Starts a local SQL Server. Throws ExpectedError for a folder that cannot be used, and stops what had started. */
export async function startSqlServer(options: SqlServerOptions): Promise<SqlServer> {
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await start(options, closing)), close };
  } catch (error) {
    await close();
    throw error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' ? portInUse(error) : error;
  }
}

function portInUse(cause: Error): ExpectedError {
  const port = 'port' in cause ? String(cause.port) : '';
  return new ExpectedError(
    `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or choose another.`,
    { cause },
  );
}

async function start(
  options: SqlServerOptions,
  closing: (() => Promise<void>)[],
): Promise<Omit<SqlServer, 'close'>> {
  const { port, dataDir, saPassword, databases = [], controlPort, postgresPort } = options;
  const postgres = await startPostgres({
    dataDir,
    ...(postgresPort === undefined ? {} : { port: postgresPort }),
  });
  closing.push(() => postgres.close());
  const engine = await createEngine(postgres.address, saPassword);
  closing.push(() => engine.close());
  await createDatabases(engine, saPassword, databases);
  const faults = new Faults();
  if (controlPort !== undefined) {
    const control = await serveFaultControl(controlPort, faults);
    closing.push(() => control.close());
  }
  const identity = selfSignedCertificate();
  writeFileSync(join(dataDir, 'certificate.pem'), identity.certificate);
  const report = (fault: Error): void => console.error(`sqlserver: a connection ended: ${fault.message}`);
  const server = await serveTds({ engine, faults, identity, port, report });
  closing.push(() => server.close());
  return { port: server.port, ended: postgres.ended, faults, certificate: identity.certificate };
}

async function createDatabases(engine: Engine, password: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const login = {
    user: 'sa',
    password,
    database: 'master',
    applicationName: 'start-sqlserver',
    hostName: '',
  };
  const outcome = await engine.login(login);
  if ('refused' in outcome) throw new Error(`sa cannot log in: ${outcome.refused.message}`);
  for (const name of names) {
    const text = `IF DB_ID(@name) IS NULL CREATE DATABASE [${name.replaceAll(']', ']]')}]`;
    const parameters = [
      { name: '@name', type: { name: 'nvarchar', length: 128 }, value: name, output: false },
    ] as const;
    for await (const event of outcome.session.run(text, parameters)) {
      if (event.kind === 'message' && event.message.severity > 10) throw new Error(event.message.message);
    }
  }
  await outcome.session.close();
}
