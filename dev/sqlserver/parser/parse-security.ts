import { parseName, parseObjectName } from './parse-names.ts';
import type { DatabaseChange, DefinitionStatement, PermissionStatement } from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

/** Statements on databases, logins, users, roles and permissions, by their first words. */
export const security: Readonly<Record<string, Parse<DefinitionStatement>>> = {
  'CREATE DATABASE': (tokens) => ({ kind: 'createDatabase', database: tokens.name() }),
  'ALTER DATABASE': (tokens) => ({
    kind: 'alterDatabase',
    database: tokens.accept('CURRENT') ? undefined : tokens.name(),
    change: parseDatabaseChange(tokens),
  }),
  'DROP DATABASE': (tokens) => ({
    kind: 'dropDatabase',
    ifExists: tokens.accept('IF EXISTS'),
    databases: tokens.list(parseName),
  }),
  'CREATE LOGIN': (tokens) => {
    const login = tokens.name();
    const password = tokens.expectThen('WITH PASSWORD =', () => tokens.kind('string').text);
    if (!tokens.accept(', CHECK_POLICY = OFF')) tokens.refuseIf(',', 'options of CREATE LOGIN');
    return { kind: 'createLogin', login, password };
  },
  'DROP LOGIN': (tokens) => ({ kind: 'dropLogin', login: tokens.name() }),
  /** Without FOR LOGIN a user belongs to the login of the same name. */
  'CREATE USER': (tokens) => {
    const user = tokens.name();
    const login = tokens.acceptOneOf('FOR LOGIN', 'FROM LOGIN') ? tokens.name() : user;
    return { kind: 'createUser', user, login };
  },
  'DROP USER': (tokens) => ({ kind: 'dropUser', ifExists: tokens.accept('IF EXISTS'), user: tokens.name() }),
  'ALTER ROLE': (tokens) => ({
    kind: 'alterRole',
    role: tokens.name(),
    change: tokens.choose({ 'ADD MEMBER': 'add', 'DROP MEMBER': 'drop' }) ?? tokens.fail(),
    member: tokens.name(),
  }),
  GRANT: (tokens) => parsePermission(tokens, 'grant'),
  DENY: (tokens) => parsePermission(tokens, 'deny'),
  REVOKE: (tokens) => parsePermission(tokens, 'revoke'),
};

function parseDatabaseChange(tokens: TokenStream): DatabaseChange {
  if (tokens.accept('SET COMPATIBILITY_LEVEL =')) {
    return { kind: 'compatibilityLevel', level: tokens.wholeNumber() };
  }
  if (!tokens.accept('SET READ_COMMITTED_SNAPSHOT')) return tokens.refuse('this change of ALTER DATABASE');
  return { kind: 'readCommittedSnapshot', on: tokens.expectOneOf('ON', 'OFF') === 'ON' };
}

function parsePermission(tokens: TokenStream, action: PermissionStatement['action']): PermissionStatement {
  const permissions = tokens.list(parsePermissionName);
  const on = tokens.after('ON', parseSecurable);
  if (action !== 'revoke') tokens.expect('TO');
  else tokens.expectOneOf('FROM', 'TO');
  const to = tokens.list(() => (tokens.sees('PUBLIC') ? tokens.next().text : tokens.name()));
  return { kind: 'permission', action, permissions, on, to };
}

function parsePermissionName(tokens: TokenStream): string {
  const { text } = tokens.current;
  const permission = tokens.acceptOneOf('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CONTROL', 'ALTER');
  tokens.refuseIf('(', 'permissions on columns');
  return permission ?? (tokens.seesKind('word') ? tokens.refuse(`the permission ${text}`) : tokens.fail());
}

function parseSecurable(tokens: TokenStream): PermissionStatement['on'] {
  if (tokens.accept('SCHEMA ::')) return { kind: 'schema', schema: tokens.name() };
  if (tokens.sees('::', 1) && !tokens.accept('OBJECT ::'))
    tokens.refuse(`permissions on ${tokens.current.text}`);
  const object = parseObjectName(tokens);
  tokens.refuseIf('(', 'permissions on columns');
  return { kind: 'object', object };
}
