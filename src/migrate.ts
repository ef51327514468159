import { existsSync, readFileSync } from 'node:fs';
import { ConnectionError } from 'tedious';
import { z } from 'zod';
import { migrate, previewMigration } from './adapters/mssql/migrations/migrate.ts';
import { ConfigError, controlDatabaseOf } from './config.ts';
import { CommandFault, databaseCommand, isUntrusted, trustAdvice } from './database-command.ts';

const usage = `npm run migrate [-- --dry-run]

Creates the tables of the control database, or adds what is missing to those that are there. Drops, renames and narrows
nothing. CONTROL_DATABASE comes from the environment, else from local.settings.json.

  --dry-run   print the SQL that would run now, and change nothing`;

const upToDate = '-- Nothing to do: the control database is up to date.';

await databaseCommand({
  usage,
  options: ['dry-run'],
  whoMay:
    'The login of CONTROL_DATABASE needs db_ddladmin, db_datareader and db_datawriter for this; db_ddladmin may be taken away afterwards.',
  run: async (asked) => {
    const connection = controlDatabaseOf({ ...localSettings(), ...process.env });
    await (asked.has('dry-run') ? preview(connection) : change(connection)).catch((error: unknown) => {
      if (!(error instanceof ConnectionError)) throw error;
      throw new CommandFault(`The control database cannot be opened: ${error.message}\n${adviceFor(error)}`, {
        cause: error,
      });
    });
  },
});

async function preview(connection: string): Promise<void> {
  const statements = await previewMigration(connection);
  if (statements.length === 0) console.log(upToDate);
  else show(statements);
}

async function change(connection: string): Promise<void> {
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

function adviceFor(error: ConnectionError): string {
  return isUntrusted(error)
    ? trustAdvice
    : 'See to Server, Database, User Id and Password in CONTROL_DATABASE, and to the network path to the server.';
}
