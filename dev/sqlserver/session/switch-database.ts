import type { RequestEvent } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { SessionContext } from './session-context.ts';

/** USE. Throws 911, 916. */
export async function switchDatabase(name: string, context: SessionContext): Promise<RequestEvent[]> {
  const { server, identity, database, transaction } = context;
  const wanted = server.databases.find(name);
  if (wanted === undefined) throw sqlError(911, [name]);
  const previous = database.name;
  if (wanted !== database) {
    const principal = await server.logins.principal(identity, wanted);
    if (principal === undefined) throw sqlError(916, [identity.name, wanted.name]);
    if (transaction.count > 0) throw notSupported('USE inside a transaction');
    await context.use(wanted, principal);
  }
  return [{ kind: 'database', name: wanted.name, previous }];
}
