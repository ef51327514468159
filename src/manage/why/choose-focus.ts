import { Temporal } from 'temporal-polyfill';
import type { Occurrence } from '../../domain/occurrence.ts';
import type { KnownDelivery, KnownExecution } from './facts.ts';

/** What of a date the answer is about. */
export interface Focus {
  execution: KnownExecution | null;
  /** Of the person asked for. */
  delivery: KnownDelivery | null;
  /** When it was or is to go out; null: never on that date. */
  at: Temporal.Instant | null;
}

/** The farther a message got, the better it answers. */
const deliveryStates = [
  ...['SIN_CONTACTO', 'ERROR', 'RECHAZADO', 'FALLIDO', 'PENDIENTE', 'REINTENTO'],
  ...['DUPLICADO', 'ENVIADO', 'ENTREGADO', 'LEIDO', 'RESPONDIDO'],
];
const executionStates = [
  ...['CANCELADA', 'PERDIDA', 'OMITIDA', 'ERROR', 'PENDIENTE', 'EN_PROCESO', 'PARCIAL', 'ENVIADA'],
];
const open = new Set(['PENDIENTE', 'EN_PROCESO']);
const mayHaveArrived = ['ENVIADO', 'ENTREGADO', 'LEIDO', 'RESPONDIDO'];

/**
 * Of several executions of one date that in which the message got farthest, the latest of equals. What resends an execution
 * of another date, and a test, which goes to nobody's own address, come last. Without executions the last time that has
 * passed, or the first to come.
 */
export function chooseFocus(
  executions: readonly KnownExecution[],
  person: readonly KnownDelivery[] | null,
  occurrences: readonly Occurrence[],
  now: Temporal.Instant,
): Focus {
  const ids = new Set(executions.map(({ id }) => id));
  const candidates = executions.map((execution) => {
    const delivery = person?.find(({ executionId }) => executionId === execution.id) ?? null;
    const ofOtherDate = execution.resends !== null && !ids.has(execution.resends);
    const last = execution.origin === 'PRUEBA' ? -2000 : ofOtherDate ? -1000 : 0;
    return { execution, delivery, rank: last + rankOf(execution, delivery, person !== null) };
  });
  const [best] = candidates.toSorted((a, b) => b.rank - a.rank || b.execution.id - a.execution.id);
  if (best !== undefined) {
    const { execution, delivery } = best;
    return { execution, delivery, at: execution.at };
  }
  const times = occurrences.map(({ at }) => at.toInstant());
  const passed = times.filter((at) => Temporal.Instant.compare(at, now) <= 0);
  return { execution: null, delivery: null, at: passed.at(-1) ?? times[0] ?? null };
}

/** Accepted, and yet delivered to nobody: it got no farther than one that failed. */
function wasLost({ state, tally }: KnownExecution): boolean {
  if (open.has(state ?? '') || (tally['FALLIDO'] ?? 0) === 0) return false;
  return mayHaveArrived.every((each) => (tally[each] ?? 0) === 0);
}

function rankOf(execution: KnownExecution, delivery: KnownDelivery | null, forPerson: boolean): number {
  if (delivery !== null) return 100 + deliveryStates.indexOf(delivery.state ?? '');
  const rank = executionStates.indexOf(execution.state ?? '');
  if (!forPerson) return wasLost(execution) ? executionStates.indexOf('ERROR') : rank;
  // Whoever has no delivery yet may still get one; and what was asked for by hand may be for others alone.
  const mayCome = !execution.prepared && open.has(execution.state ?? '');
  const byHand = execution.origin === 'MANUAL' || execution.origin === 'REENVIO';
  return rank + (mayCome ? 50 : byHand ? 0 : 20);
}
