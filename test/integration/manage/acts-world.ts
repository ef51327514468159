import { sql, type Kysely } from 'kysely';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { emptyDatabase } from '../../support/control-database.ts';
import { aGateway } from '../dispatch/gateway.ts';
import { createTenantTables, fillControl, fillTenant } from '../dispatch/sql-rows.ts';
import { manageWorld } from './manage-world.ts';

export type ActsWorld = Awaited<ReturnType<typeof actsWorld>>;

/** A queue that cannot be reached while `isAway`. */
interface Queue {
  isAway: boolean;
  /** What it does before it answers. */
  answers: () => Promise<void>;
}

/** The manage API and the program behind it, over an alert of three persons, with a company's database and a gateway. */
export async function actsWorld(now: string) {
  const gateway = await aGateway();
  const tenant = await emptyDatabase();
  await createTenantTables(tenant.db);
  await fillTenant(tenant.db, [
    { code: '01', phone: '011 5555-0001' },
    { code: '02', phone: '011 5555-0002' },
    { code: '03', phone: null },
  ]);
  const queue: Queue = { isAway: false, answers: async () => undefined };
  const world = await manageWorld(now, {
    environment: { WEBHOOK_ALLOWED_HOSTS: gateway.host },
    sending: async () => {
      await queue.answers();
      if (queue.isAway) throw new Error('The queue is away.');
    },
  });
  await fillControl(world.db, tenant.connection, gateway.host);
  return {
    ...world,
    gateway,
    tenant,
    queue,
    /** Forgets what other tests have left of executions, and what the gateway got. */
    async clear() {
      queue.isAway = false;
      queue.answers = async () => undefined;
      gateway.received.length = 0;
      gateway.answer = () => 200;
      gateway.wait = async () => undefined;
      await clearExecutions(world.db);
    },
    /** An execution of the agenda, due now, brought to its end or its first wait by the program. */
    async agendaExecution(): Promise<number> {
      const id = await claimNow(world);
      await world.dispatch(id);
      return id;
    },
    executionRow: async (id: number) =>
      await world.db
        .selectFrom('CT_Scheduler_Alertas')
        .selectAll()
        .where('sch_id', '=', id)
        .executeTakeFirstOrThrow(),
    deliveryRows: async (id: number) =>
      await world.db
        .selectFrom('CT_Alertas_Mensajes')
        .selectAll()
        .where('msgsch_id', '=', id)
        .orderBy('msgper_Cod')
        .execute(),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      await tenant[Symbol.asyncDispose]();
      await gateway.close();
    },
  };
}

/** Claims an execution of the alert for now, as the scan does. Its day is its own, so that tests can have many. */
export async function claimNow(
  { db, clock }: { db: Kysely<ControlSchema>; clock: Clock },
  inSeconds = 0,
): Promise<number> {
  const at = clock.now().add({ seconds: inSeconds });
  const text = at.toZonedDateTimeISO('-03:00').toString({ timeZoneName: 'never', smallestUnit: 'second' });
  const { rows } = await sql<{ sch_id: number }>`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_Estado, sch_Origen, sch_Ocurrencia, sch_Clave, sch_Revisar)
    OUTPUT inserted.sch_id
    VALUES ('000001', '2026-03-02', 'PENDIENTE', 'AGENDA', CAST(${text} AS DATETIMEOFFSET(0)), NULL,
      CAST(${at.toString({ smallestUnit: 'millisecond' }).slice(0, -1)} AS DATETIME2(3)))`.execute(db);
  return rows[0]?.sch_id ?? 0;
}

const qry_Sql = 'SELECT fac_Cliente, fac_Saldo FROM VtaFacturas';
const pla_Cuerpo = 'Hola {{ destinatario.nombre }}: {{ fac_Cliente }} debe {{ fac_Saldo }}';

/** And puts back what tests change of the alert. */
async function clearExecutions(db: Kysely<ControlSchema>): Promise<void> {
  await sql`
    DELETE FROM CT_Alertas_Intentos; DELETE FROM CT_Alertas_Mensajes; DELETE FROM CT_Scheduler_Alertas;
    DELETE FROM CT_Scheduler_Fallas; DELETE FROM CT_Scheduler_Pausas; DELETE FROM CT_Scheduler_Auditoria;
    UPDATE CT_Alertas_Config SET cfg_Activo = 1, cfg_MaxDestinatarios = NULL, cfgcan_Cod = '0001';
    UPDATE CT_Empresas SET emp_Activo = 1;
    UPDATE CT_Alertas_Plantillas SET pla_Cuerpo = ${pla_Cuerpo};
    UPDATE CT_Alertas_Queries SET qry_Sql = ${qry_Sql};
    UPDATE CT_Alertas_Webhooks SET whk_Formato = NULL, whk_Cuerpo = NULL`.execute(db);
}
