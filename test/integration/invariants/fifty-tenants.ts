import type { Kysely } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { webhookClient } from '../../../src/adapters/http/deliver-webhook.ts';
import {
  tenantDatabases,
  type TenantDatabases,
} from '../../../src/adapters/tenant-mssql/tenant-databases.ts';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';
import { dispatchAlert } from '../../../src/dispatch/dispatch-alert.ts';
import type { TenantAnswer } from '../../../src/dispatch/prepare/tenant-answer.ts';
import { controlDatabase } from '../../support/control-database.ts';
import { clockAt, type MovedClock } from '../../support/moved-clock.ts';
import { tenantDatabase } from '../../support/tenant-database.ts';
import { heldAnswers, sickFirst, watcher, type Watcher } from './held-up.ts';
import { nightGateway, type NightGateway } from './night-gateway.ts';
import { nightHost } from './night-host.ts';
import { nightPorts, policy } from './night-ports.ts';
import {
  claimNight,
  healthyTenants,
  insertSurroundings,
  sickTenant,
  type AlertType,
  type Claimed,
} from './night-rows.ts';

type Db = Kysely<ControlSchema>;

const instant = Temporal.Instant.from('2026-03-02T15:49:00Z');

export interface Trouble {
  /** emp_Conexion of the sick tenant, in clear. */
  connection: string;
  /** Its alerts at that second, first in the queue. */
  alerts: number;
  /** They come a few at a time, so that its database is no hindrance to them. */
  fewAtATime?: true;
  type?: AlertType;
  /** It answers again once everybody is ready or held up. */
  recovers?: true;
  /** How many of its calls the gateway will have hanging. */
  hangingCalls?: number;
  /** Ends the trouble, when everybody else is done. */
  end: () => unknown;
}

export interface Night {
  /** How late each other tenant's alert was accepted, in moved time, and how often it was opened. */
  others: readonly { tenant: string; lateMs: number; openings: number }[];
  /** What the sick tenant's database answered in the end. */
  answers: readonly TenantAnswer<unknown>[];
  /** The sick tenant's executions, by state and reason. */
  sick: Readonly<Record<string, number>>;
  /** The sick tenant's dispatches, when the others were served. */
  sickAtSecond: { waitingForItsDatabase: number; prepared: number };
  /** Of those of its alerts that were accepted. */
  sickLateMs: readonly number[];
  /** The most calls that the gateway had under way at once. */
  mostCalls: { all: number; hung: number };
}

/** Fifty tenants at one second, over real databases and a real gateway, on a clock that the test moves. */
export async function fiftyTenants() {
  const control = await controlDatabase();
  const erp = await tenantDatabase();
  await erp.run(`INSERT INTO TgeCTPersonas VALUES ('P1', N'Ana')`);
  await erp.run(`INSERT INTO TgeCTContactos VALUES ('P1', '01', '11 5555 0001', NULL)`);
  const gateway = await nightGateway();
  await insertSurroundings(control.db, `${erp.database.connection};Encrypt=False`, gateway.host);
  const tenants = tenantDatabases({
    maxRows: 1000,
    maxConnections: 1,
    acquireTimeoutMs: 20_000,
    idleTimeoutMs: 90_000,
    breaker: { failures: 3, openMs: 30_000 },
    getSecret: () => undefined,
    requireReadOnly: false,
    onLogin: () => undefined,
  });
  return {
    night: (trouble?: Trouble) => oneNight({ control, tenants, gateway }, trouble),
    async [Symbol.asyncDispose]() {
      await tenants.close();
      await gateway.close();
      await Promise.all([control[Symbol.asyncDispose](), erp[Symbol.asyncDispose]()]);
    },
  };
}

interface Surroundings {
  control: Awaited<ReturnType<typeof controlDatabase>>;
  tenants: TenantDatabases;
  gateway: NightGateway;
}

async function oneNight(surroundings: Surroundings, trouble: Trouble | undefined): Promise<Night> {
  const scene = await sceneOf(surroundings, trouble);
  const { claimed, healthy, accepted, host, held } = scene;
  await prepareEverybody(scene, trouble);
  const atSecond = await serveTheOthers(scene, trouble);
  await endTrouble(scene, trouble);
  const lateMs = (alert: string) => accepted.get(alert) ?? Number.NaN;
  return {
    others: healthy.map(({ id, alert, tenant }) => ({
      tenant,
      lateMs: lateMs(alert),
      openings: host.openings(id),
    })),
    ...atSecond,
    sickLateMs: claimed
      .filter(({ tenant, alert }) => tenant === sickTenant && accepted.has(alert))
      .map(({ alert }) => lateMs(alert)),
    answers: held.answers,
    sick: await endsOf(surroundings.control.db),
  };
}

type Scene = Awaited<ReturnType<typeof sceneOf>>;

