import { sql, type RawBuilder } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { openControlDatabase } from '../src/adapters/mssql/control-database.ts';

type Database = ReturnType<typeof openControlDatabase>;

const seeded = { executions: 200_000, messages: 1_000_000, alerts: 1_000, tenants: 50 } as const;

/** What stands in few rows of many, and in most of them. */
export const known = {
  /** Of ten old executions alone, as its tenant. */
  rareAlert: 'B00000',
  rareTenant: 'E00',
  alert: 'B00500',
  /** Of a seventh of all alerts. */
  largeTenant: 'E01',
  rareReason: 'demasiados_destinatarios',
  /** Executions with 1,004 deliveries, an old and a recent one. */
  largeExecutions: [1_000, 199_000],
  execution: 123_456,
} as const;

const zone = 'America/Argentina/Buenos_Aires';
const years = 2;
const chunk = 50_000;
const scans = 43_200;
const faults = 5_000;
const acts = 20_000;
const pauses = 300;

/**
 * Two years of records in sets: 200,000 executions of 1,000 alerts of 50 tenants, a tenth of a per cent of them with
 * 1,004 deliveries, the others with 4; attempts of the newer half. No alert is due in the next hours, so that the
 * timer's scans change nothing.
 */
export async function seedRecords(db: Database, now: Temporal.Instant): Promise<void> {
  const local = now.toZonedDateTimeISO(zone);
  const start = local.subtract({ years });
  await seedConfiguration(db, local);
  for (let first = 1; first <= seeded.executions; first += chunk)
    await seedExecutions(db, { start, now, first });
  for (let first = 1; first <= seeded.executions; first += chunk) await seedMessages(db, first);
  await seedAttempts(db);
  await seedRest(db, now);
}

/** Numbers from the first, so many, as a table `v` of `n`. */
function numbers(first: number, count: number): RawBuilder<unknown> {
  const list = JSON.stringify(Array.from({ length: count }, (_, index) => first + index));
  return sql`OPENJSON(${list}) WITH (n INT '$') v`;
}

