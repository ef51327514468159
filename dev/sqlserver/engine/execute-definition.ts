import type { RequestEvent } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { DefinitionStatement, Statement } from '../parser/syntax.ts';
import { alterDatabase, createDatabase, dropDatabases } from './define-database.ts';
import { changePermission, changeRole, createLogin, createUser, dropUser } from './define-security.ts';
import { executeScript } from './execute-statement.ts';
import type { SessionContext } from './session-context.ts';
import { isDatabaseDefinition, translateDefinition } from './translate-definition.ts';
import type { DatabaseDefinition } from './translate-definition.ts';
import type { Variables } from './variables.ts';

const definitions: readonly string[] = [
  'createTable',
  'alterTableAdd',
  'alterTableAlterColumn',
  'alterTableDrop',
  'createIndex',
  'dropIndex',
  'dropTable',
  'truncateTable',
  'createSchema',
  'createView',
  'dropView',
  'createDatabase',
  'dropDatabase',
  'alterDatabase',
  'createLogin',
  'alterLogin',
  'dropLogin',
  'createUser',
  'dropUser',
  'createRole',
  'alterRole',
  'permission',
] satisfies DefinitionStatement['kind'][];

export function isDefinition(statement: Statement): statement is DefinitionStatement & { line: number } {
  return definitions.includes(statement.kind);
}

/** Runs a definition, and gives the events it has besides its end. */
export async function executeDefinition(
  statement: DefinitionStatement & { line: number },
  context: SessionContext,
  variables: Variables,
): Promise<readonly RequestEvent[]> {
  if (isDatabaseDefinition(statement)) {
    await defineInDatabase(statement, context, variables);
    return [];
  }
  switch (statement.kind) {
    case 'createDatabase':
      await createDatabase(statement, context);
      return [];
    case 'dropDatabase':
      await dropDatabases(statement, context);
      return [];
    case 'alterDatabase':
      await alterDatabase(statement, context);
      return [];
    case 'createLogin':
    case 'alterLogin':
    case 'dropLogin':
      await createLogin(statement, context);
      return [];
    case 'createUser':
      await createUser(statement, context);
      return [];
    case 'dropUser':
      await dropUser(statement, context);
      return [];
    case 'createRole':
    case 'alterRole':
      await changeRole(statement, context);
      return [];
    case 'permission':
      await changePermission(statement, context);
      return [];
  }
}

const verbs: Readonly<Record<DatabaseDefinition['kind'], string>> = {
  createTable: 'CREATE TABLE',
  alterTableAdd: 'ALTER TABLE',
  alterTableAlterColumn: 'ALTER TABLE',
  alterTableDrop: 'ALTER TABLE',
  createIndex: 'CREATE INDEX',
  dropIndex: 'DROP INDEX',
  dropTable: 'DROP TABLE',
  truncateTable: 'TRUNCATE TABLE',
  createSchema: 'CREATE SCHEMA',
  createView: 'CREATE VIEW',
  dropView: 'DROP VIEW',
};

async function defineInDatabase(
  statement: DatabaseDefinition,
  context: SessionContext,
  variables: Variables,
): Promise<void> {
  if (context.transaction.doomed) throw sqlError(3930);
  const target = targetOf(statement);
  const isTemporary = target?.startsWith('#') ?? false;
  const verb = verbs[statement.kind];
  if (!context.principal.isOwner && !isTemporary) throw refused(statement, verb, target, context);
  const { catalogue } = await context.names();
  const { temporaryTables, options } = context;
  const environment = {
    catalogue,
    temporaryTables,
    variables: variables.types,
    identityInsert: options.identityInsert,
  };
  const texts = await translateDefinition(statement, environment, context.query);
  if (texts.length === 0) return;
  await executeScript(texts, context, {
    verb,
    target: target === undefined ? undefined : `${context.database.name}.dbo.${target}`,
  });
  await context.defined(isTemporary);
}

function targetOf(statement: DatabaseDefinition): string | undefined {
  if ('table' in statement) return statement.table.name;
  return statement.kind === 'dropTable' ? statement.tables[0]?.name : undefined;
}

/** What somebody hears who does not own the database. PostgreSQL would refuse too. */
function refused(
  statement: DatabaseDefinition,
  verb: string,
  target: string | undefined,
  context: SessionContext,
) {
  switch (statement.kind) {
    case 'createTable':
    case 'createSchema':
    case 'createView':
      return sqlError(262, [verb, context.database.name], statement.line);
    case 'dropTable':
    case 'dropView':
      return sqlError(
        3701,
        ['drop', statement.kind === 'dropTable' ? 'table' : 'view', target ?? ''],
        statement.line,
      );
    default:
      return sqlError(1088, [target ?? ''], statement.line);
  }
}
