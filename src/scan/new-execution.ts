import { Temporal } from 'temporal-polyfill';
import type { LogFields } from '../core/logger.ts';
import type { Alert } from '../domain/alert.ts';
import type { Occurrence } from '../domain/occurrence.ts';
import type { Reason } from '../domain/reason.ts';

/** An occurrence that was decided and is to be recorded: claimed (to be sent), or missed. */
export interface NewExecution {
  alert: string;
  tenant: string | null;
  at: Temporal.ZonedDateTime;
  /** sch_Clave; null = it shall not keep another one from the same day. */
  key: string | null;
  /** null = claimed. */
  missed: { reason: Reason; detail: string } | null;
  /** Which rows of the system before us count as this execution; null = none. */
  older: OlderRows | null;
}

/** By sch_Fecha, or by sch_FechaIntento between two local date-times. */
type OlderRows =
  | { by: 'day'; day: Temporal.PlainDate }
  | { by: 'time'; from: Temporal.PlainDateTime; to: Temporal.PlainDateTime };

/** A NewExecution that this scan has stored. */
export interface StoredExecution {
  executionId: number;
  alert: string;
  tenant: string | null;
  at: Temporal.ZonedDateTime;
  missed: NewExecution['missed'];
  /** sch_Revisar as stored; null = final. */
  reviewAt: Temporal.Instant | null;
}

export function newExecution(
  alert: Alert,
  occurrence: Occurrence,
  windowMinutes: number,
  missed: NewExecution['missed'] = null,
): NewExecution {
  return {
    alert: alert.code,
    tenant: alert.tenant,
    at: occurrence.at,
    key: occurrence.key,
    missed,
    older: olderRowsOf(alert, occurrence, windowMinutes),
  };
}

/** For the log. */
export function fieldsOf({ executionId, alert, tenant, at, missed }: StoredExecution): LogFields {
  return {
    executionId,
    alert,
    tenant: tenant ?? undefined,
    at: at.toString({ timeZoneName: 'never' }),
    reason: missed?.reason,
  };
}

function olderRowsOf({ schedule }: Alert, { key }: Occurrence, windowMinutes: number): OlderRows {
  if (schedule.kind !== 'listed') return { by: 'day', day: Temporal.PlainDate.from(key) };
  const entry = Temporal.PlainDateTime.from(key);
  return {
    by: 'time',
    from: entry.subtract({ minutes: windowMinutes }),
    to: entry.add({ minutes: windowMinutes }),
  };
}
