import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../services/expected-error.ts';
import type { Engine, RequestEvent } from './contract.ts';
import { Faults } from './faults.ts';
import { startPostgres } from './postgres/start-postgres.ts';

export interface SqlServerOptions {
  /** On 127.0.0.1; 0 = any free one. */
  port: number;
  /** Made if it is missing; holds the databases, a log and the certificate that clients may trust. */
  dataDir: string;
  saPassword: string;
  /** Access tokens that log in without a password, each with its login or the client id of its identity. */
  accessTokens?: Readonly<Record<string, string>>;
  /** Databases to create unless they are there. */
  databases?: readonly string[];
  /** Serves the faults to other processes; absent = not at all. */
  controlPort?: number | undefined;
  /** Absent = any free one. */
  postgresPort?: number | undefined;
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

/** Starts a local SQL Server. Throws ExpectedError for a folder or port that cannot be used, and stops what had started. */
export async function startSqlServer(options: SqlServerOptions): Promise<SqlServer> {
  const { port, dataDir, saPassword, databases = [], controlPort, postgresPort } = options;
  const closing: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const part of closing.splice(0).toReversed()) await part.close();
  };
  const opened = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    closing.push(part);
    return part;
  };
  try {
    // The rest is read while PostgreSQL starts.
    const [postgres, { createEngine }, { serveTds }, { selfSignedCertificate }] = await Promise.all([
      startPostgres(dataDir, postgresPort).then(opened),
      import('./catalogue/create-engine.ts'),
      import('./wire/serve-tds.ts'),
      import('./wire/self-signed-certificate.ts'),
    ]);
    const engine = opened(await createEngine(postgres.address, saPassword, options.accessTokens));
    for (const name of databases) await createDatabase(engine, saPassword, name);
    const faults = new Faults();
    if (controlPort !== undefined) {
      const { serveFaultControl } = await import('./serve-fault-control.ts');
      opened(await serveFaultControl(controlPort, faults));
    }
    const identity = selfSignedCertificate();
    writeFileSync(join(dataDir, 'certificate.pem'), identity.certificate);
    const report = (fault: Error): void => console.error(`sqlserver: a connection ended: ${fault.message}`);
    const server = opened(await serveTds({ engine, faults, identity, port, report }));
    return { port: server.port, faults, certificate: identity.certificate, ended: postgres.ended, close };
  } catch (cause) {
    await close();
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause;
    const busy = 'port' in cause ? String(cause.port) : '';
    const why = `Port ${busy} on 127.0.0.1 is in use. Stop what listens there, or choose another.`;
    throw new ExpectedError(why, { cause });
  }
}

async function createDatabase(engine: Engine, password: string, name: string): Promise<void> {
  const who = { applicationName: 'start-sqlserver', hostName: '' };
  const outcome = await engine.login({ user: 'sa', password, database: 'master', ...who });
  if ('refused' in outcome) throw new Error(outcome.refused.message);
  const text = `IF DB_ID(@name) IS NULL CREATE DATABASE [${name.replaceAll(']', ']]')}]`;
  const type = { name: 'nvarchar', length: 128 } as const;
  const tell = (event: RequestEvent): void => {
    if (event.kind === 'message' && event.message.severity > 10) throw new Error(event.message.message);
  };
  const listener = { tell, room: () => undefined };
  await outcome.session.run(listener, text, [{ name: '@name', type, value: name, output: false }]);
  await outcome.session.close();
}
