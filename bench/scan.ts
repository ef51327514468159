import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { openControlDatabase } from '../src/adapters/mssql/control-database.ts';
import { migrate } from '../src/adapters/mssql/migrations/migrate.ts';
import { scanPortsOf } from '../src/wiring/build-scan.ts';
import { scanDueAlerts } from '../src/scan/scan-due-alerts.ts';
import { localSecrets, sqlConnection } from '../dev/services/connections.ts';
import { startSqlServer } from '../dev/sqlserver/start-sqlserver.ts';
import { clockAt } from '../test/support/moved-clock.ts';
import { scanPolicy } from '../test/support/scan-policy.ts';
import { readableTemporaryFolder } from '../test/support/temporary-folder.ts';
import { atMost, information, quantile, type Figure } from './figure.ts';

const due = 100;
const scans = 5;
const many = 100_000;
const few = 1_000;
/** By then the local SQL Server's PostgreSQL knows how large the tables are. */
const statisticsMs = 20_000;
const day = Temporal.PlainDate.from('2026-03-02');

/** A scan of 100,000 alerts of which 100 are due, against one of 1,000 alerts; a queue that takes everything at once. */
export async function measureScan(): Promise<Figure[]> {
  await using folder = readableTemporaryFolder('vigia-bench-');
  const databases = ['ScanFew', 'ScanMany'];
  const server = await startSqlServer({
    port: 0,
    dataDir: folder.path,
    saPassword: localSecrets.saPassword,
    databases,
  });
  try {
    const connectionTo = (database: string) =>
      sqlConnection(`127.0.0.1,${server.port}`, database, 'sa', localSecrets.saPassword);
    const ofFew = await measure(connectionTo('ScanFew'), few);
    const ofMany = await measure(connectionTo('ScanMany'), many);
    return [
      information('scan: first refresh of 100,000 alerts', ofMany.firstRefreshMs / 1_000, 's'),
      information('scan: 1,000 alerts, 100 due', ofFew.scanMs, 'ms'),
      atMost('scan: 100,000 alerts, 100 due', ofMany.scanMs, 'ms', 1_000),
      atMost('scan: 100,000 alerts / 1,000 alerts', ofMany.scanMs / ofFew.scanMs, '', 1.5),
      information('scan: 100,000 alerts, none due', ofMany.idleMs, 'ms'),
    ];
  } finally {
    await server.close();
  }
}

/** Medians over as many days, each of which has 100 alerts due at noon. */
async function measure(connection: string, alerts: number) {
  await migrate(connection);
  await using db = openControlDatabase({ connection });
  await seed(db, alerts);
  const clock = clockAt(localTime(day, '00:01').toString());
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const queue = { sendDispatch: async () => undefined, nudgeReports: async () => undefined };
  const scan = scanDueAlerts(scanPortsOf(scanPolicy, { clock, log, db, queue }));
  const timedScan = async (at: Temporal.Instant, expected: number): Promise<number> => {
    await clock.moveTo(at.toString());
    const began = performance.now();
    const { claimed, failures } = await scan();
    if (claimed !== expected)
      throw new Error(`${claimed} claimed instead of ${expected}. ${failures.join('; ')}`);
    return performance.now() - began;
  };
  const firstRefreshMs = await timedScan(clock.now(), 0);
  await pause(statisticsMs);
  const times: number[] = [];
  const idle: number[] = [];
  for (let days = 0; days < scans; days++) {
    const today = day.add({ days });
    times.push(await timedScan(localTime(today, '11:59'), due));
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Estado = 'ENVIADA', sch_Revisar = NULL`.execute(db);
    idle.push(await timedScan(localTime(today, '13:00'), 0));
  }
  return { firstRefreshMs, scanMs: quantile(times, 0.5), idleMs: quantile(idle, 0.5) };
}

/** 100 go daily at noon, the others once a year. */
async function seed(db: ReturnType<typeof openControlDatabase>, alerts: number): Promise<void> {
  await db.insertInto('CT_Empresas').values({ emp_Cod: 'BENCH', emp_Nombre: 'Bench' }).execute();
  const codes = Array.from({ length: alerts }, (_, n) => ({
    code: String(n).padStart(6, '0'),
    daily: n < due ? 1 : 0,
  }));
  for (let start = 0; start < alerts; start += 10_000) {
    await sql`
      INSERT INTO CT_Alertas_Config
        (cfg_Cod, cfgemp_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio, cfg_DiasMes, cfg_Meses)
      SELECT code, 'BENCH', 'PERIODICO', CASE WHEN daily = 1 THEN 'DIARIO' ELSE 'ANUAL' END, '12:00:00',
        CASE WHEN daily = 0 THEN '24' END, CASE WHEN daily = 0 THEN '12' END
      FROM OPENJSON(${JSON.stringify(codes.slice(start, start + 10_000))}) WITH (code VARCHAR(6), daily INT)`.execute(
      db,
    );
  }
}

function localTime(date: Temporal.PlainDate, time: string): Temporal.Instant {
  return date.toZonedDateTime({ timeZone: scanPolicy.timeZone, plainTime: time }).toInstant();
}
