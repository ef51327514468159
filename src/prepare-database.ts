import { ConnectionError } from 'tedious';
import { z } from 'zod';
import { RuleRefused, whileLetIn } from './adapters/azure/while-let-in.ts';
import { systemClock } from './adapters/clock/system-clock.ts';
import type { Identity } from './adapters/mssql/migrations/identity-user.ts';
import { migrate, scriptForNewDatabase } from './adapters/mssql/migrations/migrate.ts';
import { RefusedAddress } from './adapters/mssql/refused-address.ts';
import { ConfigError, controlDatabaseOf } from './config.ts';
import { ExpectedError } from './core/expected-error.ts';
import { ConnectionStringError, sqlConnectionOf } from './core/sql-connection.ts';
import { CommandFault, databaseCommand, isUntrusted, trustAdvice } from './database-command.ts';

const usage = `npm run prepare-database [-- --or-print]

After azd provision: creates or extends the tables of the control database, and makes the app's identity a user that may
read and write their rows. azd runs it with what the deployment has put out; by hand: azd env get-values. It signs in as
whoever is signed in to Azure (az login, azd auth login), or with the connection string in CONTROL_DATABASE; as the
identity of the machine it runs on with AZURE_TOKEN_CREDENTIALS=prod.

Where the server that the deployment created does not let this machine in, a rule of its firewall does meanwhile.

  --or-print   where the server cannot be reached from, end well and leave the script to somebody who can`;

const missing = 'is missing: it is an output of the deployment (azd env get-values)';
const outputs = z.object({
  VIGIA_SQL_HOST: z.string({ error: missing }).min(1, missing),
  VIGIA_SQL_DATABASE: z.string({ error: missing }).min(1, missing),
  VIGIA_IDENTITY_NAME: z.string({ error: missing }).min(1, missing),
  VIGIA_IDENTITY_CLIENT_ID: z.guid({ error: 'must be the client id of the app’s identity, a GUID' }),
  VIGIA_SQL_SERVER_ID: z.string().optional(),
});

interface Target {
  connection: string;
  /** None where the app signs in with a password. */
  identity: Identity | undefined;
  /** Of a server that the deployment created. */
  serverId?: string | undefined;
}

// Who runs this is a person, also on a machine that has an identity of its own.
process.env['AZURE_TOKEN_CREDENTIALS'] ||= 'dev';

await databaseCommand({
  usage,
  options: ['or-print'],
  whoMay:
    'Sign in as somebody with db_owner there: the Entra administrator of the server, or one whom it has given that role; the login of a CONTROL_DATABASE needs db_ddladmin, db_datareader and db_datawriter.',
  run: (asked) => prepare(targetOf(process.env), asked.has('or-print')),
});

async function prepare({ connection, identity, serverId }: Target, orPrint: boolean): Promise<void> {
  try {
    let count = 0;
    await throughFirewall(serverId, () => migrate(connection, { identity, tell: () => count++ }));
    console.log(`The control database is ready: ${count} statements.`);
  } catch (error) {
    if (error instanceof ExpectedError && identity !== undefined) throw signedInAsAnother(error);
    if (!(error instanceof ConnectionError)) throw error;
    if (isUntrusted(error))
      throw new CommandFault(`The control database cannot be opened: ${error.message}\n${trustAdvice}`, {
        cause: error,
      });
    console.log(scriptForNewDatabase(identity));
    const said = `The control database cannot be opened from here: ${error.message}\nRun npm run prepare-database from a network that reaches it, as somebody who may (az login); or, on a new database, the script above.`;
    if (!orPrint) throw new CommandFault(said, { cause: error });
    console.error(said);
  }
}

async function throughFirewall(serverId: string | undefined, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RefusedAddress) || !serverId) throw error;
    const { address } = error;
    const isRefused = (again: unknown) => again instanceof RefusedAddress && again.address === address;
    try {
      await whileLetIn({ serverId, address, isRefused, tell: console.error, clock: systemClock }, work);
    } catch (fault) {
      if (!(fault instanceof RuleRefused)) throw fault;
      console.error(fault.message);
      throw error;
    }
  }
}

/** In the words of a person's sign-in, not of the app's. */
function signedInAsAnother(error: ExpectedError): Error {
  if (error.code === 'identity_refused')
    return new CommandFault(
      'Nobody is signed in to Azure here: az login, as the administrator of the server.',
    );
  if (error.code !== 'control_database_refused') return error;
  return new CommandFault(
    'The server refuses who is signed in to Azure here (az account show): az login as its Entra administrator, or have that one make you a user of the database with db_owner.',
  );
}

function targetOf(environment: Readonly<Record<string, string | undefined>>): Target {
  // For a hook's secret that the environment does not have, azd gives its name.
  const isGiven = !['', 'CONTROL_DATABASE'].includes(environment['CONTROL_DATABASE']?.trim() ?? '');
  const given = isGiven ? controlDatabaseOf(environment) : undefined;
  if (given !== undefined && sqlConnectionOf(given).authentication?.type === 'default')
    return { connection: given, identity: undefined };
  const read = outputs.safeParse(environment);
  if (!read.success)
    throw new ConfigError(read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`));
  const { VIGIA_SQL_HOST, VIGIA_SQL_DATABASE, VIGIA_SQL_SERVER_ID } = read.data;
  const identity = { name: read.data.VIGIA_IDENTITY_NAME, clientId: read.data.VIGIA_IDENTITY_CLIENT_ID };
  if (given !== undefined) return { connection: given, identity };
  const connection = `Server=${quoted(VIGIA_SQL_HOST)};Database=${quoted(VIGIA_SQL_DATABASE)};Authentication=Active Directory Default;Encrypt=True;Connect Timeout=30`;
  requireAddress(connection);
  return { connection, identity, serverId: VIGIA_SQL_SERVER_ID };
}

/** The value of a key of a connection string, which may then hold anything. */
function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

function requireAddress(connection: string): void {
  try {
    sqlConnectionOf(connection);
  } catch (error) {
    if (!(error instanceof ConnectionStringError)) throw error;
    throw new ConfigError([`VIGIA_SQL_HOST must be the host of the server: ${error.message}`]);
  }
}
