import { after, choice, constant, flag, list, node, optional, shape } from './grammar.ts';
import { name, objectName, string, wholeNumber } from './names.ts';
import type { TokenStream } from './token-stream.ts';

const ifExists = flag('IF EXISTS');

/** Statements on databases, logins, users, roles and permissions, by their first words. */
export const security = {
  'CREATE DATABASE': node('createDatabase', { database: name }),
  'ALTER DATABASE': node('alterDatabase', { database: databaseOrCurrent, change: parseDatabaseChange }),
  'DROP DATABASE': node('dropDatabase', { ifExists, databases: list(name) }),
  'CREATE LOGIN': node('createLogin', { login: name, password: after('WITH PASSWORD =', parsePassword) }),
  'DROP LOGIN': node('dropLogin', { login: name }),
  'CREATE USER': (tokens: TokenStream) => {
    const user = tokens.name();
    return { kind: 'createUser' as const, user, whose: parseWhose(tokens) ?? { login: user } };
  },
  'DROP USER': node('dropUser', { ifExists, user: name }),
  'ALTER ROLE': node('alterRole', {
    role: name,
    change: choice({ 'ADD MEMBER': 'add', 'DROP MEMBER': 'drop' }),
    member: name,
  }),
  GRANT: permission('grant', 'TO'),
  DENY: permission('deny', 'TO'),
  REVOKE: permission('revoke', 'FROM'),
};

/** Absent for ALTER DATABASE CURRENT. */
function databaseOrCurrent(tokens: TokenStream): string | undefined {
  return tokens.accept('CURRENT') ? undefined : tokens.name();
}

const databaseChanges = {
  'SET COMPATIBILITY_LEVEL =': node('compatibilityLevel', { level: wholeNumber }),
  'SET READ_COMMITTED_SNAPSHOT': node('readCommittedSnapshot', { on: choice({ ON: true, OFF: false }) }),
};

function parseDatabaseChange(tokens: TokenStream) {
  return (tokens.choose(databaseChanges) ?? tokens.refuse('this change of ALTER DATABASE'))(tokens);
}

function parsePassword(tokens: TokenStream): string {
  const password = string(tokens);
  if (!tokens.accept(', CHECK_POLICY = OFF')) tokens.refuseIf(',', 'options of CREATE LOGIN');
  return password;
}

/** Whose the user is: the login's of the same name, where nothing is said. */
function parseWhose(tokens: TokenStream) {
  if (tokens.accept('FOR LOGIN')) return { login: tokens.name() };
  return tokens.accept('WITH SID =') ? identity(tokens) : undefined;
}

/** A user or an application of Entra (E), or a group (X); nobody asks a directory for it. */
const identity = shape({
  sid: (tokens: TokenStream) => tokens.kind('binary').text.slice(2).toUpperCase(),
  type: after(', TYPE =', choice({ E: 'E', X: 'X' })),
});

/** Without ON it is the whole database's. */
function permission<const Action extends string>(action: Action, direction: 'TO' | 'FROM') {
  return node('permission', {
    action: constant(action),
    permissions: list(parsePermissionName),
    on: optional('ON', parseSecurable),
    to: after(direction, list(parsePrincipal)),
  });
}

function parsePermissionName(tokens: TokenStream): string {
  const { text, kind } = tokens.current;
  const found = tokens.acceptOneOf('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CONTROL', 'ALTER');
  tokens.refuseIf('(', 'permissions on columns');
  return found ?? (kind === 'word' ? tokens.refuse(`the permission ${text}`) : tokens.fail());
}

function parseSecurable(tokens: TokenStream) {
  if (tokens.accept('SCHEMA ::')) return { kind: 'schema' as const, schema: tokens.name() };
  if (tokens.sees('::', 1) && !tokens.accept('OBJECT ::'))
    tokens.refuse(`permissions on ${tokens.current.text}`);
  const object = objectName(tokens);
  tokens.refuseIf('(', 'permissions on columns');
  return { kind: 'object' as const, object };
}

function parsePrincipal(tokens: TokenStream): string {
  return tokens.sees('PUBLIC') ? tokens.next().text : tokens.name();
}
