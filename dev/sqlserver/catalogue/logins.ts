import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { sqlError } from '../errors.ts';
import { quoteName, quoteText } from './catalogue.ts';
import type { DatabaseHandle } from './database-handle.ts';
import type { PostgresConnection } from '../session/postgres-connection.ts';

/** What a login's PostgreSQL role says of it, as its comment. */
interface LoginNote {
  name: string;
  salt: string;
  hash: string;
  defaultDatabase: string;
  enabled: boolean;
  administrator: boolean;
}

interface UserNote {
  name: string;
  login: string | undefined;
}

/** Who a session is in a database. Everybody in `role` can do what that PostgreSQL role can. */
export interface Principal {
  user: string;
  role: string;
  isOwner: boolean;
}

const hashOf = promisify<string, Buffer, number, Buffer>(scrypt);

/**
 * Logins of the server and users of its databases, kept as PostgreSQL roles that cannot log in themselves. A session takes
 * the role of its user, so that PostgreSQL itself refuses what the user may not do.
 */
export class Logins {
  readonly #control: PostgresConnection;
  readonly #saPassword: string;

  constructor(control: PostgresConnection, saPassword: string) {
    this.#control = control;
    this.#saPassword = saPassword;
  }

  /** The login, when the password is right and the login enabled. */
  async check(
    user: string,
    password: string,
  ): Promise<{ name: string; defaultDatabase: string; administrator: boolean } | undefined> {
    if (user.toLowerCase() === 'sa') {
      const isRight = password === this.#saPassword;
      return isRight ? { name: 'sa', defaultDatabase: 'master', administrator: true } : undefined;
    }
    const note = await this.#login(user);
    if (note === undefined || !note.enabled) return undefined;
    const hash = await hashOf(password, Buffer.from(note.salt, 'hex'), 32);
    return timingSafeEqual(hash, Buffer.from(note.hash, 'hex')) ? note : undefined;
  }

  /** Who a login is in a database; undefined when it has no user there. */
  async principal(
    login: { name: string; administrator: boolean },
    database: DatabaseHandle,
  ): Promise<Principal | undefined> {
    if (login.administrator) return { user: 'dbo', role: database.ownerRole, isOwner: true };
    const [row] = await this.#control.query(
      `SELECT r.rolname, shobj_description(r.oid, 'pg_authid'), pg_has_role(r.oid, ${quoteText(database.ownerRole)}, 'MEMBER')
       FROM pg_roles r WHERE r.rolname LIKE ${quoteText(`user:${database.id}:%`)}
       AND lower(shobj_description(r.oid, 'pg_authid')::jsonb ->> 'login') = ${quoteText(login.name.toLowerCase())}`,
    );
    if (row === undefined) return database.name === 'master' ? this.#guest(database) : undefined;
    const [role, comment, isOwner] = row;
    const { name } = JSON.parse(comment ?? '{}') as UserNote;
    return {
      user: name,
      role: isOwner === 't' ? database.ownerRole : String(role),
      isOwner: isOwner === 't',
    };
  }

  async createLogin(name: string, password: string, defaultDatabase: string): Promise<void> {
    if (name.toLowerCase() === 'sa' || (await this.#login(name)) !== undefined) throw sqlError(15025, [name]);
    await this.#control.query(`CREATE ROLE ${quoteName(loginRole(name))} NOLOGIN`);
    await this.#write({
      name,
      ...(await secretOf(password)),
      defaultDatabase,
      enabled: true,
      administrator: false,
    });
  }

  async alterLogin(
    name: string,
    change: { password: string } | { enabled: boolean } | { administrator: boolean },
  ): Promise<void> {
    const note = await this.#login(name);
    if (note === undefined) throw sqlError(15151, ['alter', 'login', name]);
    await this.#write({ ...note, ...('password' in change ? await secretOf(change.password) : change) });
  }

  async dropLogin(name: string): Promise<void> {
    if ((await this.#login(name)) === undefined) throw sqlError(15151, ['drop', 'login', name]);
    await this.#control.query(`DROP ROLE ${quoteName(loginRole(name))}`);
  }

  async createUser(database: DatabaseHandle, name: string, login: string | undefined): Promise<void> {
    if (login !== undefined && (await this.#login(login)) === undefined) throw sqlError(15007, [login]);
    if (name.toLowerCase() === 'dbo' || (await this.#exists(database.userRole(name))))
      throw sqlError(15023, [name]);
    await this.#makeUser(database, { name, login });
  }

  async dropUser(database: DatabaseHandle, name: string, ifExists: boolean): Promise<string | undefined> {
    const role = database.userRole(name);
    if (await this.#exists(role)) return `DROP OWNED BY ${quoteName(role)}; DROP ROLE ${quoteName(role)}`;
    if (ifExists) return undefined;
    throw sqlError(15151, ['drop', 'user', name]);
  }

  /** The PostgreSQL role of a user or of `public`. Throws 15151. */
  async roleOf(database: DatabaseHandle, name: string): Promise<string> {
    if (name.toLowerCase() === 'public') return 'PUBLIC';
    const role = database.userRole(name);
    if (!(await this.#exists(role))) throw sqlError(15151, ['find', 'user', name]);
    return quoteName(role);
  }

  /** The right to use master without being a user of it. */
  async #guest(database: DatabaseHandle): Promise<Principal> {
    const role = database.userRole('guest');
    if (!(await this.#exists(role))) await this.#makeUser(database, { name: 'guest', login: undefined });
    return { user: 'guest', role, isOwner: false };
  }

  async #makeUser(database: DatabaseHandle, note: UserNote): Promise<void> {
    const role = quoteName(database.userRole(note.name));
    await this.#control.query(`CREATE ROLE ${role} NOLOGIN`);
    await this.#control.query(`COMMENT ON ROLE ${role} IS ${quoteText(JSON.stringify(note))}`);
  }

  async #exists(role: string): Promise<boolean> {
    return (
      (await this.#control.query(`SELECT 1 FROM pg_roles WHERE rolname = ${quoteText(role)}`)).length > 0
    );
  }

  async #login(name: string): Promise<LoginNote | undefined> {
    const [row] = await this.#control.query(
      `SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = ${quoteText(loginRole(name))}`,
    );
    return row?.[0] == null ? undefined : (JSON.parse(row[0]) as LoginNote);
  }

  async #write(note: LoginNote): Promise<void> {
    await this.#control.query(
      `COMMENT ON ROLE ${quoteName(loginRole(note.name))} IS ${quoteText(JSON.stringify(note))}`,
    );
  }
}

const loginRole = (name: string): string => `login:${name.toLowerCase()}`;

async function secretOf(password: string): Promise<{ salt: string; hash: string }> {
  const salt = randomBytes(16);
  return { salt: salt.toString('hex'), hash: (await hashOf(password, salt, 32)).toString('hex') };
}
