import type { Engine } from '../contract.ts';
import { messageOf, sqlError } from '../errors.ts';
import { PostgresConnection } from '../session/postgres-connection.ts';
import type { PostgresAddress } from '../session/postgres-connection.ts';
import { Session } from '../session/session.ts';
import { SessionContext } from '../session/session-context.ts';
import { Databases } from './databases.ts';
import { Logins } from './logins.ts';

/** Opens the engine on a PostgreSQL server of its own; prepares it when it is new. Sessions are their owners' to close. */
export async function createEngine(
  pg: PostgresAddress,
  saPassword: string,
  accessTokens: Readonly<Record<string, string>> = {},
): Promise<Engine> {
  const control = await PostgresConnection.open(pg, 'postgres');
  const databases = await Databases.open(pg, control);
  const logins = new Logins(control, saPassword, accessTokens);
  const server = { address: pg, control, databases, logins };
  return {
    async login(login) {
      const { user, accessToken, database: wanted, hostName: host, applicationName: application } = login;
      const account = await logins.check(login);
      const who = accessToken === undefined ? user : '<token-identified principal>';
      const database = databases.find(wanted || 'master');
      const principal = account && database && (await logins.principal(account, database));
      // An identity is known to the databases that have a user for it, and to nobody else.
      if (account === undefined || (account.sid !== undefined && database && principal === undefined))
        return { refused: messageOf(sqlError(18456, [who]), 1) };
      if (database === undefined || principal === undefined)
        return { refused: messageOf(sqlError(4060, [wanted]), 1) };
      const identity = { ...account, host, application };
      const session = new Session(await SessionContext.open(server, identity, database, principal));
      return { session, database: database.name };
    },
    close: () => control.close(),
  };
}
