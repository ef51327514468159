import { sql, type QueryExecutorProvider } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { openControlDatabase } from '../../src/adapters/mssql/control-database.ts';
import { localSecrets, sqlConnection } from '../services/connections.ts';
import { controlDatabaseName, localSqlConnection } from '../services/local-settings.ts';
import { createDatabases } from '../services/open-stack.ts';
import { localZone } from '../services/local-zone.ts';
import type { Ports } from '../services/ports.ts';
import { demoAlerts } from './alerts.ts';
import { removeDemo, seedControl } from './seed-control.ts';
import { seedTenant } from './seed-tenant.ts';
import { andina, austral, ferreteria } from './tenants.ts';

const reader = { user: 'vigia_lector', password: 'Lector_local_1' };
const withDatabase = [ferreteria, andina];
const companyCodes = [...withDatabase, austral].map(({ code }) => code);

/** Two companies with ERP databases, one whose server is down, and alerts of every kind due from now on. */
export async function prepareDemo(ports: Ports): Promise<void> {
  const server = `127.0.0.1,${ports.sqlServer}`;
  const today = Temporal.Now.plainDateISO(localZone);
  await createDatabases(
    ports,
    withDatabase.map(({ database }) => database),
  );
  for (const tenant of withDatabase) {
    await withConnection(ports, tenant.database, async (database) => {
      await seedTenant(database, tenant, today);
      await createReader(database);
    });
  }
  const companies = [
    ...withDatabase.map(({ code, name, database }) => ({
      code,
      name,
      zone: localZone,
      connection: sqlConnection(server, database, reader.user, reader.password),
    })),
    {
      ...austral,
      zone: localZone,
      connection: sqlConnection('127.0.0.1,1', 'Austral', reader.user, reader.password),
    },
  ];
  const webhooks = { baseUrl: `http://127.0.0.1:${ports.webhooks}`, secret: localSecrets.webhookSecret };
  const alerts = demoAlerts(Temporal.Now.plainDateTimeISO(localZone));
  await withConnection(ports, controlDatabaseName, (control) =>
    seedControl(control, companies, alerts, webhooks),
  );
}

/** For `--no-demo` on a folder where the demo ran before. */
export async function dropDemo(ports: Ports): Promise<void> {
  const alerts = demoAlerts(Temporal.Now.plainDateTimeISO(localZone));
  await withConnection(ports, controlDatabaseName, (control) => removeDemo(control, alerts, companyCodes));
}

/** The login that the companies give to Vigía: it may read and nothing else. */
async function createReader(database: QueryExecutorProvider): Promise<void> {
  await sql
    .raw(
      `IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = '${reader.user}')
  CREATE LOGIN ${reader.user} WITH PASSWORD = '${reader.password}';
IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = '${reader.user}')
BEGIN
  CREATE USER ${reader.user} FOR LOGIN ${reader.user};
  ALTER ROLE db_datareader ADD MEMBER ${reader.user};
END;`,
    )
    .execute(database);
}

type Database = ReturnType<typeof openControlDatabase>;

async function withConnection(
  ports: Ports,
  name: string,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const database = openControlDatabase({ connection: localSqlConnection(ports, name) });
  try {
    await work(database);
  } finally {
    await database.destroy();
  }
}
