import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConnectionError } from 'tedious';
import { z } from 'zod';
import { migrate, previewMigration } from './adapters/mssql/migrations/migrate.ts';
import { ConfigError, controlDatabaseOf } from './config.ts';
import { ExpectedError } from './core/expected-error.ts';

const usage = `npm run migrate [-- --dry-run]

Creates the tables of the control database, or adds what is missing to those that are there. Drops, renames and narrows
nothing. CONTROL_DATABASE comes from the environment, else from local.settings.json.

  --dry-run   print the SQL that would run now, and change nothing`;

const upToDate = '-- Nothing to do: the control database is up to date.';

/** `npm run migrate`. Exit code 1 with a sentence when it cannot. */
async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { 'dry-run': { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log(usage);
  const connection = controlDatabaseOf({ ...localSettings(), ...process.env });
  if (values['dry-run']) {
    const statements = await previewMigration(connection);
    return statements.length === 0 ? console.log(upToDate) : show(statements);
  }
  let count = 0;
  await migrate(connection, {
    tell: (statement) => {
      count++;
      show([statement]);
    },
  });
  console.log(count === 0 ? upToDate : `-- Done: ${count} statements.`);
}

function show(statements: readonly string[]): void {
  for (const statement of statements) console.log(`${statement};\n`);
}

/** What `func start` and the local host would set. */
function localSettings(): Record<string, string> {
  const file = 'local.settings.json';
  if (!existsSync(file)) return {};
  try {
    const settings = z.object({ Values: z.record(z.string(), z.string()).optional() });
    return settings.parse(JSON.parse(readFileSync(file, 'utf8'))).Values ?? {};
  } catch {
    // The parser's own message would quote the text, which holds secrets.
    throw new ConfigError([`${file} must be JSON with an object "Values" of texts`]);
  }
}

function adviceFor({ message }: ConnectionError): string {
  return /certificate/i.test(message)
    ? 'TrustServerCertificate=True in CONTROL_DATABASE accepts a certificate that no authority signed.'
    : 'See to Server, Database, User Id and Password in CONTROL_DATABASE, and to the network path to the server.';
}

function tell(error: unknown): void {
  const badOption =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (badOption) console.error(`${error.message}\n\n${usage}`);
  else if (error instanceof ExpectedError) console.error(error.message);
  else if (error instanceof ConnectionError)
    console.error(`The control database cannot be opened: ${error.message}\n${adviceFor(error)}`);
  else console.error(error);
  process.exitCode = 1;
}

await run(process.argv.slice(2)).catch(tell);
