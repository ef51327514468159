import { parseArgs } from 'node:util';
import type { ConnectionError } from 'tedious';
import { sqlErrorNumber } from './adapters/mssql/sql-error-number.ts';
import { ExpectedError } from './core/expected-error.ts';

interface DatabaseCommand {
  usage: string;
  /** Names of the options, none of which takes a value. */
  options: readonly string[];
  /** Who may change the database. */
  whoMay: string;
  run: (asked: ReadonlySet<string>) => Promise<void>;
}

/** A fault whose message is all that a person needs. */
export class CommandFault extends Error {}

/** A command that changes the control database. What a person can mend is told without a stack; exit code 1. */
export async function databaseCommand({ usage, options, whoMay, run }: DatabaseCommand): Promise<void> {
  try {
    const flags = [...options, 'help'].map((name) => [name, { type: 'boolean' }] as const);
    const { values } = parseArgs({ options: Object.fromEntries(flags) });
    if (values['help'] === true) console.log(usage);
    else await run(new Set([...Object.keys(values), ...options.filter(isTakenByNpm)]));
  } catch (error) {
    const isOption =
      error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    console.error(isOption ? `${error.message}\n\n${usage}` : (sentenceFor(error, whoMay) ?? error));
    process.exitCode = 1;
  }
}

/**
 * npm takes options that stand before `--` as its own, and in PowerShell some versions of it swallow the `--`: a
 * `--dry-run` that gets lost there would change the database.
 */
function isTakenByNpm(option: string): boolean {
  return process.env[`npm_config_${option.replaceAll('-', '_')}`] === 'true';
}

/** A certificate that is not trusted came from a server that was reached. */
export function isUntrusted({ message }: ConnectionError): boolean {
  return /certificate/i.test(message);
}

export const trustAdvice =
  'TrustServerCertificate=True in CONTROL_DATABASE accepts a certificate that no authority signed.';

/** What the server says where a right is missing; of what one may not see it says that it is not there. */
const rights = new Set([229, 262, 297, 1088, 2760, 15151, 15247]);

function sentenceFor(error: unknown, whoMay: string): string | undefined {
  if (error instanceof ExpectedError || error instanceof CommandFault) return error.message;
  const first: unknown = Array.isArray(error) ? error[0] : error;
  if (!(first instanceof Error) || !rights.has(sqlErrorNumber(first) ?? 0)) return undefined;
  return `The control database does not let itself be changed: ${first.message}\n${whoMay}`;
}
