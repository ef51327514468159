import type { Engine, Login, SqlSession } from '../contract.ts';
import { messageOf, sqlError } from '../errors.ts';
import { Databases } from './databases.ts';
import { Logins } from './logins.ts';
import { PostgresConnection } from '../session/postgres-connection.ts';
import type { PostgresAddress } from '../session/postgres-connection.ts';
import { Session } from '../session/session.ts';
import { SessionContext } from '../session/session-context.ts';
import type { Server } from '../session/session-context.ts';

/** Opens the engine on a PostgreSQL server of its own; prepares it when it is new. `sa` has all rights. */
export async function createEngine({
  pg,
  saPassword,
}: {
  pg: PostgresAddress;
  saPassword: string;
}): Promise<Engine> {
  const control = await PostgresConnection.open(pg, 'postgres');
  const databases = await Databases.open(pg, control);
  const server: Server = { address: pg, control, databases, logins: new Logins(control, saPassword) };
  const sessions = new Set<SqlSession>();
  return {
    login: (login) => admit(login, server, sessions),
    async close() {
      await Promise.all([...sessions].map((session) => session.close()));
      await control.close();
    },
  };
}

async function admit(login: Login, server: Server, sessions: Set<SqlSession>): ReturnType<Engine['login']> {
  const { databases, logins } = server;
  const found = await logins.check(login.user, login.password);
  if (found === undefined) return { refused: messageOf(sqlError(18456, [login.user]), 1) };
  const wanted = login.database === '' ? found.defaultDatabase : login.database;
  const database = databases.find(wanted);
  const principal = database === undefined ? undefined : await logins.principal(found, database);
  if (database === undefined || principal === undefined)
    return { refused: messageOf(sqlError(4060, [wanted]), 1) };
  const { name, administrator } = found;
  const identity = { name, administrator, host: login.hostName, application: login.applicationName };
  const session = new Session(await SessionContext.open(server, identity, database, principal));
  sessions.add(session);
  const close = session.close.bind(session);
  session.close = async () => {
    sessions.delete(session);
    await close();
  };
  return { session, database: database.name };
}
