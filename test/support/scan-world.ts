import { sql, type Kysely, type KyselyPlugin } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { scanPortsOf } from '../../src/wiring/build-scan.ts';
import type { ControlSchema } from '../../src/adapters/mssql/schema.ts';
import type { AlertRow } from '../../src/domain/alert.ts';
import type { ScanReport } from '../../src/scan/record-cycle.ts';
import { scanDueAlerts, type ScanPorts } from '../../src/scan/scan-due-alerts.ts';
import type { ScanPolicy } from '../../src/scan/scan-policy.ts';
import { controlDatabase, type TestDatabase } from './control-database.ts';
import { atEndOfFile } from './end-of-file.ts';
import { keptLog } from './kept-log.ts';
import { clockAt, type MovedClock } from './moved-clock.ts';
import { scanPolicy } from './scan-policy.ts';

/** What a scan reaches the outside by. */
export type Reach = Pick<Parameters<typeof scanPortsOf>[1], 'db' | 'queue'>;

export interface ScanWorld extends Reach {
  /** An ADO.NET connection string to the control database. */
  connection: string;
  clock: MovedClock;
  log: ReturnType<typeof keptLog>;
  /** `executionId@instant at which it becomes visible`, in the order of sending. */
  messages: string[];
  nudges: () => number;
  /** Statements sent to the control database so far. */
  statements: () => number;
  /** The queue answers 503 until told otherwise. */
  breakQueue(broken: boolean): void;
  withTenant(code: string, zone?: string): Promise<void>;
  withAlert(row: AlertRow): Promise<void>;
  /** With the codes 000001, 000002 … */
  withDailyAlerts(count: number, sendTime: string): Promise<void>;
  /** Replaces the alert's row, as an operator's UPDATE does; in a transaction of the test's, if one is given. */
  edit(row: AlertRow, session?: Kysely<ControlSchema>): Promise<void>;
  scan(): Promise<ScanReport>;
  /** A scan with some ports of its own, as of another instance. */
  scanWith(replaced: Partial<ScanPorts>): Promise<ScanReport>;
  /** What a scan is built from, over another way to the database or the queue. */
  portsOver(reach: Partial<Reach>): ScanPorts;
  /** `key state reason instant`, in the order of recording. */
  executions(): Promise<string[]>;
  faults(): Promise<string[]>;
  /** age_Proxima as an instant, or null. */
  pointer(alert?: string): Promise<string | null>;
}

/** A scan on an empty control database, with tenant 0001, a clock that stands, and a queue that keeps a list. */
export async function scanWorld(at: string, policyChanges: Partial<ScanPolicy> = {}): Promise<ScanWorld> {
  const database = await emptied();
  let sent = 0;
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => (sent++, node),
    transformResult: async ({ result }) => result,
  };
  const db = database.db.withPlugin(counting);
  const clock = clockAt(at);
  const log = keptLog();
  const policy = { ...scanPolicy, ...policyChanges };
  const messages: string[] = [];
  let nudges = 0;
  let broken = false;

  async function sendDispatch(executionId: number, visibleAt: Temporal.Instant): Promise<void> {
    if (broken) throw new Error('503');
    messages.push(`${executionId}@${visibleAt.toString()}`);
  }
  const queue = { sendDispatch, nudgeReports: async () => void nudges++ };
  const portsOver = (reach: Partial<Reach>) => scanPortsOf(policy, { clock, log, db, queue, ...reach });
  const ports = portsOver({});

  const world: ScanWorld = {
    connection: database.connection,
    db,
    queue,
    clock,
    log,
    messages,
    nudges: () => nudges,
    statements: () => sent,
    breakQueue: (isBroken) => void (broken = isBroken),
    withTenant: (code, zone) => insertTenant(db, code, zone),
    withAlert: (row) => insertAlert(db, row),
    withDailyAlerts: (count, sendTime) => insertDailyAlerts(db, count, sendTime),
    edit: (row, session = db) => updateAlert(session, row),
    scan: () => scanDueAlerts(ports)(),
    scanWith: (replaced) => scanDueAlerts({ ...ports, ...replaced })(),
    portsOver,
    executions: () => readExecutions(db),
    faults: () => readFaults(db),
    pointer: (alert = '000001') => readPointer(db, alert),
  };
  await world.withTenant('0001');
  return world;
}

let made: Promise<TestDatabase> | undefined;

function madeDatabase(): Promise<TestDatabase> {
  const making = controlDatabase();
  atEndOfFile(async () => {
    made = undefined;
    await (await making)[Symbol.asyncDispose]();
  });
  return making;
}

