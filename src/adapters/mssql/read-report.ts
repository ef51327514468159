import { sql, type Kysely } from 'kysely';
import type {
  Administrator,
  IncidentReport,
  ReadReport,
  ReportedExecution,
  ReportedFault,
} from '../../poison/read-report.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom } from './sql-time.ts';
import { sqlVarchar } from './sql-varchar.ts';

interface FaultRow {
  fal_Fecha: Date;
  fal_Detalle: string | null;
  fal_Cuerpo: string | null;
  falcfg_Cod: string | null;
  cfg_Nombre: string | null;
  falsch_id: number | null;
  sch_Ocurrencia: Date | null;
}

interface CountRow {
  id: number;
  accepted: number;
  pending: number;
  failed: number;
}

interface FailureRow {
  id: number;
  person: string;
  error: string | null;
}

export function readReport(db: Kysely<ControlSchema>): ReadReport {
  return async ({ id, tenant }): Promise<IncidentReport> => {
    const { unreported, lastFault } = await readUnreported(db, id);
    const faults = lastFault === null ? [] : await readFaults(db, id, lastFault);
    const executions = await readExecutions(db, faults);
    const { name, zone } = await readTenant(db, tenant);
    return {
      tenantName: name,
      zone,
      faults: faults.map((fault) => faultOf(fault, executions)),
      unreported,
      lastFault,
      administrators: await readAdministrators(db, tenant),
    };
  };
}

async function readUnreported(db: Kysely<ControlSchema>, incident: number) {
  const { rows } = await sql<{ unreported: number; lastFault: string | null }>`
    SELECT COUNT(*) AS unreported, MAX(fal_id) AS lastFault
    FROM CT_Scheduler_Fallas
    WHERE falave_id = ${incident} AND fal_Informada IS NULL AND fal_Descartada IS NULL`.execute(db);
  return rows[0] ?? { unreported: 0, lastFault: null };
}

async function readFaults(
  db: Kysely<ControlSchema>,
  incident: number,
  last: string,
): Promise<readonly FaultRow[]> {
  const { rows } = await sql<FaultRow>`
    SELECT TOP (50) f.fal_Fecha, f.fal_Detalle, f.fal_Cuerpo, f.falcfg_Cod, c.cfg_Nombre, f.falsch_id, s.sch_Ocurrencia
    FROM CT_Scheduler_Fallas f
    LEFT JOIN CT_Alertas_Config c ON c.cfg_Cod = f.falcfg_Cod
    LEFT JOIN CT_Scheduler_Alertas s ON s.sch_id = f.falsch_id
    WHERE f.falave_id = ${incident} AND f.fal_Informada IS NULL AND f.fal_Descartada IS NULL
      AND f.fal_id <= CAST(${last} AS BIGINT)
    ORDER BY f.fal_id DESC`.execute(db);
  return rows;
}

/** What was and was not delivered, by execution. Of each execution the first failures, before the second of any. */
async function readExecutions(
  db: Kysely<ControlSchema>,
  faults: readonly FaultRow[],
): Promise<ReadonlyMap<number, Omit<ReportedExecution, 'instant'>>> {
  const ids = JSON.stringify(faults.map(({ falsch_id }) => falsch_id).filter((id) => id !== null));
  const counts = await sql<CountRow>`
    SELECT m.msgsch_id AS id,
      SUM(CASE WHEN m.msg_Estado IN ('ENVIADO', 'ENTREGADO', 'LEIDO', 'RESPONDIDO', 'FALLIDO') THEN 1 ELSE 0 END) AS accepted,
      SUM(CASE WHEN m.msg_Estado IN ('PENDIENTE', 'REINTENTO') THEN 1 ELSE 0 END) AS pending,
      SUM(CASE WHEN m.msg_Estado IN ('ERROR', 'RECHAZADO', 'SIN_CONTACTO') THEN 1 ELSE 0 END) AS failed
    FROM CT_Alertas_Mensajes m
    WHERE m.msgsch_id IN (SELECT id FROM OPENJSON(${ids}) WITH (id INT '$'))
    GROUP BY m.msgsch_id`.execute(db);
  const failures = await sql<FailureRow>`
    SELECT TOP (50) f.id, f.person, f.error
    FROM (
      SELECT m.msgsch_id AS id, COALESCE(m.msgper_Nombre, m.msgper_Cod, '') AS person, m.msg_Error AS error,
        ROW_NUMBER() OVER (PARTITION BY m.msgsch_id ORDER BY m.msg_id) AS place
      FROM CT_Alertas_Mensajes m
      WHERE m.msgsch_id IN (SELECT id FROM OPENJSON(${ids}) WITH (id INT '$'))
        AND m.msg_Estado IN ('ERROR', 'RECHAZADO', 'SIN_CONTACTO')
    ) f
    ORDER BY f.place, f.id DESC`.execute(db);
  return new Map(
    counts.rows.map(({ id, accepted, pending, failed }) => [
      id,
      { id, accepted, open: pending, notAccepted: failed, failures: failuresOf(id, failures.rows) },
    ]),
  );
}

function failuresOf(execution: number, rows: readonly FailureRow[]): ReportedExecution['failures'] {
  return rows
    .filter(({ id }) => id === execution)
    .map(({ person, error }) => ({ person, error: error ?? '' }));
}

function faultOf(
  row: FaultRow,
  executions: ReadonlyMap<number, Omit<ReportedExecution, 'instant'>>,
): ReportedFault {
  const { falcfg_Cod: code, falsch_id: id, sch_Ocurrencia: occurrence } = row;
  const nothing = { accepted: 0, open: 0, notAccepted: 0, failures: [] };
  return {
    at: instantFrom(row.fal_Fecha),
    detail: row.fal_Detalle ?? '',
    body: row.fal_Cuerpo,
    alert: code === null ? null : { code, name: row.cfg_Nombre },
    execution:
      id === null
        ? null
        : {
            id,
            ...nothing,
            ...executions.get(id),
            instant: occurrence === null ? null : instantFrom(occurrence),
          },
  };
}

async function readTenant(db: Kysely<ControlSchema>, tenant: string) {
  const { rows } = await sql<{ name: string | null; zone: string | null }>`
    SELECT emp_Nombre AS name, emp_ZonaHoraria AS zone FROM CT_Empresas WHERE emp_Cod = ${sqlVarchar(tenant)}`.execute(
    db,
  );
  return rows[0] ?? { name: null, zone: null };
}

async function readAdministrators(
  db: Kysely<ControlSchema>,
  tenant: string,
): Promise<readonly Administrator[]> {
  const { rows } = await sql<Administrator>`
    SELECT adm_Email AS email, adm_Nombre AS name, admemp_Cod AS tenant
    FROM CT_Alertas_Admin_Emails
    WHERE adm_Activo = 1 AND adm_Email IS NOT NULL AND (admemp_Cod IS NULL OR admemp_Cod = ${sqlVarchar(tenant)})
    ORDER BY adm_id`.execute(db);
  return rows;
}
