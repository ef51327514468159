import type { KyselyPlugin } from 'kysely';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { scanDueAlerts } from '../../../src/scan/scan-due-alerts.ts';
import { daily, listed } from '../../support/alert-rows.ts';
import { scanWorld, type Reach, type ScanWorld } from '../../support/scan-world.ts';

/** `fails`: it does nothing and throws. `loses its answer`: it does its work and throws. `dies`: nothing is done from it on. */
export type Interruption = 'fails' | 'loses its answer' | 'dies';

interface Strike {
  /** Of all that a scan asks of the database and the queue, the first is 1. */
  at: number;
  kind: Interruption;
}

/** A way to the database and the queue on which one call goes wrong; `calls` names them all, statements by their beginning. */
export function interrupted({ db, queue }: Reach, strike?: Strike): { reach: Reach; calls: string[] } {
  const calls: string[] = [];
  let dead = false;
  const enter = (name: string): number => {
    const call = calls.push(name);
    const strikes = call === strike?.at;
    dead ||= strikes && strike.kind === 'dies';
    if (dead || (strikes && strike.kind === 'fails')) throw new Error(`call ${call} is interrupted`);
    return call;
  };
  const leave = (call: number | undefined): void => {
    if (call === strike?.at) throw new Error(`the answer of call ${call} is lost`);
  };
  const statements = new WeakMap<object, number>();
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      const text = node.kind === 'RawNode' ? node.sqlFragments.join('?') : node.kind;
      statements.set(queryId, enter(text.trim().replace(/\s+/g, ' ').slice(0, 40)));
      return node;
    },
    async transformResult({ result, queryId }) {
      leave(statements.get(queryId));
      return result;
    },
  };
  const call = async (work: () => Promise<void>): Promise<void> => {
    const number = enter('message');
    await work();
    leave(number);
  };
  const reach: Reach = {
    db: db.withPlugin(plugin),
    queue: {
      sendDispatch: (...message) => call(() => queue.sendDispatch(...message)),
      nudgeReports: () => call(() => queue.nudgeReports()),
    },
  };
  return { reach, calls };
}

const day = '2026-03-02';

/**
 * An hour without scans in which everything happened that a scan can meet: alerts due, missed, new, edited, deactivated,
 * broken and deleted, and executions whose messages were lost. The clock stands at 09:59.
 */
export async function afterABadHour(): Promise<ScanWorld> {
  const world = await scanWorld(`${day}T09:00:00-03:00`);
  await world.withAlert(daily('10:00:00', { code: 'DUE' }));
  await world.withAlert(daily('09:40:00', { code: 'LATE' }));
  await world.withAlert(daily('09:30:00', { code: 'MISSED', catchUpMinutes: 5 }));
  await world.withAlert(daily('09:01:00', { code: 'MOVED', catchUpMinutes: 120 }));
  await world.withAlert(daily('09:01:00', { code: 'ENDED', catchUpMinutes: 120 }));
  await world.withAlert(daily('09:01:00', { code: 'LOST' }));
  await world.withAlert(daily('09:01:00', { code: 'SWEPT', catchUpMinutes: 120 }));
  await world.withAlert(daily('09:20:00', { code: 'BROKEN' }));
  await world.withAlert(daily('09:20:00', { code: 'GONE' }));
  await world.withAlert(listed(`${day} 09:10, ${day} 10:00:30`, { code: 'LIST' }));
  await world.scan();
  await world.withAlert(daily('09:30:00', { code: 'NEW' }));
  await world.edit(daily('10:30:00', { code: 'MOVED', catchUpMinutes: 120 }));
  await world.edit(daily('09:01:00', { code: 'ENDED', catchUpMinutes: 120, active: false }));
  await world.edit(daily('25', { code: 'BROKEN', sendTime: null }));
  await sql`DELETE FROM CT_Alertas_Config WHERE cfg_Cod = 'GONE'`.execute(world.db);
  await world.clock.moveTo(`${day}T09:59:00-03:00`);
  return world;
}

/** Scans once over that way, and then each minute as usual. */
export async function scanOver(world: ScanWorld, reach: Reach): Promise<void> {
  await scanDueAlerts(world.portsOver(reach))();
  for (let minute = 0; minute < 3; minute++) {
    await world.clock.moveBy({ minutes: 1 });
    await world.scan();
  }
}

interface ExecutionRecord {
  id: number;
  alert: string;
  clave: string | null;
  estado: string;
  motivo: string | null;
  at: Date;
  revisar: Date | null;
}

/** What a person could look at: what became of each occurrence, who was told, and where the pointers stand. */
export async function outcomeOf(world: ScanWorld) {
  const { rows } = await sql<ExecutionRecord>`
    SELECT sch_id AS id, schcfg_Cod AS alert, sch_Clave AS clave, sch_Estado AS estado, sch_Motivo AS motivo,
      sch_Ocurrencia AS at, sch_Revisar AS revisar
    FROM CT_Scheduler_Alertas`.execute(world.db);
  const { rows: pointers } = await sql<{ alert: string; at: Date | null }>`
    SELECT agecfg_Cod AS alert, age_Proxima AS at FROM CT_Scheduler_Agenda ORDER BY agecfg_Cod`.execute(
    world.db,
  );
  return {
    executions: rows.map((row) => lineOf(row, world.messages)).toSorted(),
    faults: (await world.faults()).toSorted(),
    pointers: pointers.map(({ alert, at }) => `${alert} ${at?.toISOString() ?? '-'}`),
  };
}

function lineOf({ id, alert, clave, estado, motivo, at, revisar }: ExecutionRecord, messages: string[]) {
  const instant = Temporal.Instant.fromEpochMilliseconds(at.getTime());
  const message = `${id}@${instant.subtract({ seconds: 5 }).toString()}`;
  const kept =
    revisar === null ? 'final' : messages.includes(message) ? 'enqueued, looked after' : 'forgotten';
  return [alert, clave ?? '-', estado, motivo ?? '-', instant.toString(), kept].join(' ');
}
