import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Temporal } from 'temporal-polyfill';
import { openControlDatabase } from '../../src/adapters/mssql/control-database.ts';
import { seedTenant } from '../demo/seed-tenant.ts';
import { sqlConnection } from '../services/connections.ts';
import { localSqlConnection } from '../services/local-settings.ts';
import { createDatabases } from '../services/open-stack.ts';
import type { Ports } from '../services/ports.ts';
import { expectedOf, type ExpectedExecution } from './expected.ts';
import type { PlannedAlert } from './plan-alerts.ts';
import type { Company } from './plan-companies.ts';
import { type Control, seedAlerts, seedCompany } from './seed-world.ts';

/** The openings that an execution has before it is given up; see sch_Rondas. */
const mostOpenings = 10;

/** Of the alert that kills when it is opened: its database is a port of this process. */
const atOpening: Company = {
  code: 'FATAL1',
  name: 'Fatal al abrir',
  zone: 'UTC',
  database: 'Nadie',
  people: [],
  profiles: {},
  fates: {},
};

/** Of the alert that kills when it is delivered, after one of its two people has accepted. */
const atDelivery: Company = {
  code: 'FATAL2',
  name: 'Fatal al entregar',
  zone: 'UTC',
  database: 'ChaosFatal',
  people: [
    { code: 'P000', name: 'Persona 0', phone: null, mail: 'p000@fatal.example' },
    { code: 'P001', name: 'Persona 1', phone: null, mail: 'p001@fatal.example' },
  ],
  profiles: { R0: { name: 'Perfil 0', members: ['P000', 'P001'] } },
  fates: { P000: 'accepts', P001: 'kills' },
};

export interface FatalAlerts extends AsyncDisposable {
  expected: readonly ExpectedExecution[];
}

/**
 * Two alerts that kill the process, one each time it is opened and one each time it is delivered, until they are given
 * up. `onOpened`: the first of them was opened. The receiver kills for the second.
 */
export async function seedFatalAlerts(
  control: Control,
  ports: Ports,
  onOpened: () => void,
): Promise<FatalAlerts> {
  const server = createServer((socket) => {
    socket.on('error', () => {}); // its other end is killed
    onOpened();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await seedCompany(
    control,
    atOpening,
    sqlConnection(`127.0.0.1,${port}`, atOpening.database, 'nadie', 'Nada_local_1'),
  );

  await createDatabases(ports, [atDelivery.database]);
  const connection = localSqlConnection(ports, atDelivery.database);
  await using erp = openControlDatabase({ connection });
  await seedTenant(erp, atDelivery, Temporal.Now.plainDateISO('UTC'));
  await seedCompany(control, atDelivery, connection);

  const from = Temporal.Now.instant().round({ smallestUnit: 'second', roundingMode: 'ceil' });
  // The one that heals slowly first, so that both do at once.
  const alerts = [alertOf(atDelivery, 2), alertOf(atOpening, 8)];
  await seedAlerts(control, alerts, from);
  return {
    expected: alerts.flatMap((alert) => expectedOf(alert, from).map((one) => ({ ...one, fatal: true }))),
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

function alertOf(company: Company, second: number): PlannedAlert {
  return {
    code: company.code,
    company,
    type: 'TEXTO',
    profile: 'R0',
    rule: 'PUNTUAL',
    seconds: [second],
  };
}

/** Writes into the record of a fatal alert that has killed once how often it was opened before, so that so many openings kill. */
export async function leaveOpenings(control: Control, alert: string, kills: number): Promise<void> {
  await control
    .updateTable('CT_Scheduler_Alertas')
    .set((each) => ({ sch_Rondas: each('sch_Rondas', '+', mostOpenings - kills) }))
    .where('schcfg_Cod', '=', alert)
    .execute();
}
