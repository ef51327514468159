import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { DefinitionStatement, PermissionStatement, Statement } from '../parser/syntax.ts';
import type { SessionContext } from '../session/session-context.ts';
import { writtenName } from '../translation/translation.ts';
import { pgTable, quoteName } from './catalogue.ts';
import { defineTables } from './define-tables.ts';

export type Definition = DefinitionStatement & { line: number };
type Of<K extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: K }> & { line: number };

export function isDefinition(statement: Statement): statement is Definition {
  return /^(create|alter|drop|truncate|permission)/.test(statement.kind);
}

/** Runs a definition, if the session may. What lies outside the tables of one database takes no part in transactions. */
export async function executeDefinition(statement: Definition, context: SessionContext): Promise<void> {
  const { server, database, identity, principal, transaction } = context;
  const { databases, logins } = server;
  const { kind, line } = statement;
  const outsideTransaction = (verb: string): void => {
    if (transaction.count > 0) throw sqlError(226, [verb], line);
  };
  switch (kind) {
    case 'createDatabase':
      outsideTransaction('CREATE DATABASE');
      if (!identity.administrator) throw sqlError(262, ['CREATE DATABASE', 'master'], line);
      return databases.create(statement.database);
    case 'dropDatabase':
      outsideTransaction('DROP DATABASE');
      for (const name of statement.databases) {
        if (statement.ifExists && databases.find(name) === undefined) continue;
        if (!identity.administrator) throw sqlError(3701, ['drop', 'database', name], line);
        await databases.drop(name);
      }
      return;
    case 'alterDatabase':
      outsideTransaction('ALTER DATABASE');
      return alterDatabase(statement, context);
    case 'createLogin':
    case 'dropLogin':
      if (!identity.administrator) throw sqlError(15247, [], line);
      return kind === 'createLogin'
        ? logins.createLogin(statement.login, statement.password)
        : logins.dropLogin(statement.login);
    case 'createUser':
    case 'dropUser':
    case 'alterRole':
    case 'permission':
      if (!principal.isOwner) throw sqlError(15247, [], line);
      if (kind === 'createUser') return logins.createUser(database, statement.user, statement.whose);
      if (kind === 'dropUser') return dropUser(statement, context);
      return kind === 'alterRole' ? alterRole(statement, context) : changePermission(statement, context);
    case 'createTable':
    case 'alterTableAdd':
    case 'createIndex':
    case 'dropIndex':
    case 'dropTable':
    case 'truncateTable':
      return defineTables(statement, context);
  }
}

const levels = [100, 110, 120, 130, 140, 150, 160];

async function alterDatabase(
  { database: name, change, line }: Of<'alterDatabase'>,
  { server, identity, principal, database: current }: SessionContext,
): Promise<void> {
  const database = name === undefined ? current : server.databases.find(name);
  const isAllowed = identity.administrator || (database === current && principal.isOwner);
  if (database === undefined || !isAllowed) throw sqlError(5011, [name ?? ''], line);
  if (change.kind === 'compatibilityLevel' && !levels.includes(change.level)) throw sqlError(15048, [], line);
  const changed =
    change.kind === 'compatibilityLevel'
      ? { compatibilityLevel: change.level }
      : { readCommittedSnapshot: change.on };
  await server.databases.writeNote(database, { ...database.note, ...changed });
}

async function dropUser(
  { user, ifExists, line }: Of<'dropUser'>,
  { server, database }: SessionContext,
): Promise<void> {
  const role = await server.logins.roleOf(database, user);
  if (role !== undefined)
    return server.databases.administer(database, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  if (!ifExists) throw sqlError(15151, ['drop', 'user', user], line);
}

/** ALTER ROLE … ADD | DROP MEMBER, for the fixed roles that PostgreSQL has as well. */
async function alterRole(
  { role: wanted, change, member, line }: Of<'alterRole'>,
  { server, database }: SessionContext,
): Promise<void> {
  const role = new Map([
    ['db_owner', quoteName(database.ownerRole)],
    ['db_datareader', 'pg_read_all_data'],
    ['db_datawriter', 'pg_write_all_data'],
  ]).get(wanted.toLowerCase());
  if (role === undefined) throw notSupported(`the role ${wanted}`, line);
  const user = await server.logins.roleOf(database, member);
  if (user === undefined) throw sqlError(15151, ['add', 'principal', member], line);
  const text = change === 'add' ? `GRANT ${role} TO ${user}` : `REVOKE ${role} FROM ${user}`;
  await server.databases.administer(database, text);
}

/** The rights that PostgreSQL calls by the same names. One on the schema or database holds for the tables to come, too. */
const rights = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

async function changePermission(
  { action, permissions, on, to, line }: PermissionStatement & { line: number },
  context: SessionContext,
): Promise<void> {
  const { server, database } = context;
  const unknown = permissions.find((permission) => !rights.includes(permission));
  if (action === 'deny' || unknown !== undefined)
    throw notSupported(action === 'deny' ? 'DENY' : `the permission ${unknown}`, line);
  if (on?.kind === 'schema' && on.schema.toLowerCase() !== 'dbo')
    throw sqlError(15151, ['find', 'schema', on.schema], line);
  const change = `${action.toUpperCase()} ${permissions.join(', ')} ON`;
  const owner = quoteName(database.ownerRole);
  const changes = [
    `${change} ALL TABLES IN SCHEMA dbo`,
    `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} ${on ? 'IN SCHEMA dbo ' : ''}${change} TABLES`,
  ];
  if (on?.kind === 'object') {
    const table = (await context.environment(new Map())).catalogue.find(on.object);
    if (table === undefined) throw sqlError(15151, ['find', 'object', writtenName(on.object)], line);
    changes.splice(0, 2, `${change} ${pgTable(table)}`);
  }
  for (const user of to) {
    const role = await server.logins.roleOf(database, user);
    if (role === undefined) throw sqlError(15151, ['find', 'user', user], line);
    const texts = changes.map((text) => `${text} ${action === 'grant' ? 'TO' : 'FROM'} ${role}`);
    await server.databases.administer(database, texts.join('; '));
  }
}
