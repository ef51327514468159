import { sql, type Transaction } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { isZone } from '../../domain/is-zone.ts';
import type { Obstacle } from '../../manage/asked-execution.ts';
import type { ControlSchema } from './schema.ts';
import { isUnfinished } from './sql-tally.ts';
import { isoFrom, occurrenceColumn, occurrenceFrom, sqlInstant } from './sql-time.ts';
import { sqlVarchar } from './sql-varchar.ts';

/** What acts by hand look at of an alert. */
export interface LockedAlert {
  /** As the table has it. */
  code: string;
  active: boolean;
  tenant: string | null;
  /** Also when there is no such tenant: its dispatch tells. */
  tenantActive: boolean;
  channel: string | null;
  zone: string;
}

interface LockedRecord {
  cfg_Cod: string;
  cfg_Activo: boolean;
  cfgemp_Cod: string | null;
  cfgcan_Cod: string | null;
  emp_Activo: boolean | null;
  emp_ZonaHoraria: string | null;
}

/**
 * Whoever makes an execution of an alert by hand takes its row first, so that of two at once the second sees what the
 * first has made. Readers of the row do not wait for it.
 */
export async function lockAlert(
  trx: Transaction<ControlSchema>,
  code: string,
  timeZone: string,
): Promise<LockedAlert | null> {
  const { rows } = await sql<LockedRecord>`
    SELECT c.cfg_Cod, c.cfg_Activo, c.cfgemp_Cod, c.cfgcan_Cod, e.emp_Activo, e.emp_ZonaHoraria
    FROM CT_Alertas_Config c WITH (UPDLOCK, ROWLOCK)
    LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
    WHERE c.cfg_Cod = ${sqlVarchar(code)}`.execute(trx);
  const [record] = rows;
  if (record === undefined) return null;
  const zone = record.emp_ZonaHoraria?.trim() ?? '';
  return {
    code: record.cfg_Cod,
    active: record.cfg_Activo,
    tenant: record.cfgemp_Cod,
    tenantActive: record.emp_Activo ?? true,
    channel: record.cfgcan_Cod,
    zone: isZone(zone) ? zone : timeZone,
  };
}

/** What keeps anything from going out of the alert now, but for a trial. */
export async function obstacleOf(
  trx: Transaction<ControlSchema>,
  alert: LockedAlert | null,
  now: Temporal.Instant,
): Promise<Obstacle | null> {
  if (alert === null || !alert.active) return { kind: 'alert-inactive' };
  if (!alert.tenantActive) return { kind: 'tenant-inactive', tenant: alert.tenant ?? '' };
  return await pauseOf(trx, alert, now);
}

async function pauseOf(
  trx: Transaction<ControlSchema>,
  { code, tenant, channel }: LockedAlert,
  now: Temporal.Instant,
): Promise<Obstacle | null> {
  const { rows } = await sql<{
    pau_id: number;
    pau_Hasta: Date | null;
    pau_Quien: string | null;
    pau_Motivo: string | null;
  }>`
    SELECT TOP (1) pau_id, pau_Hasta, pau_Quien, pau_Motivo
    FROM CT_Scheduler_Pausas
    WHERE pau_Desde <= ${sqlInstant(now)} AND (pau_Hasta IS NULL OR pau_Hasta > ${sqlInstant(now)})
      AND (pauemp_Cod IS NULL OR pauemp_Cod = ${sqlVarchar(tenant)}) AND (paucfg_Cod IS NULL OR paucfg_Cod = ${sqlVarchar(code)})
      AND (paucan_Cod IS NULL OR paucan_Cod = ${sqlVarchar(channel)})
    ORDER BY pau_id`.execute(trx);
  const [pause] = rows;
  if (pause === undefined) return null;
  const { pau_id: id, pau_Hasta: until, pau_Quien: by, pau_Motivo: why } = pause;
  return { kind: 'paused', pause: { id, until: until && isoFrom(until), by, why } };
}

/**
 * The first that has not yet reached all its recipients once: not opened, being prepared or waiting for that, or with a
 * delivery that was never attempted. Retries alone keep nobody from a run. Trials do not count.
 */
export async function executionUnderWay(
  trx: Transaction<ControlSchema>,
  code: string,
): Promise<Obstacle | null> {
  const { rows } = await sql<{ sch_id: number; sch_Estado: string; occurrence: string | null }>`
    SELECT TOP (1) s.sch_id, s.sch_Estado, ${occurrenceColumn('s.sch_Ocurrencia')} AS occurrence
    FROM CT_Scheduler_Alertas s
    WHERE s.schcfg_Cod = ${sqlVarchar(code)} AND s.sch_Revisar IS NOT NULL AND ${isUnfinished}
      AND s.sch_Origen <> 'PRUEBA'
      AND (s.sch_Preparada IS NULL OR EXISTS (
        SELECT 1 FROM CT_Alertas_Mensajes m WHERE m.msgsch_id = s.sch_id AND m.msg_Estado = 'PENDIENTE'))
    ORDER BY s.sch_id`.execute(trx);
  const [first] = rows;
  if (first === undefined) return null;
  const { sch_id: executionId, sch_Estado: state, occurrence } = first;
  return { kind: 'under-way', executionId, state, due: occurrence && occurrenceFrom(occurrence) };
}
