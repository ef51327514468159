import { parse } from '@tediousjs/connection-string';
import type { ConnectionConfiguration } from 'tedious';

/** What is wrong with a connection string, in English. */
const problems = {
  form: 'It is not of the form Key=value;Key=value, a quote is not closed, or a value with a semicolon has no quotes.',
  unknownKey: 'is not known; remove it from the connection string.',
  windows: 'Windows sign-in is not available: give User Id and Password.',
  timeout: 'Connect Timeout is not a number of seconds.',
  server: 'The key Server is missing.',
  port: 'The port after the comma in Server is not a number from 1 to 65535.',
  user: 'The key User Id is missing.',
  authentication:
    'Authentication must be Sql Password, Active Directory Default or Active Directory Managed Identity.',
} as const;

export type ConnectionStringProblem = keyof typeof problems;

/** A connection string that cannot be used. The message, and `key`, name keys, never values. */
export class ConnectionStringError extends Error {
  override readonly name = 'ConnectionStringError';
  readonly problem: ConnectionStringProblem;
  /** The key that is not known. */
  readonly key: string | null;

  constructor(
    problem: ConnectionStringProblem,
    { key = null, cause }: { key?: string | null; cause?: unknown } = {},
  ) {
    const text = problems[problem];
    super(key === null ? text : `The key "${key}" ${text}`, { cause });
    this.problem = problem;
    this.key = key;
  }
}

/** Keys without spaces and case -> the one name under which `sqlConnectionOf` looks for them. */
const names: Readonly<Record<string, string>> = {
  server: 'server',
  datasource: 'server',
  addr: 'server',
  address: 'server',
  networkaddress: 'server',
  database: 'database',
  initialcatalog: 'database',
  userid: 'user',
  uid: 'user',
  user: 'user',
  password: 'password',
  pwd: 'password',
  encrypt: 'encrypt',
  trustservercertificate: 'trust',
  connecttimeout: 'timeout',
  connectiontimeout: 'timeout',
  timeout: 'timeout',
  authentication: 'authentication',
  applicationname: 'application',
  app: 'application',
  multisubnetfailover: 'multiSubnetFailover',
  applicationintent: 'intent',
  integratedsecurity: 'windows',
  trusted_connection: 'windows',
};

/** What .NET clients need for pools and sessions of their own, and what changes nothing here. */
const withoutEffect = new Set([
  'pooling',
  'minpoolsize',
  'maxpoolsize',
  'connectionlifetime',
  'loadbalancetimeout',
  'connectretrycount',
  'connectretryinterval',
  'multipleactiveresultsets',
  'persistsecurityinfo',
  'packetsize',
  'workstationid',
  'wsid',
  'enlist',
]);

/**
 * An ADO.NET connection string as tedious wants it. Encryption is on unless the string turns it off, as with
 * Microsoft.Data.SqlClient; `Authentication=Active Directory Managed Identity` signs in to Azure SQL without a password,
 * `User Id` then names a user-assigned identity, and `… Default` as whoever is signed in to Azure. Time limits other than that of the login, and
 * session settings, are the caller's. Throws ConnectionStringError.
 */
export function sqlConnectionOf(connectionString: string): ConnectionConfiguration {
  const given = entriesOf(connectionString);
  if (isYes(given.get('windows'))) {
    throw new ConnectionStringError('windows');
  }
  const { server, ...address } = addressOf(given.get('server') ?? '');
  const database = given.get('database');
  const timeout = Number(given.get('timeout') ?? 0);
  if (!Number.isInteger(timeout) || timeout < 0) throw new ConnectionStringError('timeout');
  return {
    server,
    authentication: authenticationOf(given),
    options: {
      ...address,
      ...(database ? { database } : {}),
      ...(timeout > 0 ? { connectTimeout: timeout * 1000 } : {}),
      encrypt: encryptionOf(given.get('encrypt')),
      trustServerCertificate: isYes(given.get('trust')),
      multiSubnetFailover: isYes(given.get('multiSubnetFailover')),
      readOnlyIntent: given.get('intent')?.toLowerCase() === 'readonly',
      appName: given.get('application') ?? 'Vigia',
      useUTC: true,
    },
  };
}

function entriesOf(connectionString: string): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const [key, value] of parsed(connectionString)) {
    const plain = key.replaceAll(/\s/g, '').toLowerCase();
    const name = names[plain];
    if (name !== undefined) given.set(name, value);
    else if (!withoutEffect.has(plain)) throw unknown(key);
  }
  return given;
}

/** What has no form of a key may be the rest of a password with a semicolon: it is not shown. */
function unknown(key: string): ConnectionStringError {
  return /^[a-z_ ]{2,40}$/i.test(key)
    ? new ConnectionStringError('unknownKey', { key })
    : new ConnectionStringError('form');
}

/** A key with its value, which may be quoted and then hold anything. */
const pair = /((?:^|;)[^=;]+=\s*)("(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]*)/g;

/** A key without a value counts as not given, as with .NET; the parser alone would take what follows for its value. */
function parsed(connectionString: string): Iterable<[string, string]> {
  try {
    return parse(
      connectionString.replaceAll(pair, (whole, key: string, value: string) => (value ? whole : `${key}""`)),
    );
  } catch (cause) {
    throw new ConnectionStringError('form', { cause });
  }
}

/** `tcp:host,port` or `host\instance`; `.` and `(local)` are this machine. */
function addressOf(text: string): { server: string; port?: number; instanceName?: string } {
  const [place = '', portText] = text.replace(/^tcp:/i, '').split(',', 2);
  const [host = '', instanceName] = place.trim().split('\\', 2);
  if (host === '') throw new ConnectionStringError('server');
  const server = host === '.' || host.toLowerCase() === '(local)' ? 'localhost' : host;
  if (portText === undefined) return instanceName ? { server, instanceName } : { server };
  const port = Number(portText);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new ConnectionStringError('port');
  }
  return { server, port };
}

function authenticationOf(
  given: ReadonlyMap<string, string>,
): NonNullable<ConnectionConfiguration['authentication']> {
  const user = given.get('user');
  switch (given.get('authentication')?.replaceAll(/\s/g, '').toLowerCase()) {
    case undefined:
    case '':
    case 'sqlpassword':
      if (!user) throw new ConnectionStringError('user');
      return { type: 'default', options: { userName: user, password: given.get('password') ?? '' } };
    case 'activedirectorydefault':
      return { type: 'azure-active-directory-default', options: user ? { clientId: user } : {} };
    case 'activedirectorymanagedidentity':
    case 'activedirectorymsi':
      return { type: 'azure-active-directory-msi-app-service', options: user ? { clientId: user } : {} };
    default:
      throw new ConnectionStringError('authentication');
  }
}

function encryptionOf(text = ''): boolean | 'strict' {
  const wanted = text.toLowerCase();
  if (wanted === 'strict') return 'strict';
  return !['false', 'no', 'optional'].includes(wanted);
}

function isYes(text: string | undefined): boolean {
  return ['true', 'yes', 'sspi'].includes(text?.toLowerCase() ?? '');
}
