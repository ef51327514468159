import { ConnectionError } from 'tedious';
import { z } from 'zod';
import type { Identity } from './adapters/mssql/migrations/identity-user.ts';
import { migrate, scriptForNewDatabase } from './adapters/mssql/migrations/migrate.ts';
import { ConfigError, controlDatabaseOf } from './config.ts';
import { ExpectedError } from './core/expected-error.ts';
import { sqlConnectionOf } from './core/sql-connection.ts';
import { CommandFault, databaseCommand, isUntrusted, trustAdvice } from './database-command.ts';

const usage = `npm run prepare-database [-- --or-print]

After azd provision: creates or extends the tables of the control database, and makes the app's identity a user that may
read and write their rows. azd runs it with what the deployment has put out; by hand: azd env get-values. It signs in as
whoever is signed in to Azure (az login, azd auth login), or with the connection string in CONTROL_DATABASE; as the
identity of the machine it runs on with AZURE_TOKEN_CREDENTIALS=prod.

  --or-print   where the server cannot be reached from, end well and leave the script to somebody who can`;

const missing = 'is missing: it is an output of the deployment (azd env get-values)';
const outputs = z.object({
  VIGIA_SQL_HOST: z.string({ error: missing }).min(1, missing),
  VIGIA_SQL_DATABASE: z.string({ error: missing }).min(1, missing),
  VIGIA_IDENTITY_NAME: z.string({ error: missing }).min(1, missing),
  VIGIA_IDENTITY_CLIENT_ID: z.guid({ error: 'must be the client id of the app’s identity, a GUID' }),
});

interface Target {
  connection: string;
  /** None where the app signs in with a password. */
  identity: Identity | undefined;
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

async function prepare({ connection, identity }: Target, orPrint: boolean): Promise<void> {
  try {
    let count = 0;
    await migrate(connection, { identity, tell: () => count++ });
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
  const { VIGIA_SQL_HOST: server, VIGIA_SQL_DATABASE: database, ...identity } = read.data;
  return {
    connection:
      given ??
      `Server=${server};Database=${database};Authentication=Active Directory Default;Encrypt=True;Connect Timeout=30`,
    identity: { name: identity.VIGIA_IDENTITY_NAME, clientId: identity.VIGIA_IDENTITY_CLIENT_ID },
  };
}