/** The database of this file's tests, without what the last one left: making it anew would take most of the time. */
async function emptied(): Promise<TestDatabase> {
  made ??= madeDatabase();
  const database = await made;
  await sql`
    TRUNCATE TABLE CT_Scheduler_Alertas;
    TRUNCATE TABLE CT_Scheduler_Agenda;
    TRUNCATE TABLE CT_Scheduler_Ciclos;
    TRUNCATE TABLE CT_Scheduler_Fallas;
    TRUNCATE TABLE CT_Alertas_Config;
    TRUNCATE TABLE CT_Empresas;
    UPDATE CT_Scheduler_Estado SET est_UltimoCiclo = NULL, est_Version = NULL, est_HuellaAjustes = NULL;`.execute(
    database.db,
  );
  return database;
}

async function insertTenant(
  db: Kysely<ControlSchema>,
  code: string,
  zone: string | null = null,
): Promise<void> {
  await sql`INSERT INTO CT_Empresas (emp_Cod, emp_Nombre, emp_ZonaHoraria) VALUES (${code}, ${code}, ${zone})`.execute(
    db,
  );
}

async function insertAlert(db: Kysely<ControlSchema>, row: AlertRow): Promise<void> {
  await sql`
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_Activo, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio,
      cfg_FechasPuntuales, cfg_DiasSemana, cfg_DiasMes, cfg_Meses, cfg_UltimoDiaMes, cfg_RecuperacionMin)
    VALUES (${row.code}, ${row.tenant}, ${row.active ? 1 : 0}, ${row.trigger}, ${row.frequency},
      CAST(${row.sendTime} AS TIME), ${row.dates}, ${row.weekdays}, ${row.monthDays}, ${row.months},
      ${row.lastDayOfMonth ? 1 : 0}, CAST(${row.catchUpMinutes} AS INT))`.execute(db);
}

async function insertDailyAlerts(db: Kysely<ControlSchema>, count: number, sendTime: string): Promise<void> {
  const codes = Array.from({ length: count }, (_, n) => String(n + 1).padStart(6, '0'));
  await sql`
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio)
    SELECT code, '0001', 'PERIODICO', 'DIARIO', CAST(${sendTime} AS TIME)
    FROM OPENJSON(${JSON.stringify(codes)}) WITH (code VARCHAR(6) '$')`.execute(db);
}

async function updateAlert(db: Kysely<ControlSchema>, row: AlertRow): Promise<void> {
  await sql`
    UPDATE CT_Alertas_Config SET cfgemp_Cod = ${row.tenant}, cfg_Activo = ${row.active ? 1 : 0},
      cfg_TipoDisparo = ${row.trigger}, cfg_Frecuencia = ${row.frequency},
      cfg_HoraEnvio = CAST(${row.sendTime} AS TIME), cfg_FechasPuntuales = ${row.dates},
      cfg_DiasSemana = ${row.weekdays}, cfg_DiasMes = ${row.monthDays}, cfg_Meses = ${row.months},
      cfg_UltimoDiaMes = ${row.lastDayOfMonth ? 1 : 0}, cfg_RecuperacionMin = CAST(${row.catchUpMinutes} AS INT)
    WHERE cfg_Cod = ${row.code}`.execute(db);
}

async function readExecutions(db: Kysely<ControlSchema>): Promise<string[]> {
  const { rows } = await sql<{
    clave: string | null;
    estado: string;
    motivo: string | null;
    at: Date | null;
  }>`
    SELECT sch_Clave AS clave, sch_Estado AS estado, sch_Motivo AS motivo, sch_Ocurrencia AS at
    FROM CT_Scheduler_Alertas ORDER BY sch_id`.execute(db);
  return rows.map(({ clave, estado, motivo, at }) =>
    [clave ?? '-', estado, motivo ?? '-', at?.toISOString() ?? '-'].join(' '),
  );
}

async function readFaults(db: Kysely<ControlSchema>): Promise<string[]> {
  const { rows } = await sql<{ motivo: string; alert: string | null; tenant: string | null }>`
    SELECT fal_Motivo AS motivo, falcfg_Cod AS alert, falemp_Cod AS tenant
    FROM CT_Scheduler_Fallas ORDER BY fal_id`.execute(db);
  return rows.map(({ motivo, alert, tenant }) => [motivo, alert, tenant].join(' '));
}

async function readPointer(db: Kysely<ControlSchema>, alert: string): Promise<string | null> {
  const { rows } = await sql<{ at: Date | null }>`
    SELECT age_Proxima AS at FROM CT_Scheduler_Agenda WHERE agecfg_Cod = ${alert}`.execute(db);
  if (!rows[0]) throw new Error(`${alert} has no agenda row`);
  return rows[0].at?.toISOString() ?? null;
}