/** Everybody's alerts are claimed, the clock stands where their messages become visible, and nothing has begun. */
async function sceneOf({ control: { db }, tenants, gateway }: Surroundings, trouble: Trouble | undefined) {
  const claimed = await claimedFor(db, trouble);
  const clock = clockAt(instant.subtract({ seconds: policy.prepareSeconds }).toString());
  const watch = watcher();
  const held = heldAnswers(tenants, watch, trouble?.recovers ? 'all' : 'failing');
  const webhooks = webhookClient({ clock, allowedHosts: [gateway.host], placesPerHost: 100 });
  const calls = sickFirst(webhooks.deliverWebhook, watch);
  const ports = nightPorts(db, clock);
  /** Alerts whose deliveries are all stored. */
  const prepared = new Set<string>();
  const dispatch = dispatchAlert({
    ...ports,
    ...held.ports,
    deliverWebhook: calls.deliverWebhook,
    connectAhead: webhooks.connectAhead,
    signAhead: webhooks.signAhead,
    sendDispatch: async (executionId, visibleAt) => host.add(executionId, visibleAt),
    storeDeliveries: async (storing) => {
      const stored = await ports.storeDeliveries(storing);
      if (storing.last) prepared.add(storing.alert);
      watch.look();
      return stored;
    },
  });
  const host = nightHost({ clock, dispatch, slots: policy.slots, onEnd: watch.look });
  const healthy = claimed.filter(({ tenant }) => tenant !== sickTenant);
  const accepted = acceptedBy(gateway, clock, watch);
  return { claimed, healthy, clock, watch, held, webhooks, calls, prepared, host, accepted, gateway };
}

/** Until five seconds after the messages have come: everybody is ready then, or held up by the sick tenant. */
async function prepareEverybody(
  { claimed, clock, watch, held, prepared, host }: Scene,
  trouble: Trouble | undefined,
): Promise<void> {
  let isWell = trouble?.fewAtATime === true;
  const quiet = () =>
    watch.until(
      'everybody to be ready or held up',
      () => host.running() === prepared.size + (isWell ? 0 : held.waiting()),
    );
  for (const arriving of inGroups(claimed, trouble?.fewAtATime ? policy.tenantSlots : claimed.length)) {
    for (const { id } of arriving) host.add(id, clock.now());
    host.pump();
    await quiet();
  }
  if (trouble?.recovers) {
    held.release();
    isWell = true;
    await quiet();
  }
  await clock.moveBy({ seconds: 3 });
  host.pump();
  await quiet();
  await clock.moveBy({ seconds: 2 });
}

async function serveTheOthers(
  { healthy, watch, held, prepared, calls, accepted, gateway }: Scene,
  trouble: Trouble | undefined,
): Promise<Pick<Night, 'sickAtSecond' | 'mostCalls'>> {
  const unready = healthy.filter(({ alert }) => !prepared.has(alert)).length;
  if (unready > 0) throw new Error(`${unready} of ${healthy.length} others were not ready at their second`);
  const sickPrepared = prepared.size - healthy.length;
  const sickAtSecond = { waitingForItsDatabase: held.waiting(), prepared: sickPrepared };
  await watch.until('the sick tenant to call', () => calls.ofTheSick() === sickPrepared);
  calls.letTheOthersCall();
  await watch.until('the others to be accepted', () => healthy.every(({ alert }) => accepted.has(alert)));
  await watch.until('its calls to hang', () => gateway.most.hung >= (trouble?.hangingCalls ?? 0));
  return { sickAtSecond, mostCalls: gateway.most };
}

async function endTrouble(
  { host, held, gateway, watch, webhooks }: Scene,
  trouble: Trouble | undefined,
): Promise<void> {
  host.stop();
  held.release();
  gateway.letGo();
  await trouble?.end();
  await watch.until('the sick tenant’s dispatches to end', () => host.running() === 0);
  await webhooks.close();
  if (host.failures.length > 0) throw new AggregateError(host.failures, 'dispatches failed');
}

function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

async function claimedFor(db: Db, trouble: Trouble | undefined): Promise<readonly Claimed[]> {
  if (trouble !== undefined) {
    const emp_Conexion = Buffer.from(trouble.connection).toString('base64');
    await db.updateTable('CT_Empresas').set({ emp_Conexion }).where('emp_Cod', '=', sickTenant).execute();
  }
  const type = trouble?.type ?? 'FAC';
  const sick = Array.from({ length: trouble?.alerts ?? 0 }, () => ({ tenant: sickTenant, type }));
  const others = healthyTenants.map((tenant) => ({ tenant, type: 'FAC' as const }));
  return await claimNight(db, [...sick, ...others]);
}

/** When the gateway accepted which alert, in ms of the moved clock after the second. */
function acceptedBy(
  gateway: NightGateway,
  clock: MovedClock,
  { look }: Watcher,
): ReadonlyMap<string, number> {
  const accepted = new Map<string, number>();
  Object.assign(gateway, { hangs: true, most: { all: 0, hung: 0 }, onCall: look });
  gateway.onAccepted = (alert) => {
    accepted.set(alert, clock.now().epochMilliseconds - instant.epochMilliseconds);
    look();
  };
  return accepted;
}

async function endsOf(db: Db): Promise<Readonly<Record<string, number>>> {
  const ends = await db
    .selectFrom('CT_Scheduler_Alertas as s')
    .innerJoin('CT_Alertas_Config as c', 'c.cfg_Cod', 's.schcfg_Cod')
    .select(['s.sch_Estado', 's.sch_Motivo'])
    .where('c.cfgemp_Cod', '=', sickTenant)
    .execute();
  const named = Object.groupBy(ends, ({ sch_Estado, sch_Motivo }) =>
    `${sch_Estado} ${sch_Motivo ?? ''}`.trim(),
  );
  return Object.fromEntries(Object.entries(named).map(([name, rows]) => [name, rows?.length ?? 0]));
}
