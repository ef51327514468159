import type { ConnectionConfiguration } from 'tedious';
import { ExpectedError } from '../../core/expected-error.ts';
import { refusedIdentity } from '../../core/refused-identity.ts';

const LOGIN_FAILED = 18_456;
const CANNOT_OPEN_DATABASE = 4060;

/**
 * The error of a connection that did not come about: a sentence that says what to grant where the server refused the
 * login for good, else as it is. `said` = what the server told meanwhile.
 */
export function refusedLogin(
  error: Error,
  said: readonly { number: number }[],
  { server, authentication, options }: ConnectionConfiguration,
): Error {
  const byPassword = authentication?.type === 'default';
  const clientId =
    authentication && 'clientId' in authentication.options ? (authentication.options.clientId ?? null) : null;
  if (error instanceof AggregateError) {
    for (const each of error.errors) {
      const found = refusedIdentity(each, clientId);
      if (found !== undefined) return found;
    }
  }
  const numbers = said.map(({ number: each }) => each);
  const number = numbers.find((each) => each === LOGIN_FAILED || each === CANNOT_OPEN_DATABASE);
  // What else it told is why, and may pass: a database that moves, a server that starts.
  if (number === undefined || numbers.some((each) => each !== number && each !== LOGIN_FAILED)) return error;
  const database = options?.database ?? 'master';
  const message = byPassword
    ? passwordRefused(number, database)
    : `The control database ${database} on ${server} refuses the identity ${clientId ?? 'of the app'} (${number}): ` +
      'npm run prepare-database makes it a user that may read and write.';
  return new ExpectedError('control_database_refused', message, { cause: error });
}

function passwordRefused(number: number, database: string): string {
  const grant =
    'It must be a user of the database (CREATE USER … FOR LOGIN …) with db_datareader and db_datawriter.';
  return number === CANNOT_OPEN_DATABASE
    ? `The login of CONTROL_DATABASE cannot open ${database} (${number}), or there is no such database. ${grant}`
    : `The server refuses the login of CONTROL_DATABASE (${number}): correct User Id and Password. ${grant}`;
}