/** The lower a tenant's number, the more alerts it has; E00 has one. */
async function seedConfiguration(db: Database, local: Temporal.ZonedDateTime): Promise<void> {
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Nombre)
      SELECT CONCAT('E', RIGHT(CONCAT('0', v.n), 2)), CONCAT(N'Empresa ', v.n) FROM ${numbers(0, seeded.tenants)};
    INSERT INTO CT_Alertas_Tipos (tip_Cod, tip_Nombre)
      SELECT CONCAT('T', v.n), CONCAT(N'Tipo ', v.n) FROM ${numbers(0, 10)};
    INSERT INTO CT_Alertas_Plantillas (pla_Cod, platip_Cod, pla_Asunto, pla_Cuerpo)
      SELECT tip_Cod, tip_Cod, N'Aviso', N'Hola {{ destinatario.nombre }}' FROM CT_Alertas_Tipos;
    INSERT INTO CT_Alertas_Webhooks (whk_Cod, whktip_Cod, whk_Url, whk_Secreto)
      SELECT tip_Cod, tip_Cod, N'http://127.0.0.1:9/aviso', N'secreto' FROM CT_Alertas_Tipos;`.execute(db);
  const hours = [4, 6, 8, 10, 12].map((later) => local.add({ hours: later }).hour);
  await sql`
    INSERT INTO CT_Alertas_Config
      (cfg_Cod, cfg_Nombre, cfgemp_Cod, cfgtip_Cod, cfgcan_Cod, cfgprf_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio,
        cfg_DiasSemana, cfg_DiasMes, cfg_FechasPuntuales, cfg_Activo)
    SELECT CONCAT('B', RIGHT(CONCAT('0000', v.n), 5)), CONCAT(N'Vencimientos ', v.n),
      CONCAT('E', RIGHT(CONCAT('0', CASE WHEN v.n = 0 THEN 0 ELSE 1 + 49 * v.n * v.n / 1000000 END), 2)),
      CONCAT('T', v.n % 10), CONCAT('000', 1 + v.n % 3), 'P1',
      CASE WHEN v.n % 20 = 7 THEN 'PUNTUAL' ELSE 'PERIODICO' END,
      CASE v.n % 4 WHEN 0 THEN 'DIARIO' WHEN 1 THEN 'SEMANAL' WHEN 2 THEN 'MENSUAL' ELSE 'DIARIO' END,
      CONCAT(RIGHT(CONCAT('0', CHOOSE(1 + v.n % 5, ${sql.join(hours)})), 2), ':', 10 + v.n % 50, ':00'),
      '1,3,5', CASE WHEN v.n % 50 = 2 THEN '40' ELSE '1,15' END, '2025-01-15 10:00, 2030-06-01 09:00',
      CASE WHEN v.n % 25 = 0 THEN 0 ELSE 1 END
    FROM ${numbers(0, seeded.alerts)};`.execute(db);
}

interface Executions {
  start: Temporal.ZonedDateTime;
  now: Temporal.Instant;
  first: number;
}

/** In the order of time; the last twenty are under way, and nobody has to look at them before tomorrow. */
async function seedExecutions(db: Database, { start, now, first }: Executions): Promise<void> {
  const day = start.toPlainDate().toString();
  const seconds = (years * 365 * 86_400) / seeded.executions;
  const tomorrow = now.add({ hours: 24 }).toString().slice(0, 19);
  const last = seeded.executions - 20;
  const payload = JSON.stringify({ rows: [{ factura: 'A-0001', saldo: 1_234.5 }], truncated: false });
  await sql`
    INSERT INTO CT_Scheduler_Alertas
      (sch_Cod, schcfg_Cod, sch_Fecha, sch_FechaIntento, sch_Estado, sch_CantMensajes, sch_DetalleError, sch_PayloadJson,
        sch_Origen, sch_Ocurrencia, sch_Clave, sch_Motivo, sch_Preparada, sch_Revisar)
    SELECT RIGHT(CONCAT('00000', x.n), 6), x.alert, CAST(x.at AS DATE), x.at, x.state,
      CASE WHEN x.state IN ('ENVIADA', 'PARCIAL') THEN 4 ELSE 0 END,
      CASE WHEN x.state IN ('ENVIADA', 'PENDIENTE', 'EN_PROCESO') THEN NULL ELSE N'Lo que pasó, en una frase.' END,
      ${payload}, 'AGENDA', TODATETIMEOFFSET(x.at, '-03:00'), CONVERT(VARCHAR(10), x.at, 23),
      CASE WHEN x.n = 3333 THEN ${known.rareReason}
        WHEN x.state = 'ERROR' THEN CASE x.n % 3 WHEN 0 THEN 'consulta_error' ELSE 'empresa_no_disponible' END
        WHEN x.state = 'PARCIAL' THEN 'entregas_fallidas' WHEN x.state = 'OMITIDA' THEN 'sin_filas'
        WHEN x.state = 'PERDIDA' THEN 'no_ejecutada' WHEN x.state = 'CANCELADA' THEN 'cancelada_por_operador' END,
      DATEADD(HOUR, 3, x.at), CASE WHEN x.n > ${last} THEN CAST(${tomorrow} AS DATETIME2(3)) END
    FROM (
      SELECT v.n, DATEADD(HOUR, CAST(v.n * ${seconds} / 3600 AS INT), CAST(${day} AS DATETIME2(3))) AS at,
        CASE WHEN v.n % 1000 = 0 AND v.n <= 10000 THEN ${known.rareAlert}
          ELSE CONCAT('B', RIGHT(CONCAT('0000', 1 + v.n * 7 % 999), 5)) END AS alert,
        CASE WHEN v.n > ${last} THEN CASE v.n % 2 WHEN 0 THEN 'PENDIENTE' ELSE 'EN_PROCESO' END
          WHEN v.n % 5000 = 77 THEN 'CANCELADA' WHEN v.n % 1000 = 500 THEN 'PERDIDA' WHEN v.n % 100 = 1 THEN 'PARCIAL'
          WHEN v.n % 100 = 33 THEN 'ERROR' WHEN v.n % 100 = 3 THEN 'OMITIDA' ELSE 'ENVIADA' END AS state
      FROM ${numbers(first, chunk)}
    ) x
    ORDER BY x.n;`.execute(db);
}

/** 4 for each execution, 1,004 for each thousandth. */
async function seedMessages(db: Database, first: number): Promise<void> {
  const insert = sql`
    INSERT INTO CT_Alertas_Mensajes
      (msg_Wamid, msgcfg_Cod, msg_Estado, msg_FechaEnvio, msgsch_id, msgper_Cod, msgper_Nombre, msg_Destino, msg_Uuid,
        msg_Asunto, msg_Texto, msg_Intentos, msg_ProximoIntento)`;
  const columns = sql`
    CONCAT('wamid.', s.sch_id, '.', v.n), s.schcfg_Cod,
      CASE WHEN s.sch_Revisar IS NOT NULL THEN 'REINTENTO' WHEN v.n = 3 AND s.sch_Estado <> 'ENVIADA' THEN 'RECHAZADO'
        ELSE 'ENVIADO' END,
      s.sch_FechaIntento, s.sch_id, CONCAT(N'P', v.n), CONCAT(N'Persona ', v.n), CONCAT(N'+5491', 100000000 + v.n), NEWID(),
      N'Facturas por vencer', CONCAT(N'Hola, Persona ', v.n, N': hay 3 facturas por vencer. A-0001 de Almacén Sur: 1.234,50. ',
      N'A-0002 de Casa Norte: 987,00. A-0003 de Ferretería del Centro: 12.345,00. Gracias.'), 1, s.sch_Revisar`;
  await sql`
    ${insert}
    SELECT ${columns}
    FROM CT_Scheduler_Alertas s CROSS JOIN ${numbers(0, 4)}
    WHERE s.sch_id >= ${first} AND s.sch_id < ${first + chunk}
    ORDER BY s.sch_id, v.n;
    ${insert}
    SELECT ${columns}
    FROM CT_Scheduler_Alertas s CROSS JOIN ${numbers(4, 1_000)}
    WHERE s.sch_id >= ${first} AND s.sch_id < ${first + chunk} AND s.sch_id % 1000 = 0
    ORDER BY s.sch_id, v.n;`.execute(db);
}

/** One for each delivery of the newer half, three for each tenth. */
async function seedAttempts(db: Database): Promise<void> {
  await sql`
    INSERT INTO CT_Alertas_Intentos (intmsg_id, int_Numero, int_Fecha, int_DuracionMs, int_Http, int_Error, int_Respuesta)
    SELECT m.msg_id, v.n, DATEADD(HOUR, 3, CAST(m.msg_FechaEnvio AS DATETIME2(3))), 20 + m.msg_id % 80, 200, NULL, N'{"ok":true}'
    FROM CT_Alertas_Mensajes m CROSS JOIN ${numbers(1, 3)}
    WHERE m.msgsch_id > ${seeded.executions / 2} AND (v.n = 1 OR m.msg_id % 10 = 0);`.execute(db);
}

async function seedRest(db: Database, now: Temporal.Instant): Promise<void> {
  const today = now.toString().slice(0, 19);
  const day = sql`CAST(${today} AS DATETIME2(3))`;
  const at = sql`DATEADD(MINUTE, -v.n, ${day})`;
  await sql`
    INSERT INTO CT_Scheduler_Ciclos
      (cic_Inicio, cic_DuracionMs, cic_Candidatas, cic_Reclamadas, cic_Perdidas, cic_Barridas)
    SELECT ${at}, 60, 3, 1, 0, 0 FROM ${numbers(1, scans)};
    INSERT INTO CT_Scheduler_Averias
      (aveemp_Cod, ave_Motivo, ave_Desde, ave_UltimaFalla, ave_Fallas, ave_Avisos, ave_Cerrada)
    SELECT 'E01', 'consulta_error', ${at}, ${at}, 100, 1, ${at} FROM ${numbers(1, faults / 100)};
    INSERT INTO CT_Scheduler_Fallas
      (falsch_id, falcfg_Cod, falemp_Cod, falave_id, fal_Motivo, fal_Detalle, fal_Fecha, fal_Informada)
    SELECT v.n * 30, ${known.alert}, 'E01', 1 + v.n % ${faults / 100}, 'consulta_error', N'La consulta no se pudo ejecutar.',
      ${at}, CASE WHEN v.n > 200 THEN ${at} END
    FROM ${numbers(1, faults)};
    INSERT INTO CT_Scheduler_Auditoria (aud_Fecha, aud_Quien, aud_Accion, aud_Objeto, aud_Detalle)
    SELECT ${at}, N'ana', 'pause', N'tenant E01', N'mudanza' FROM ${numbers(1, acts)};
    INSERT INTO CT_Scheduler_Pausas (pauemp_Cod, pau_Desde, pau_Hasta, pau_Quien, pau_Motivo)
    SELECT 'E02', DATEADD(DAY, -v.n, ${day}), CASE WHEN v.n > 3 THEN DATEADD(DAY, 1 - v.n, ${day}) END, N'ana', N'mudanza'
    FROM ${numbers(1, pauses)};`.execute(db);
}
