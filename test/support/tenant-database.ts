import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Tenant } from '../../src/domain/tenant.ts';
import { emptyDatabase, onMaster, type TestDatabase } from './control-database.ts';

/** An ERP database of one company, with the tables that the look-ups read. */
export interface TestTenant extends AsyncDisposable {
  database: TestDatabase;
  /** As its administrator. */
  tenant: Tenant;
  run(statement: string): Promise<void>;
  /** The same company through a login of its own, made with these rights (`GRANT SELECT ON SCHEMA::dbo TO {user}`). */
  as(...grants: readonly string[]): Promise<Tenant>;
}

const tables = [
  'CREATE TABLE TgeCTPersonas (Tper_Cod VARCHAR(6) NOT NULL PRIMARY KEY, Tper_Nombre NVARCHAR(100) NULL)',
  `CREATE TABLE TgeCTContactos (Tconper_Cod VARCHAR(6) NOT NULL, Tcon_Cod VARCHAR(6) NOT NULL, Tcon_Celular VARCHAR(50) NULL,
    Tcon_Email VARCHAR(100) NULL, CONSTRAINT PK_Contactos PRIMARY KEY (Tconper_Cod, Tcon_Cod))`,
  'CREATE TABLE TgeCTPerfiles (Tprf_Cod VARCHAR(6) NOT NULL PRIMARY KEY, Tprf_Nombre NVARCHAR(100) NULL)',
  `CREATE TABLE TgeCTRel_Persona_Perfil (Trelper_Cod VARCHAR(6) NOT NULL, Trelprf_Cod VARCHAR(6) NOT NULL,
    CONSTRAINT PK_Rel PRIMARY KEY (Trelper_Cod, Trelprf_Cod))`,
];

export async function tenantDatabase(code = 'E1'): Promise<TestTenant> {
  const database = await emptyDatabase();
  const run = async (statement: string) => void (await sql.raw(statement).execute(database.db));
  for (const table of tables) await run(table);
  const logins: string[] = [];
  return {
    database,
    tenant: tenantAt(code, database.connection),
    run,
    as: async (...grants) => {
      const user = `u_${randomBytes(6).toString('hex')}`;
      const password = `Aa1_${randomBytes(9).toString('hex')}`;
      await run(`CREATE LOGIN ${user} WITH PASSWORD = '${password}'`);
      logins.push(user);
      await run(`CREATE USER ${user} FOR LOGIN ${user}`);
      for (const grant of grants) await run(grant.replaceAll('{user}', user));
      return tenantAt(code, withLogin(database.connection, user, password));
    },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose](); // which ends their sessions: SQL Server drops no login that is logged in
      for (const login of logins)
        await onMaster((master) => sql`DROP LOGIN ${sql.id(login)}`.execute(master));
    },
  };
}

export function tenantAt(code: string, connectionString: string): Tenant {
  return {
    code,
    name: `Empresa ${code}`,
    connection: Buffer.from(connectionString).toString('base64'),
    zone: 'America/Argentina/Buenos_Aires',
    country: 'AR',
    active: true,
  };
}

export function withLogin(connectionString: string, user: string, password: string): string {
  return connectionString
    .replace(/User Id=[^;]*/i, `User Id=${user}`)
    .replace(/Password=("[^"]*"|[^;]*)/i, `Password=${password}`);
}
