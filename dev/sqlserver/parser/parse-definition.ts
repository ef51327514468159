import { parseDataType } from './parse-data-type.ts';
import { parseObjectName } from './parse-names.ts';
import { parseNameList, parseSelectStatement } from './parse-query.ts';
import { parseAlterLogin, parseAlterRole, parseCreateLogin, parseCreateUser } from './parse-security.ts';
import { parseAlterDatabase, parseCreateDatabase } from './parse-database.ts';
import {
  acceptStorageOptions,
  parseConditionWithSource,
  parseIndexColumns,
  parseTableElements,
} from './parse-table-definition.ts';
import type { CreateIndex, DefinitionStatement } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** After the word CREATE. */
export function parseCreate(tokens: TokenStream): DefinitionStatement {
  if (tokens.accept('TABLE')) return parseCreateTable(tokens);
  if (tokens.seesOneOf('UNIQUE', 'CLUSTERED', 'NONCLUSTERED', 'INDEX')) return parseCreateIndex(tokens);
  if (tokens.accept('SCHEMA')) return parseCreateSchema(tokens);
  if (tokens.accept('VIEW')) return parseCreateView(tokens);
  if (tokens.accept('DATABASE')) return parseCreateDatabase(tokens);
  if (tokens.accept('LOGIN')) return parseCreateLogin(tokens);
  if (tokens.accept('USER')) return parseCreateUser(tokens);
  if (tokens.accept('ROLE')) return { kind: 'createRole', role: tokens.name() };
  return tokens.seesKind('word') ? tokens.refuse(`CREATE ${tokens.current.word}`) : tokens.fail();
}

function parseCreateTable(tokens: TokenStream): DefinitionStatement {
  const table = parseObjectName(tokens);
  const elements = tokens.bracketed(() => parseTableElements(tokens));
  acceptStorageOptions(tokens);
  return { kind: 'createTable', table, elements };
}

function parseCreateIndex(tokens: TokenStream): CreateIndex {
  const unique = tokens.accept('UNIQUE');
  const clustered = tokens.acceptOneOf('CLUSTERED', 'NONCLUSTERED') === 'CLUSTERED';
  if (tokens.sees('COLUMNSTORE')) tokens.refuse('columnstore indexes');
  tokens.expect('INDEX');
  const name = tokens.name();
  tokens.expect('ON');
  const table = parseObjectName(tokens);
  const columns = parseIndexColumns(tokens);
  const include = tokens.accept('INCLUDE') ? parseNameList(tokens) : [];
  const filter = tokens.accept('WHERE') ? parseConditionWithSource(tokens) : undefined;
  acceptStorageOptions(tokens);
  return {
    kind: 'createIndex',
    name,
    unique,
    clustered,
    table,
    columns,
    include,
    ...(filter && { where: filter.condition, whereSource: filter.source }),
  };
}

function parseCreateSchema(tokens: TokenStream): DefinitionStatement {
  const schema = tokens.name();
  if (tokens.accept('AUTHORIZATION')) tokens.name();
  if (tokens.seesOneOf('CREATE', 'GRANT', 'REVOKE', 'DENY')) tokens.refuse('statements inside CREATE SCHEMA');
  return { kind: 'createSchema', schema };
}

function parseCreateView(tokens: TokenStream): DefinitionStatement {
  const view = parseObjectName(tokens);
  const columns = tokens.sees('(') ? parseNameList(tokens) : undefined;
  if (tokens.sees('WITH')) tokens.refuse('view options');
  tokens.expect('AS');
  const select = parseSelectStatement(tokens);
  if (tokens.sees('WITH')) tokens.refuse('WITH CHECK OPTION');
  return { kind: 'createView', view, select, ...(columns && { columns }) };
}

/** After the word ALTER. */
export function parseAlter(tokens: TokenStream): DefinitionStatement {
  if (tokens.accept('TABLE')) return parseAlterTable(tokens);
  if (tokens.accept('DATABASE')) return parseAlterDatabase(tokens);
  if (tokens.accept('LOGIN')) return parseAlterLogin(tokens);
  if (tokens.accept('ROLE')) return parseAlterRole(tokens, false);
  if (tokens.accept('SERVER', 'ROLE')) return parseAlterRole(tokens, true);
  return tokens.seesKind('word') ? tokens.refuse(`ALTER ${tokens.current.word}`) : tokens.fail();
}

function parseAlterTable(tokens: TokenStream): DefinitionStatement {
  const table = parseObjectName(tokens);
  const withNoCheck = tokens.accept('WITH', 'NOCHECK');
  const checked = withNoCheck || tokens.accept('WITH', 'CHECK');
  if (tokens.accept('ADD'))
    return { kind: 'alterTableAdd', table, elements: parseTableElements(tokens), withNoCheck };
  if (checked) return tokens.refuse('ALTER TABLE … CHECK CONSTRAINT');
  if (tokens.accept('DROP')) return { kind: 'alterTableDrop', table, items: parseDroppedItems(tokens) };
  if (!tokens.accept('ALTER', 'COLUMN')) return tokens.refuse(`ALTER TABLE … ${tokens.near()}`);
  const column = tokens.name();
  if (tokens.seesOneOf('ADD', 'DROP')) tokens.refuse('ALTER COLUMN … ADD and DROP');
  const type = parseDataType(tokens, 'definition');
  const collation = tokens.accept('COLLATE') ? tokens.name() : undefined;
  const nullable = tokens.accept('NOT', 'NULL') ? false : tokens.accept('NULL') ? true : undefined;
  return {
    kind: 'alterTableAlterColumn',
    table,
    column,
    type,
    ...(collation !== undefined && { collation }),
    ...(nullable !== undefined && { nullable }),
  };
}

/** A list in which COLUMN and CONSTRAINT hold until the other one is said; a constraint is meant at first. */
function parseDroppedItems(
  tokens: TokenStream,
): { kind: 'column' | 'constraint'; name: string; ifExists: boolean }[] {
  let kind: 'column' | 'constraint' = 'constraint';
  return tokens.list(() => {
    const word = tokens.acceptOneOf('COLUMN', 'CONSTRAINT');
    if (word) kind = word === 'COLUMN' ? 'column' : 'constraint';
    const ifExists = tokens.accept('IF', 'EXISTS');
    return { kind, name: tokens.name(), ifExists };
  });
}

/** After the word DROP. */
export function parseDrop(tokens: TokenStream): DefinitionStatement {
  const what = tokens.acceptOneOf('TABLE', 'INDEX', 'VIEW', 'DATABASE', 'LOGIN', 'USER');
  if (!what) return tokens.seesKind('word') ? tokens.refuse(`DROP ${tokens.current.word}`) : tokens.fail();
  if (what === 'LOGIN') return { kind: 'dropLogin', login: tokens.name() };
  const ifExists = tokens.accept('IF', 'EXISTS');
  switch (what) {
    case 'TABLE':
      return { kind: 'dropTable', tables: tokens.list(() => parseObjectName(tokens)), ifExists };
    case 'VIEW':
      return { kind: 'dropView', views: tokens.list(() => parseObjectName(tokens)), ifExists };
    case 'DATABASE':
      return { kind: 'dropDatabase', databases: tokens.list(() => tokens.name()), ifExists };
    case 'USER':
      return { kind: 'dropUser', user: tokens.name(), ifExists };
    case 'INDEX': {
      const index = tokens.name();
      tokens.expect('ON');
      return { kind: 'dropIndex', index, table: parseObjectName(tokens), ifExists };
    }
  }
}
