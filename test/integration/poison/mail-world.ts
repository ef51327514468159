import { sql, type Kysely } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { mailRecordsOf } from '../../../src/wiring/build-poison.ts';
import { sendMail } from '../../../src/adapters/mail/send-mail.ts';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';
import type { Fault } from '../../../src/domain/fault.ts';
import { reportPoison, type PoisonPorts } from '../../../src/poison/report-poison.ts';
import { controlDatabase, type TestDatabase } from '../../support/control-database.ts';
import { keptLog } from '../../support/kept-log.ts';
import type { MovedClock } from '../../support/moved-clock.ts';

interface Mailer {
  report: (message: unknown) => Promise<void>;
  log: ReturnType<typeof keptLog>;
  /** Names of what it logged. */
  events: () => readonly string[];
}

export interface MailWorld {
  readonly db: Kysely<ControlSchema>;
  readonly connection: string;
  /** A mailer of one process: several of them share the database. */
  mailerOn(smtpPort: number, clock: MovedClock, replaced?: Partial<PoisonPorts>): Mailer;
  /** An execution of the alert, prepared at that time of the day, in that state. */
  anExecution(alert: string, prepared: string, state: string): Promise<number>;
}

/**
 * A control database for the tests of a file, emptied before each: two companies with an alert each, and three
 * administrators: of all, of the first company, and a former one.
 */
export function mailWorld(): MailWorld {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(() => refill(database.db));
  return {
    get db() {
      return database.db;
    },
    get connection() {
      return database.connection;
    },
    mailerOn: (smtpPort, clock, replaced) => mailerOn(database.db, smtpPort, clock, replaced),
    anExecution: (...given) => anExecution(database.db, ...given),
  };
}

function mailerOn(
  db: Kysely<ControlSchema>,
  smtpPort: number,
  clock: MovedClock,
  replaced: Partial<PoisonPorts> = {},
): Mailer {
  const log = keptLog();
  const server = { server: '127.0.0.1', port: smtpPort, secure: false, login: null };
  const report = reportPoison({
    clock,
    log,
    ...mailRecordsOf(db),
    storeFault: (fault) => insertFaults(db, [fault]),
    sendMail: sendMail({ ...server, from: 'vigia@example.com' }),
    zone: 'America/Argentina/Buenos_Aires',
    ...replaced,
  });
  return { report, log, events: () => log.events.map(({ event }) => event) };
}

async function refill(db: Kysely<ControlSchema>): Promise<void> {
  await sql`
    TRUNCATE TABLE CT_Scheduler_Fallas;
    TRUNCATE TABLE CT_Scheduler_Averias;
    TRUNCATE TABLE CT_Scheduler_Alertas;
    TRUNCATE TABLE CT_Alertas_Mensajes;
    TRUNCATE TABLE CT_Empresas;
    TRUNCATE TABLE CT_Alertas_Config;
    TRUNCATE TABLE CT_Alertas_Admin_Emails;
    INSERT INTO CT_Empresas (emp_Cod, emp_Nombre) VALUES ('E001', 'Farmacia Norte'), ('E002', 'Ferretería Sur');
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfg_Nombre, cfgemp_Cod)
    VALUES ('000001', 'Facturas impagas', 'E001'), ('000002', 'Stock mínimo', 'E002');
    INSERT INTO CT_Alertas_Admin_Emails (adm_Email, adm_Nombre, adm_Activo, admemp_Cod)
    VALUES ('todo@example.com', 'Ada', 1, NULL), ('norte@example.com', 'Noé', 1, 'E001'),
      ('antes@example.com', 'Eva', 0, NULL);`.execute(db);
}

async function anExecution(
  db: Kysely<ControlSchema>,
  alert: string,
  prepared: string,
  state: string,
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_Estado, sch_Preparada, sch_Ocurrencia)
    OUTPUT inserted.sch_id AS id
    VALUES (${alert}, '2026-03-02', ${state}, CAST(${`2026-03-02T${prepared}`} AS DATETIME2(3)),
      CAST('2026-03-02T09:00:00-03:00' AS DATETIMEOFFSET(0)))`.execute(db);
  return rows[0]?.id ?? 0;
}

/** Of the first company, at a time of the day, in UTC. */
export function aFault(at: string, given: Partial<Fault> = {}): Fault {
  const fault = {
    reason: 'empresa_no_disponible',
    detail: 'No responde.',
    alert: '000001',
    tenant: 'E001',
  } as const;
  return { ...fault, at: Temporal.Instant.from(`2026-03-02T${at}Z`), ...given };
}
