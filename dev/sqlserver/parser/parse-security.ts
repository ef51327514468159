import { parseOn } from './parse-database.ts';
import { parseObjectName } from './parse-names.ts';
import type { DefinitionStatement, PermissionStatement } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** After CREATE LOGIN. */
export function parseCreateLogin(tokens: TokenStream): DefinitionStatement {
  const login = tokens.name();
  if (!tokens.accept('WITH', 'PASSWORD')) return tokens.refuse('logins without a password');
  tokens.expect('=');
  const password = tokens.kind('string').text;
  if (tokens.seesOneOf('HASHED', 'MUST_CHANGE')) tokens.refuse(`PASSWORD … ${tokens.current.word}`);
  const options: { defaultDatabase?: string; checkPolicy?: boolean } = {};
  while (tokens.accept(',')) {
    const option = tokens.acceptOneOf('DEFAULT_DATABASE', 'CHECK_POLICY', 'CHECK_EXPIRATION');
    if (!option) return tokens.refuse(`the login option ${tokens.current.text}`);
    tokens.expect('=');
    if (option === 'DEFAULT_DATABASE') options.defaultDatabase = tokens.name();
    else if (option === 'CHECK_POLICY') options.checkPolicy = parseOn(tokens);
    else if (parseOn(tokens)) tokens.refuse('CHECK_EXPIRATION = ON');
  }
  return { kind: 'createLogin', login, password, ...options };
}

/** After ALTER LOGIN. */
export function parseAlterLogin(tokens: TokenStream): DefinitionStatement {
  const login = tokens.name();
  const enabled = tokens.acceptOneOf('ENABLE', 'DISABLE');
  if (enabled) return { kind: 'alterLogin', login, change: { enabled: enabled === 'ENABLE' } };
  if (!tokens.accept('WITH', 'PASSWORD')) return tokens.refuse('this change of a login');
  tokens.expect('=');
  return { kind: 'alterLogin', login, change: { password: tokens.kind('string').text } };
}

/** After CREATE USER. A user without FOR LOGIN belongs to the login of the same name. */
export function parseCreateUser(tokens: TokenStream): DefinitionStatement {
  const user = tokens.name();
  const withoutLogin = tokens.accept('WITHOUT', 'LOGIN');
  const named = !withoutLogin && tokens.acceptOneOf('FOR', 'FROM');
  if (named && !tokens.accept('LOGIN')) return tokens.refuse('users for anything but a login');
  const login = withoutLogin ? { without: true as const } : { name: named ? tokens.name() : user };
  if (!tokens.accept('WITH')) return { kind: 'createUser', user, login };
  if (!tokens.accept('DEFAULT_SCHEMA')) return tokens.refuse('this option of CREATE USER');
  tokens.expect('=');
  return { kind: 'createUser', user, login, defaultSchema: tokens.name() };
}

/** After ALTER ROLE or ALTER SERVER ROLE. */
export function parseAlterRole(tokens: TokenStream, server: boolean): DefinitionStatement {
  const role = tokens.name();
  const word = tokens.expectOneOf('ADD', 'DROP', 'WITH');
  if (word === 'WITH') return tokens.refuse('renaming a role');
  tokens.expect('MEMBER');
  return { kind: 'alterRole', role, server, change: word === 'ADD' ? 'add' : 'drop', member: tokens.name() };
}

/** After GRANT, DENY or REVOKE. */
export function parsePermission(
  tokens: TokenStream,
  action: PermissionStatement['action'],
): PermissionStatement {
  if (action === 'revoke' && tokens.sees('GRANT', 'OPTION')) tokens.refuse('REVOKE GRANT OPTION FOR');
  const permissions = tokens.list(() => parsePermissionName(tokens));
  const on = tokens.accept('ON') ? parseSecurable(tokens) : undefined;
  if (action === 'revoke' ? !tokens.acceptOneOf('FROM', 'TO') : !tokens.accept('TO')) return tokens.fail();
  const to = tokens.list(() => parsePrincipal(tokens));
  if (tokens.seesOneOf('WITH', 'CASCADE', 'AS')) tokens.refuse('GRANT OPTION, CASCADE and AS');
  return { kind: 'permission', action, permissions, to, ...(on && { on }) };
}

function parsePrincipal(tokens: TokenStream): string {
  return tokens.sees('PUBLIC') ? tokens.next().text : tokens.name();
}

/** One or more words, up to a comma, ON, TO or FROM. */
function parsePermissionName(tokens: TokenStream): string {
  const words = [tokens.kind('word').word];
  while (tokens.seesKind('word') && !tokens.seesOneOf('ON', 'TO', 'FROM')) words.push(tokens.next().word);
  if (tokens.sees('(')) tokens.refuse('permissions on columns');
  return words.join(' ');
}

function parseSecurable(tokens: TokenStream): NonNullable<PermissionStatement['on']> {
  if (tokens.accept('SCHEMA', '::')) return { kind: 'schema', schema: tokens.name() };
  if (tokens.accept('DATABASE', '::')) return { kind: 'database', database: tokens.name() };
  if (!tokens.accept('OBJECT', '::') && tokens.peek(1).text === '::') {
    tokens.refuse(`permissions on ${tokens.current.text}`);
  }
  const object = parseObjectName(tokens);
  if (tokens.sees('(')) tokens.refuse('permissions on columns');
  return { kind: 'object', object };
}
