import { Temporal } from 'temporal-polyfill';
import { stateRank, type NewsState } from '../../domain/delivery.ts';
import { isZone } from '../../domain/is-zone.ts';
import type { News } from './news.ts';

/** A delivery that news are about, as it is stored. */
export interface KnownDelivery {
  id: number;
  executionId: number;
  alert: string | null;
  person: string | null;
  personName: string | null;
  state: string;
  wamid: string | null;
  /** msg_FechaRespuesta: the tenant's wall time. */
  answeredAt: Temporal.PlainDateTime | null;
  /** emp_ZonaHoraria */
  zone: string | null;
}

/** What news make of a delivery. Each value only counts where it still changes something. */
export interface Raise {
  delivery: KnownDelivery;
  state: NewsState;
  detail: string | null;
  wamid: string | null;
  answeredAt: Temporal.PlainDateTime | null;
}

/**
 * One raise for each delivery, of all its news: the highest state, the earliest answer. None where nothing would change.
 * `known`: the delivery of each news, undefined where there is none.
 */
export function planRaises(
  news: readonly News[],
  known: readonly (KnownDelivery | undefined)[],
  defaultZone: string,
): Raise[] {
  const raises = new Map<number, Raise>();
  for (const [index, one] of news.entries()) {
    const delivery = known[index];
    if (delivery === undefined) continue;
    const raise = raiseBy(one, delivery, defaultZone);
    const before = raises.get(delivery.id);
    raises.set(delivery.id, before === undefined ? raise : together(before, raise));
  }
  return [...raises.values()].filter(changesSomething);
}

function raiseBy({ state, at, detail, wamid }: News, delivery: KnownDelivery, defaultZone: string): Raise {
  const zone = delivery.zone !== null && isZone(delivery.zone) ? delivery.zone : defaultZone;
  const answeredAt = state === 'RESPONDIDO' ? at.toZonedDateTimeISO(zone).toPlainDateTime() : null;
  return { delivery, state, detail, wamid, answeredAt };
}

function together(one: Raise, other: Raise): Raise {
  const higher = stateRank[other.state] > stateRank[one.state] ? other : one;
  return {
    ...higher,
    wamid: one.wamid ?? other.wamid,
    answeredAt: earlier(one.answeredAt, other.answeredAt),
  };
}

function earlier(one: Temporal.PlainDateTime | null, other: Temporal.PlainDateTime | null) {
  if (one === null || other === null) return one ?? other;
  return Temporal.PlainDateTime.compare(other, one) < 0 ? other : one;
}

function changesSomething({ delivery, state, wamid, answeredAt }: Raise): boolean {
  return (
    stateRank[state] > rankOf(delivery.state) ||
    (wamid !== null && delivery.wamid === null) ||
    (answeredAt !== null && earlier(delivery.answeredAt, answeredAt) !== delivery.answeredAt)
  );
}

function rankOf(stored: string): number {
  const ranks: Readonly<Record<string, number>> = stateRank;
  return ranks[stored] ?? Infinity;
}
