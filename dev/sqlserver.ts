import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { endOfCommand, untilAborted } from './services/end-of-command.ts';
import { ExpectedError } from './services/expected-error.ts';
import { readOptions, runCommand, wholeNumber } from './services/run-command.ts';
import { startSqlServer } from './sqlserver/start-sqlserver.ts';

const usage = `npm run sqlserver -- --data FOLDER --password PASSWORD [options]

  --data FOLDER        where the databases are kept; made if it is missing
  --password PASSWORD  the password of the login sa
  --port N             listens on 127.0.0.1:N (default 14330; 0 = any free port)
  --database NAME      creates this database unless it is there; may be given again
  --access-token L=T   lets the access token T log in as the login L, or as the identity with the client id L
                       (CREATE USER … WITH SID); may be given again
  --control-port N     takes faults for tests: POST /faults, DELETE /faults
  --postgres-port N    the PostgreSQL behind it (default: any free port)
  --help               this text`;

/** A server that has not closed by then is left to its guard, which ends with this process. */
const CLOSE_LIMIT_MS = 4_500;
const MOST = 65_535;

await runCommand(async () => {
  const ended = endOfCommand();
  const given = readOptions(
    {
      data: { type: 'string' },
      password: { type: 'string' },
      port: { type: 'string', default: '14330' },
      database: { type: 'string', multiple: true, default: [] },
      'access-token': { type: 'string', multiple: true, default: [] },
      'control-port': { type: 'string' },
      'postgres-port': { type: 'string' },
    },
    usage,
  );
  const portOf = (option: 'control-port' | 'postgres-port'): number | undefined =>
    given[option] === undefined ? undefined : wholeNumber(option, given[option], 1, MOST);
  if (given.data === undefined) throw new ExpectedError(`--data is missing.\n\n${usage}`);
  if (given.password === undefined) throw new ExpectedError(`--password is missing.\n\n${usage}`);
  const server = await startSqlServer({
    port: wholeNumber('port', given.port, 0, MOST),
    dataDir: given.data,
    saPassword: given.password,
    databases: given.database,
    accessTokens: Object.fromEntries(given['access-token'].map(loginAndToken)),
    controlPort: portOf('control-port'),
    postgresPort: portOf('postgres-port'),
  });
  console.log(`ready on 127.0.0.1:${server.port}`);
  // Tests run a few thousand statements, each through the same functions: those are compiled well sooner.
  setFlagsFromString('--invocation-count-for-turbofan=1000');
  // Young objects keep the room that the start took, and one thread clears it: what dies young is cleared faster than
  // others are woken to help, and more room would only be taken from the machine.
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-parallel-scavenge');
  await untilAborted(ended);
  await Promise.race([server.close(), sleep(CLOSE_LIMIT_MS)]);
  process.exit();
});

/** The token and its login, the other way round than they are given. */
function loginAndToken(given: string): readonly [token: string, login: string] {
  const [, login, token] = /^([^=]+)=(.+)$/.exec(given) ?? [];
  if (login === undefined || token === undefined)
    throw new ExpectedError('--access-token takes a login and its token as LOGIN=TOKEN.');
  return [token, login];
}
