import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { FindExecutions } from '../../manage/routes/list-executions.ts';
import { allOf } from './all-of.ts';
import type { ControlSchema } from './schema.ts';
import { isoFrom, occurrenceColumn, occurrenceFrom, sqlOccurrence } from './sql-time.ts';
import { sqlVarchar } from './sql-varchar.ts';

export interface ExecutionRecord {
  sch_id: number;
  schcfg_Cod: string | null;
  cfgemp_Cod: string | null;
  occurrence: string | null;
  sch_Clave: string | null;
  sch_Origen: string | null;
  schsch_id: number | null;
  askedBy: string | null;
  sch_Estado: string | null;
  sch_Motivo: string | null;
  sch_DetalleError: string | null;
  sch_CantMensajes: number | null;
  sch_Preparada: Date | null;
}

/** For a SELECT from CT_Scheduler_Alertas as `s`, outer joined to CT_Alertas_Config as `c`. */
export const executionColumns = sql`s.sch_id, s.schcfg_Cod, c.cfgemp_Cod,
  ${occurrenceColumn('s.sch_Ocurrencia')} AS occurrence, s.sch_Clave, s.sch_Origen, s.schsch_id,
  CASE WHEN ISJSON(s.sch_Pedido) = 1 THEN JSON_VALUE(s.sch_Pedido, '$.by') END AS askedBy, s.sch_Estado,
  s.sch_Motivo, s.sch_DetalleError, s.sch_CantMensajes, s.sch_Preparada`;

/** So many executions of a span may say between which numbers to look. */
const few = 2_000;
const greatestInt = 2 ** 31 - 1;

/**
 * The numbers are found first, in an index that holds whatever can be asked for, so that no wide row is read in vain: in
 * their order, whatever the filter. Of a tenant the newest of each of its alerts.
 */
export function findExecutions(db: Kysely<ControlSchema>): FindExecutions {
  return async ({ tenant, limit, ...filter }) => {
    const most = sql.lit(limit); // known to the plan, which is otherwise one for many rows
    const newest = (ofAlert?: RawBuilder<unknown>) => sql`
      SELECT TOP (${most}) s.sch_id
      FROM CT_Scheduler_Alertas s
      WHERE ${allOf([ofAlert, ...conditionsOf(filter)])}
      ORDER BY s.sch_id DESC`;
    const ofTenant = (code: string) => sql`
      SELECT TOP (${most}) n.sch_id
      FROM CT_Alertas_Config c
      CROSS APPLY (${newest(sql`s.schcfg_Cod = c.cfg_Cod`)}) n
      WHERE c.cfgemp_Cod = ${sqlVarchar(code)}
      ORDER BY n.sch_id DESC`;
    const { rows } = await sql<ExecutionRecord>`
      SELECT ${executionColumns}
      FROM (${tenant === undefined ? newest() : ofTenant(tenant)}) f
      JOIN CT_Scheduler_Alertas s ON s.sch_id = f.sch_id
      LEFT JOIN CT_Alertas_Config c ON c.cfg_Cod = s.schcfg_Cod
      ORDER BY s.sch_id DESC`.execute(db);
    return rows.map(executionOf);
  };
}

function conditionsOf({ alert, below, ...rest }: Omit<Filter, 'tenant' | 'limit'>) {
  return [
    alert !== undefined && sql`s.schcfg_Cod = ${sqlVarchar(alert)}`,
    below !== undefined && sql`s.sch_id < ${below}`,
    ...boundsOf(rest),
    // As a CASE, so that every plan walks through the numbers in order and stops when it has enough, rare or not.
    sql`CASE WHEN ${allOf(wishesOf(rest))} THEN 1 ELSE 0 END <> 0`,
  ];
}

/**
 * Between which numbers the executions of a span lie, if they are few: no others need be looked at. What has an occurrence
 * is ours.
 */
function boundsOf({ from, to }: Pick<Filter, 'from' | 'to'>) {
  if (from === undefined && to === undefined) return [];
  const first = sql`
    SELECT TOP (${sql.lit(few + 1)}) o.sch_id
    FROM CT_Scheduler_Alertas o
    WHERE ${allOf([
      sql`o.sch_Origen IS NOT NULL`,
      from && sql`o.sch_Ocurrencia >= ${moment(from)}`,
      to && sql`o.sch_Ocurrencia < ${moment(to)}`,
    ])}
    ORDER BY o.sch_Ocurrencia`;
  const bound = (ofFew: RawBuilder<unknown>, ofMany: number) =>
    sql`(SELECT CASE WHEN COUNT(*) <= ${sql.lit(few)} THEN ${ofFew} ELSE ${sql.lit(ofMany)} END FROM (${first}) b)`;
  return [
    sql`s.sch_id >= ${bound(sql`MIN(b.sch_id)`, 0)}`,
    sql`s.sch_id <= ${bound(sql`MAX(b.sch_id)`, greatestInt)}`,
  ];
}

function wishesOf({ state, reason, from, to }: Pick<Filter, 'state' | 'reason' | 'from' | 'to'>) {
  return [
    state !== undefined && sql`s.sch_Estado = ${sqlVarchar(state)}`,
    reason !== undefined && sql`s.sch_Motivo = ${sqlVarchar(reason)}`,
    from && sql`s.sch_Ocurrencia >= ${moment(from)}`,
    to && sql`s.sch_Ocurrencia < ${moment(to)}`,
  ];
}

type Filter = Parameters<FindExecutions>[0];

function moment(at: Temporal.Instant): RawBuilder<unknown> {
  return once(sqlOccurrence(at.toZonedDateTimeISO('UTC')));
}

/** A value in a query of its own is made once and not for each row. */
function once(value: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(SELECT ${value})`;
}

export function executionOf(record: ExecutionRecord) {
  return {
    id: record.sch_id,
    alert: record.schcfg_Cod,
    tenant: record.cfgemp_Cod,
    occurrence: record.occurrence === null ? null : occurrenceFrom(record.occurrence),
    key: record.sch_Clave,
    origin: record.sch_Origen,
    resends: record.schsch_id,
    askedBy: record.askedBy,
    state: record.sch_Estado,
    reason: record.sch_Motivo,
    detail: record.sch_DetalleError,
    accepted: record.sch_CantMensajes,
    preparedAt: record.sch_Preparada && isoFrom(record.sch_Preparada),
  };
}
