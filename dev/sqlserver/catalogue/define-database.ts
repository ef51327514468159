import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { DefinitionStatement } from '../parser/syntax.ts';
import { collationOf } from './collation-names.ts';
import type { DatabaseHandle } from './database-handle.ts';
import type { SessionContext } from '../session/session-context.ts';

type Of<K extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: K }> & { line: number };

const levels = [100, 110, 120, 130, 140, 150, 160];

export async function createDatabase(
  { database, collation, line }: Of<'createDatabase'>,
  context: SessionContext,
): Promise<void> {
  outsideTransaction('CREATE DATABASE', context);
  if (!context.identity.administrator) throw sqlError(262, ['CREATE DATABASE', context.database.name], line);
  if (collationOf(collation) !== 'ci_as')
    throw notSupported(`CREATE DATABASE with the collation ${collation}`, line);
  await context.server.databases.create(database);
}

export async function dropDatabases(
  { databases, ifExists }: Of<'dropDatabase'>,
  context: SessionContext,
): Promise<void> {
  outsideTransaction('DROP DATABASE', context);
  for (const name of databases) {
    const isThere = context.server.databases.find(name) !== undefined;
    if (!isThere && ifExists) continue;
    if (!context.identity.administrator) throw sqlError(3701, ['drop', 'database', name]);
    await context.server.databases.drop(name);
  }
}

export async function alterDatabase(statement: Of<'alterDatabase'>, context: SessionContext): Promise<void> {
  outsideTransaction('ALTER DATABASE', context);
  const { databases } = context.server;
  const handle = statement.database === undefined ? context.database : databases.find(statement.database);
  const isAllowed =
    context.identity.administrator || (handle === context.database && context.principal.isOwner);
  if (handle === undefined || !isAllowed) throw sqlError(5011, [statement.database ?? ''], statement.line);
  const { change } = statement;
  switch (change.kind) {
    case 'compatibilityLevel':
      if (!levels.includes(change.level)) throw sqlError(15048, [], statement.line);
      return databases.writeNote(handle, { ...handle.note, compatibilityLevel: change.level });
    case 'readCommittedSnapshot':
      return databases.writeNote(handle, { ...handle.note, readCommittedSnapshot: change.on });
    case 'allowSnapshotIsolation':
      return databases.writeNote(handle, { ...handle.note, allowSnapshotIsolation: change.on });
    case 'userAccess':
      if (change.access !== 'multi_user' && statement.rollbackImmediate) await expelOthers(handle, context);
      return;
    case 'recovery':
      return;
  }
}

/** WITH ROLLBACK IMMEDIATE: everybody else has to leave. */
async function expelOthers(handle: DatabaseHandle, context: SessionContext): Promise<void> {
  const others = [...handle.users].filter((user) => !user.isOf(context));
  await Promise.all(others.map((user) => user.expel()));
}

function outsideTransaction(verb: string, context: SessionContext): void {
  if (context.transaction.count > 0) throw sqlError(226, [verb]);
}
