import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Login } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { PostgresConnection } from '../session/postgres-connection.ts';
import { quoteName, quoteText } from './catalogue.ts';
import type { DatabaseHandle } from './database-handle.ts';

interface LoginNote {
  name: string;
  salt: string;
  hash: string;
}

/** Whose a user is: a login's, or an identity's of Entra, which has no login. `sid` in hexadecimal digits. */
type Whose = { login: string } | { sid: string; type: 'E' | 'X' };
type UserNote = Whose & { name: string };

/** Who has logged in. */
export interface Account {
  name: string;
  administrator: boolean;
  /** Of an identity of Entra, whose name is its number. */
  sid?: string;
}

/** Who a session is in a database. Everybody in `role` can do what that PostgreSQL role can. */
export interface Principal {
  user: string;
  role: string;
  isOwner: boolean;
}

const hashOf = promisify<string, string, number, Buffer>(scrypt);
const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const loginRole = (name: string): string => `login:${name.toLowerCase()}`;

/**
 * Logins of the server and users of its databases, kept as PostgreSQL roles that cannot log in themselves; what else is
 * known of them is the role's comment. A session takes the role of its user, so that PostgreSQL itself refuses what the
 * user may not do.
 */
export class Logins {
  readonly #control: PostgresConnection;
  readonly #saPassword: string;
  readonly #accessTokens: ReadonlyMap<string, string>;

  /** `accessTokens` = the login that each of them stands for. */
  constructor(
    control: PostgresConnection,
    saPassword: string,
    accessTokens: Readonly<Record<string, string>>,
  ) {
    this.#control = control;
    this.#saPassword = saPassword;
    this.#accessTokens = new Map(Object.entries(accessTokens));
  }

  /** The login, when its password is right or the access token is one of its. */
  async check({ user, password, accessToken }: Login): Promise<Account | undefined> {
    const hasToken = accessToken !== undefined;
    const name = hasToken ? this.#accessTokens.get(accessToken) : user;
    if (name?.toLowerCase() === 'sa')
      return hasToken || password === this.#saPassword ? { name: 'sa', administrator: true } : undefined;
    if (hasToken && name !== undefined && guid.test(name))
      return { name, administrator: false, sid: sidOf(name) };
    const note = name && ((await this.#note(loginRole(name))) as LoginNote | undefined);
    if (!note) return undefined;
    const hash = await hashOf(password, note.salt, 32);
    const isRight = hasToken || timingSafeEqual(hash, Buffer.from(note.hash, 'hex'));
    return isRight ? { name: note.name, administrator: false } : undefined;
  }

  /** Who a login is in a database; undefined when it has no user there. */
  async principal(login: Account, database: DatabaseHandle): Promise<Principal | undefined> {
    if (login.administrator) return { user: 'dbo', role: database.ownerRole, isOwner: true };
    const { name, sid } = login;
    const [role, user, isOwner] = await this.#userOf(database, sid === undefined ? { login: name } : { sid });
    if (role == null || user == null)
      return database.name === 'master' && sid === undefined
        ? { user: 'guest', role: 'guest', isOwner: false }
        : undefined;
    return { user, role: isOwner === 't' ? database.ownerRole : role, isOwner: isOwner === 't' };
  }

  /** Throws 15025. */
  async createLogin(name: string, password: string): Promise<void> {
    const role = loginRole(name);
    if (name.toLowerCase() === 'sa' || (await this.#note(role)) !== undefined) throw sqlError(15025, [name]);
    const salt = randomBytes(16).toString('hex');
    const hash = (await hashOf(password, salt, 32)).toString('hex');
    await this.#create(role, { name, salt, hash });
  }

  /** Throws 15151. */
  async dropLogin(name: string): Promise<void> {
    if ((await this.#note(loginRole(name))) === undefined) throw sqlError(15151, ['drop', 'login', name]);
    await this.#control.query(`DROP ROLE ${quoteName(loginRole(name))}`);
  }

  /** Throws 15007, 15023, 15063, 15419. */
  async createUser(database: DatabaseHandle, name: string, whose: Whose): Promise<void> {
    if ('sid' in whose && whose.sid.length !== 32) throw sqlError(15419);
    if ('login' in whose && (await this.#note(loginRole(whose.login))) === undefined)
      throw sqlError(15007, [whose.login]);
    const role = database.userRole(name);
    if (name.toLowerCase() === 'dbo' || (await this.#note(role)) !== undefined) throw sqlError(15023, [name]);
    if ((await this.#userOf(database, whose)).length > 0) throw sqlError(15063);
    await this.#create(role, { name, ...whose });
  }

  /** Role, name and whether it owns the database; nothing when there is no such user. */
  async #userOf(database: DatabaseHandle, whose: { login: string } | { sid: string }) {
    const [key, value] = 'sid' in whose ? ['sid', whose.sid] : ['login', whose.login];
    const [row = []] = await this.#control.query(
      `SELECT r.rolname, n.note ->> 'name', pg_has_role(r.oid, ${quoteText(database.ownerRole)}, 'MEMBER')
       FROM pg_roles r CROSS JOIN LATERAL (SELECT shobj_description(r.oid, 'pg_authid')::jsonb AS note) n
       WHERE r.rolname LIKE ${quoteText(database.userRole('%'))} AND lower(n.note ->> '${key}') = ${quoteText(value.toLowerCase())}`,
    );
    return row;
  }

  /** The PostgreSQL role of a user or of `public`, quoted; undefined when there is no such user. */
  async roleOf(database: DatabaseHandle, user: string): Promise<string | undefined> {
    if (user.toLowerCase() === 'public') return 'PUBLIC';
    const role = database.userRole(user);
    return (await this.#note(role)) === undefined ? undefined : quoteName(role);
  }

  async #create(role: string, note: LoginNote | UserNote): Promise<void> {
    await this.#control.query(`CREATE ROLE ${quoteName(role)} NOLOGIN`);
    await this.#control.query(`COMMENT ON ROLE ${quoteName(role)} IS ${quoteText(JSON.stringify(note))}`);
  }

  async #note(role: string): Promise<LoginNote | UserNote | undefined> {
    const [row] = await this.#control.query(
      `SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = ${quoteText(role)}`,
    );
    return row && (JSON.parse(row[0] ?? '{}') as LoginNote | UserNote);
  }
}

/** A GUID as the server keeps it: the first three groups backwards. */
function sidOf(id: string): string {
  return id.replace(/^(..)(..)(..)(..)-(..)(..)-(..)(..)-(....)-/, '$4$3$2$1$6$5$8$7$9');
}
