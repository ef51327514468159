import { sqlError } from '../errors.ts';
import type { DefinitionStatement, Statement } from '../parser/syntax.ts';
import { alterDatabase, createDatabase, dropDatabases } from './define-database.ts';
import { changePermission, changeRole, createLogin, createUser, dropUser } from './define-security.ts';
import type { DefinedObject } from './database-handle.ts';
import { executeScript } from '../session/execute-statement.ts';
import type { SessionContext } from '../session/session-context.ts';
import { isDatabaseDefinition, translateDefinition } from './translate-definition.ts';
import type { DatabaseDefinition } from './translate-definition.ts';
import type { Environment } from '../translation/translation.ts';
import type { Variables } from '../session/variables.ts';

export type Definition = DefinitionStatement & { line: number };

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

export function isDefinition(statement: Statement): statement is Definition {
  return definitions.includes(statement.kind);
}

/** Runs a definition. */
export async function executeDefinition(
  statement: Definition,
  context: SessionContext,
  variables: Variables,
): Promise<void> {
  if (isDatabaseDefinition(statement)) {
    return defineInDatabase(statement, context, variables);
  }
  switch (statement.kind) {
    case 'createDatabase':
      return createDatabase(statement, context);
    case 'dropDatabase':
      return dropDatabases(statement, context);
    case 'alterDatabase':
      return alterDatabase(statement, context);
    case 'createLogin':
    case 'alterLogin':
    case 'dropLogin':
      return createLogin(statement, context);
    case 'createUser':
      return createUser(statement, context);
    case 'dropUser':
      return dropUser(statement, context);
    case 'createRole':
    case 'alterRole':
      return changeRole(statement, context);
    case 'permission':
      return changePermission(statement, context);
  }
}

const verbs: Readonly<Record<DatabaseDefinition['kind'], string>> = {
  createTable: 'CREATE TABLE',
  alterTableAdd: 'ALTER TABLE',
  alterTableAlterColumn: 'ALTER TABLE ALTER COLUMN',
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
  const environment = await context.environment(variables.types);
  const texts = await translateDefinition(statement, environment, context.query);
  if (texts.length === 0) return;
  await executeScript(texts, context, {
    verb,
    target: target === undefined ? undefined : `${context.database.name}.dbo.${target}`,
  });
  await context.defined(isTemporary ? 'temporary' : definedObject(statement, environment));
}

/** The one table that the statement has changed, by the names that PostgreSQL knows; undefined for anything else. */
function definedObject(statement: DatabaseDefinition, { catalogue }: Environment): DefinedObject | undefined {
  if (!('table' in statement)) return undefined;
  const known = catalogue.find(statement.table);
  if (known !== undefined) return known;
  const schema = catalogue.schema(statement.table.schema);
  return schema === undefined ? undefined : { schema, name: statement.table.name };
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
  const { kind, line } = statement;
  if (kind === 'createTable' || kind === 'createSchema' || kind === 'createView') {
    return sqlError(262, [verb, context.database.name], line);
  }
  if (kind === 'dropTable') return sqlError(3701, ['drop', 'table', target ?? ''], line);
  return kind === 'dropView'
    ? sqlError(3701, ['drop', 'view', target ?? ''], line)
    : sqlError(1088, [target ?? ''], line);
}
