import { sql, type Kysely } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { isAccepted } from '../../domain/delivery.ts';
import type { KnownDelivery } from '../../manage/callbacks/plan-raises.ts';
import type { FindDeliveries } from '../../manage/callbacks/record-news.ts';
import type { MessageName } from '../../manage/callbacks/news.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';

interface Found extends Omit<KnownDelivery, 'answeredAt'> {
  place: number;
  /** DATETIME as ISO 8601 without offset. */
  answeredAt: string | null;
}

/**
 * Rows of the system before us are not ours, whatever their wamid. A message that was sent again has several deliveries,
 * of which it names the first: the accepted one stands for it, or else the newest. A wamid counts with its upper and lower case, which the column's collation does not see.
 */
export function findDeliveries(db: Kysely<ControlSchema>): FindDeliveries {
  return async (names) => {
    const { rows } = await retryConflicts(() =>
      sql<Found>`
        ${deliveriesBy(sql`m.msg_Uuid = k.webhookId AND m.msg_Uuid IS NOT NULL`, names)}
        UNION ALL
        ${deliveriesBy(sql`m.msg_id = k.deliveryId`, names)}
        UNION ALL
        ${deliveriesBy(sql`m.msgmsg_id = k.deliveryId AND m.msgmsg_id IS NOT NULL`, names)}
        UNION ALL
        ${deliveriesBy(sql`m.msg_Wamid = k.wamid AND m.msg_Wamid IS NOT NULL`, names)}`.execute(db),
    );
    const found: (KnownDelivery | undefined)[] = names.map(() => undefined);
    for (const { place, answeredAt, ...delivery } of rows) {
      const name = names[place];
      if (name?.by === 'wamid' && name.wamid !== delivery.wamid) continue;
      if (standsFor(found[place], delivery)) continue;
      found[place] = {
        ...delivery,
        answeredAt: answeredAt === null ? null : Temporal.PlainDateTime.from(answeredAt),
      };
    }
    return found;
  };
}

function standsFor(one: KnownDelivery | undefined, other: Omit<Found, 'answeredAt' | 'place'>): boolean {
  if (one === undefined) return false;
  const [first, second] = [isAccepted(one.state), isAccepted(other.state)];
  return first === second ? one.id > other.id : first;
}

function deliveriesBy(isNamed: ReturnType<typeof sql>, names: readonly MessageName[]) {
  const keys = names.map((name, place) => ({ place, ...name }));
  return sql`
    SELECT k.place, m.msg_id AS id, m.msgsch_id AS executionId, m.msgcfg_Cod AS alert, m.msgper_Cod AS person,
      m.msgper_Nombre AS personName, m.msg_Estado AS state, m.msg_Wamid AS wamid,
      CONVERT(VARCHAR(23), m.msg_FechaRespuesta, 126) AS answeredAt, e.emp_ZonaHoraria AS zone
    FROM OPENJSON(${JSON.stringify(keys)}) WITH (
      place INT, webhookId UNIQUEIDENTIFIER, deliveryId INT, wamid VARCHAR(100)
    ) k
    JOIN CT_Alertas_Mensajes m ON ${isNamed}
    LEFT JOIN CT_Alertas_Config c WITH (NOLOCK) ON c.cfg_Cod = m.msgcfg_Cod
    LEFT JOIN CT_Empresas e WITH (NOLOCK) ON e.emp_Cod = c.cfgemp_Cod
    WHERE m.msgsch_id IS NOT NULL`;
}
