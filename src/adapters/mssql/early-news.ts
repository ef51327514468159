import { sql, type Kysely } from 'kysely';
import type { NewsState } from '../../domain/delivery.ts';
import type {
  ForgetForeignNews,
  ForgetNews,
  ReadEarlyNews,
} from '../../manage/callbacks/raise-early-news.ts';
import type { KeepNews } from '../../manage/callbacks/record-news.ts';
import { fitText } from './fit-text.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom, instantText, sqlInstant } from './sql-time.ts';

/** So many are taken at once. */
const MOST = 1000;

export function keepNews(db: Kysely<ControlSchema>): KeepNews {
  return async (news, now) => {
    const rows = news.flatMap(({ message, state, at, detail }) =>
      message.by === 'wamid'
        ? [{ wamid: message.wamid, state, at: instantText(at), detail: fitText(detail, 900) }]
        : [],
    );
    await retryConflicts(() =>
      sql`
        INSERT INTO CT_Alertas_Novedades (nov_Wamid, nov_Estado, nov_Fecha, nov_Detalle, nov_Recibida)
        SELECT k.wamid, k.state, k.at, MIN(k.detail), ${sqlInstant(now)}
        FROM OPENJSON(${JSON.stringify(rows)}) WITH (
          wamid VARCHAR(100), state VARCHAR(20), at DATETIME2(3), detail NVARCHAR(1000)
        ) k
        WHERE NOT EXISTS (
          SELECT 1 FROM CT_Alertas_Novedades n
          WHERE n.nov_Wamid = k.wamid AND n.nov_Estado = k.state AND n.nov_Fecha = k.at)
        GROUP BY k.wamid, k.state, k.at`.execute(db),
    );
  };
}

interface Record {
  id: string;
  wamid: string;
  state: NewsState;
  at: Date;
  detail: string | null;
}

const isKnown = sql`EXISTS (
  SELECT 1 FROM CT_Alertas_Mensajes m
  WHERE m.msg_Wamid = n.nov_Wamid AND m.msg_Wamid IS NOT NULL AND m.msgsch_id IS NOT NULL)`;

/** However long no scan has looked: what is about a delivery that is known by now is for that. */
export function forgetForeignNews(db: Kysely<ControlSchema>): ForgetForeignNews {
  return async (receivedBefore) => {
    const { numAffectedRows } = await retryConflicts(() =>
      sql`
        DELETE TOP (CAST(${MOST} AS INT)) n FROM CT_Alertas_Novedades n
        WHERE n.nov_Recibida < ${sqlInstant(receivedBefore)} AND NOT ${isKnown}`.execute(db),
    );
    return Number(numAffectedRows ?? 0);
  };
}

export function readEarlyNews(db: Kysely<ControlSchema>): ReadEarlyNews {
  return async () => {
    const { rows } = await retryConflicts(() =>
      sql<Record>`
        SELECT TOP (CAST(${MOST} AS INT)) n.nov_id AS id, n.nov_Wamid AS wamid, n.nov_Estado AS state,
          n.nov_Fecha AS at, n.nov_Detalle AS detail
        FROM CT_Alertas_Novedades n
        WHERE ${isKnown}
        ORDER BY n.nov_id`.execute(db),
    );
    return rows.map(({ id, wamid, state, at, detail }) => ({
      id,
      news: { message: { by: 'wamid', wamid }, state, at: instantFrom(at), detail, wamid: null },
    }));
  };
}

export function forgetNews(db: Kysely<ControlSchema>): ForgetNews {
  return async (ids) => {
    await retryConflicts(() =>
      sql`
        DELETE FROM CT_Alertas_Novedades
        WHERE nov_id IN (SELECT id FROM OPENJSON(${JSON.stringify(ids)}) WITH (id BIGINT '$'))`.execute(db),
    );
  };
}
