import { randomUUID } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import { webhookClient } from '../../../src/adapters/http/deliver-webhook.ts';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import { dispatchRecordsOf } from '../../../src/wiring/build-dispatch.ts';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';
import {
  tenantDatabases,
  type TenantDatabases,
} from '../../../src/adapters/tenant-mssql/tenant-databases.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { chooseContact } from '../../../src/dispatch/prepare/choose-contact.ts';
import { composeBody } from '../../../src/dispatch/message/compose-body.ts';
import { dispatchAlert, type DispatchPorts } from '../../../src/dispatch/dispatch-alert.ts';
import { renderMessage } from '../../../src/dispatch/message/render-template.ts';
import { dispatchSeats } from '../../../src/dispatch/seats.ts';
import { migrate } from '../../../src/adapters/mssql/migrations/migrate.ts';
import { aGateway } from './gateway.ts';
import { claim, createTenantTables, fillControl, fillTenant, tenantTables } from './sql-rows.ts';
import { createOldTables } from '../migrate/old-tables.ts';
import { controlDatabase, emptyDatabase, type TestDatabase } from '../../support/control-database.ts';
import { atEndOfFile } from '../../support/end-of-file.ts';
import { dispatchPolicy } from '../../support/dispatch-policy.ts';
import { clockAt } from '../../support/moved-clock.ts';

export const instant = '2026-03-02T15:49:00Z';

function portsOver(db: Kysely<ControlSchema>, tenants: TenantDatabases, clock: Clock, host: string) {
  const messages: { executionId: number; at: string }[] = [];
  const webhooks = webhookClient({ clock, allowedHosts: [host], placesPerHost: 100 });
  const quiet = () => undefined;
  const ports: DispatchPorts = {
    clock,
    policy: dispatchPolicy,
    logger: { info: quiet, warn: quiet, error: quiet },
    seats: dispatchSeats(dispatchPolicy, clock),
    getSecret,
    newId: randomUUID,
    random: () => 0.5,
    ...dispatchRecordsOf(db, dispatchPolicy),
    storeFaults: (faults) => insertFaults(db, faults),
    lookupRecipients: tenants.lookupRecipients,
    runQuery: tenants.runQuery,
    chooseContact,
    renderMessage,
    composeBody,
    deliverWebhook: webhooks.deliverWebhook,
    connectAhead: webhooks.connectAhead,
    signAhead: webhooks.signAhead,
    sendDispatch: async (executionId, at) => void messages.push({ executionId, at: at.toString() }),
    nudgeReports: async () => undefined,
  };
  return { ports, messages, close: () => webhooks.close() };
}

const getSecret = () => undefined;

/** Of all tests of a file: making them, and connecting anew, would take most of the time of each. */
interface Databases {
  control: TestDatabase;
  tenant: TestDatabase;
  tenants: TenantDatabases;
}

let databases: Promise<Databases> | undefined;

/** The databases of this file's tests, without what the last one left. */
async function emptied(older: boolean): Promise<Databases> {
  databases ??= madeDatabases(older);
  const made = await databases;
  const used = [
    'CT_Alertas_Intentos',
    'CT_Alertas_Mensajes',
    'CT_Scheduler_Alertas',
    'CT_Scheduler_Fallas',
    'CT_Scheduler_Pausas',
    'CT_Alertas_Config',
    'CT_Alertas_Tipos',
    'CT_Alertas_Webhooks',
    'CT_Alertas_Queries',
    'CT_Alertas_Plantillas',
    'CT_Empresas',
  ];
  await emptyTables(made.control.db, used);
  await emptyTables(made.tenant.db, tenantTables);
  return made;
}

async function emptyTables(db: Kysely<ControlSchema>, tables: readonly string[]) {
  await sql.raw(tables.map((table) => `DELETE FROM ${table}`).join('; ')).execute(db);
}

async function madeDatabases(older: boolean): Promise<Databases> {
  const control = await (older ? databaseOfTheSystemBefore() : controlDatabase());
  const tenant = await emptyDatabase();
  const tenants = tenantDatabases({
    maxRows: 1000,
    maxConnections: 4,
    acquireTimeoutMs: 5_000,
    idleTimeoutMs: 30_000,
    breaker: { failures: 100, openMs: 1 },
    getSecret,
    requireReadOnly: false,
    onLogin: () => undefined,
  });
  atEndOfFile(async () => {
    databases = undefined;
    await tenants.close();
    await control[Symbol.asyncDispose]();
    await tenant[Symbol.asyncDispose]();
  });
  await createTenantTables(tenant.db);
  return { control, tenant, tenants };
}

/** A control database whose tables were there before us, with VARCHAR columns. */
async function databaseOfTheSystemBefore(): Promise<TestDatabase> {
  const database = await emptyDatabase();
  await createOldTables(database.db);
  await migrate(database.connection);
  return database;
}

export const threePersons = [
  { code: '01', phone: '011 5555-0001' },
  { code: '02', phone: '011 5555-0002' },
  { code: '03', phone: '011 5555-0003' },
];

interface SqlWorldOptions {
  /** Another way to the control database, for the dispatch and the sweep alone. Give it the database's connection. */
  reach?: (connection: string) => Promise<Kysely<ControlSchema>>;
  /** On tables of the system before us: for all tests of a file, or for none. */
  older?: boolean;
}

/** A control database with one claimed execution, a tenant's database and a gateway, all real; the clock stands at the instant. */
export async function aSqlWorld(
  persons: readonly { code: string; phone: string | null }[] = threePersons,
  { reach, older = false }: SqlWorldOptions = {},
) {
  const gateway = await aGateway();
  const { control, tenant, tenants } = await emptied(older);
  await fillTenant(tenant.db, persons);
  await fillControl(control.db, tenant.connection, gateway.host);
  const executionId = await claim(control.db);
  const clock = clockAt(instant);
  const statements: string[] = [];
  const reached = (await reach?.(control.connection)) ?? control.db;
  const counted = reached.withPlugin({
    transformQuery: ({ node }) => {
      statements.push(node.kind);
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const { ports, messages, close } = portsOver(counted, tenants, clock, gateway.host);
  return {
    db: control.db,
    connection: control.connection,
    /** The way that the ports go. */
    reached,
    tenant,
    gateway,
    clock,
    ports,
    messages,
    statements,
    executionId,
    dispatch: async (message: unknown = { executionId }) => await dispatchAlert(ports)(message),
    execution: async () =>
      await control.db
        .selectFrom('CT_Scheduler_Alertas')
        .selectAll()
        .where('sch_id', '=', executionId)
        .executeTakeFirstOrThrow(),
    deliveries: async () =>
      await control.db
        .selectFrom('CT_Alertas_Mensajes')
        .selectAll()
        .where('msgsch_id', '=', executionId)
        .orderBy('msgper_Cod')
        .execute(),
    attempts: async () =>
      await control.db.selectFrom('CT_Alertas_Intentos').selectAll().orderBy('int_id').execute(),
    faults: async () => await control.db.selectFrom('CT_Scheduler_Fallas').selectAll().execute(),
    async [Symbol.asyncDispose]() {
      await close();
      await gateway.close();
    },
  };
}

export type SqlWorld = Awaited<ReturnType<typeof aSqlWorld>>;
