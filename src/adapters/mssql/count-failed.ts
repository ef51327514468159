import { sql, type Kysely } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { isZone } from '../../domain/is-zone.ts';
import type { ControlSchema } from './schema.ts';

/**
 * How many messages that were accepted since then have failed. msg_FechaEnvio is the wall time of each tenant, so that the
 * time is another one in each zone.
 */
export async function countFailed(
  db: Kysely<ControlSchema>,
  since: Temporal.Instant,
  timeZone: string,
): Promise<number> {
  const tenants = await sql<{ zone: string }>`
    SELECT DISTINCT COALESCE(emp_ZonaHoraria, '') AS zone FROM CT_Empresas`.execute(db);
  const zones = [...new Set(['', ...tenants.rows.map(({ zone }) => zone)])].map((zone) => ({
    zone,
    since: localTime(since, isZone(zone.trim()) ? zone.trim() : timeZone),
  }));
  const earliest = zones.map((zone) => zone.since).reduce((one, other) => (one < other ? one : other));
  const { rows } = await sql<{ failed: number }>`
    SELECT COUNT(*) AS failed
    FROM CT_Alertas_Mensajes m
    LEFT JOIN CT_Alertas_Config c ON c.cfg_Cod = m.msgcfg_Cod
    LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
    JOIN OPENJSON(${JSON.stringify(zones)}) WITH (zone VARCHAR(64), since DATETIME2(3)) z
      ON z.zone = COALESCE(e.emp_ZonaHoraria, '')
    WHERE m.msg_Estado = 'FALLIDO' AND m.msg_FechaEnvio >= (SELECT CAST(${earliest} AS DATETIME))
      AND m.msg_FechaEnvio >= z.since`.execute(db);
  return rows[0]?.failed ?? 0;
}

function localTime(instant: Temporal.Instant, zone: string): string {
  return instant.toZonedDateTimeISO(zone).toPlainDateTime().toString({ fractionalSecondDigits: 3 });
}
