import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { DefinitionStatement } from '../parser/syntax.ts';
import { pgTable, quoteName } from './catalogue.ts';
import type { SessionContext } from '../session/session-context.ts';
import { Translation } from '../translation/translation.ts';

type Of<K extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: K }> & { line: number };

export async function createLogin(
  statement: Of<'createLogin' | 'alterLogin' | 'dropLogin'>,
  { server, identity }: SessionContext,
): Promise<void> {
  const { logins, databases } = server;
  const { login, line } = statement;
  if (!identity.administrator) throw sqlError(15247, [], line);
  switch (statement.kind) {
    case 'createLogin': {
      const database = statement.defaultDatabase ?? 'master';
      if (databases.find(database) === undefined) throw sqlError(15010, [database], line);
      return logins.createLogin(login, statement.password, database);
    }
    case 'alterLogin':
      return logins.alterLogin(login, statement.change);
    case 'dropLogin':
      return logins.dropLogin(login);
  }
}

export async function createUser(
  { user, login, line }: Of<'createUser'>,
  context: SessionContext,
): Promise<void> {
  ownerOnly(context, line);
  const { server, database } = context;
  await server.logins.createUser(database, user, login);
}

export async function dropUser(
  { user, ifExists, line }: Of<'dropUser'>,
  context: SessionContext,
): Promise<void> {
  ownerOnly(context, line);
  const script = await context.server.logins.dropUser(context.database, user, ifExists);
  if (script !== undefined) await context.server.databases.administer(context.database, script);
}

/** ALTER ROLE … ADD | DROP MEMBER, for the fixed roles. */
export async function changeRole(
  statement: Of<'createRole' | 'alterRole'>,
  context: SessionContext,
): Promise<void> {
  const { role, line } = statement;
  if (statement.kind === 'createRole') throw notSupported(`CREATE ROLE ${role}`, line);
  const { change, member, server: isServerRole } = statement;
  const { logins, databases } = context.server;
  if (isServerRole) {
    if (!context.identity.administrator) throw sqlError(15151, ['alter', 'server role', role], line);
    if (role.toLowerCase() !== 'sysadmin') throw notSupported(`the server role ${role}`, line);
    return logins.alterLogin(member, { administrator: change === 'add' });
  }
  ownerOnly(context, line);
  const user = await logins.roleOf(context.database, member);
  const granted = fixedRole(role, context, line);
  await databases.administer(
    context.database,
    change === 'add' ? `GRANT ${granted} TO ${user}` : `REVOKE ${granted} FROM ${user}`,
  );
}

function fixedRole(role: string, { database }: SessionContext, line: number): string {
  switch (role.toLowerCase()) {
    case 'db_owner':
    case 'db_ddladmin':
      return quoteName(database.ownerRole);
    case 'db_datareader':
      return 'pg_read_all_data';
    case 'db_datawriter':
      return 'pg_write_all_data';
    default:
      throw notSupported(`the role ${role}`, line);
  }
}

const onTables = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES'];
/** Rights that everybody has here anyway. */
const harmless = ['CONNECT', 'VIEW DEFINITION', 'VIEW DATABASE STATE', 'SHOWPLAN', 'EXECUTE'];

export async function changePermission(statement: Of<'permission'>, context: SessionContext): Promise<void> {
  const { action, permissions, on, to, line } = statement;
  ownerOnly(context, line);
  if (action === 'deny') throw notSupported('DENY', line);
  const { logins, databases } = context.server;
  const wanted = permissions.filter((permission) => !harmless.includes(permission));
  const unknown = wanted.find((permission) => !onTables.includes(permission));
  if (unknown !== undefined) throw notSupported(`the permission ${unknown}`, line);
  if (wanted.length === 0) return;
  const place =
    on?.kind === 'object'
      ? await tableText(on.object, context, line)
      : `ALL TABLES IN SCHEMA ${schemaText(on, context, line)}`;
  for (const user of to) {
    const role = await logins.roleOf(context.database, user);
    const words = action === 'grant' ? 'TO' : 'FROM';
    const texts = [`${action.toUpperCase()} ${wanted.join(', ')} ON ${place} ${words} ${role}`];
    // A right on the schema holds for the tables to come, too.
    if (on?.kind !== 'object') {
      const owner = quoteName(context.database.ownerRole);
      const schema =
        on === undefined || on.kind === 'database' ? '' : ` IN SCHEMA ${schemaText(on, context, line)}`;
      texts.push(
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner}${schema} ${action.toUpperCase()} ${wanted.join(', ')} ON TABLES ${words} ${role}`,
      );
    }
    await databases.administer(context.database, texts.join('; '));
  }
}

async function tableText(
  name: Parameters<Translation['table']>[0],
  context: SessionContext,
  line: number,
): Promise<string> {
  const environment = await context.environment(new Map());
  return pgTable(new Translation(environment).table(name, line));
}

function schemaText(on: Of<'permission'>['on'], context: SessionContext, line: number): string {
  if (on === undefined || on.kind === 'database') return 'dbo';
  if (on.kind !== 'schema' || on.schema.toLowerCase() !== 'dbo')
    throw notSupported(`a permission in ${context.database.name} on another schema than dbo`, line);
  return 'dbo';
}

function ownerOnly({ principal, database }: SessionContext, line: number): void {
  if (!principal.isOwner) throw sqlError(15247, [database.name], line);
}
