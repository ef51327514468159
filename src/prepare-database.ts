import { parseArgs } from 'node:util';
import { ConnectionError } from 'tedious';
import { z } from 'zod';
import type { Identity } from './adapters/mssql/migrations/identity-user.ts';
import { migrate, scriptForNewDatabase } from './adapters/mssql/migrations/migrate.ts';
import { ConfigError } from './config.ts';
import { ExpectedError } from './core/expected-error.ts';
import { sqlConnectionOf } from './core/sql-connection.ts';

const usage = `npm run prepare-database [-- --or-print]

After azd provision: creates or extends the tables of the control database, and makes the app's identity a user that may
read and write their rows. azd runs it with what the deployment has put out; by hand: azd env get-values. It signs in as
whoever is signed in to Azure (az login), or with the connection string in CONTROL_DATABASE.

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

async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { 'or-print': { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log(usage);
  const target = targetOf(process.env);
  try {
    let count = 0;
    await migrate(target.connection, { identity: target.identity, tell: () => count++ });
    console.log(`The control database is ready: ${count} statements.`);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    console.log(scriptForNewDatabase(target.identity));
    const said = `The control database cannot be opened from here: ${error.message}\nRun npm run prepare-database from a network that reaches it, as somebody who may (az login); or, on a new database, the script above.`;
    if (!values['or-print']) throw new UnreachedDatabase(said, { cause: error });
    console.error(said);
  }
}

class UnreachedDatabase extends Error {}

function targetOf(environment: Readonly<Record<string, string | undefined>>): Target {
  const given = environment['CONTROL_DATABASE']?.trim();
  if (given && sqlConnectionOf(given).authentication?.type === 'default')
    return { connection: given, identity: undefined };
  const read = outputs.safeParse(environment);
  if (!read.success)
    throw new ConfigError(read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`));
  const { VIGIA_SQL_HOST: server, VIGIA_SQL_DATABASE: database, ...identity } = read.data;
  return {
    connection:
      given ||
      `Server=${server};Database=${database};Authentication=Active Directory Default;Encrypt=True;Connect Timeout=30`,
    identity: { name: identity.VIGIA_IDENTITY_NAME, clientId: identity.VIGIA_IDENTITY_CLIENT_ID },
  };
}

function tell(error: unknown): void {
  const badOption =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (badOption) console.error(`${error.message}\n\n${usage}`);
  else if (error instanceof ExpectedError || error instanceof UnreachedDatabase) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
}

await run(process.argv.slice(2)).catch(tell);
