import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { othersTurn } from '../../core/others-turn.ts';
import type { Obstacle } from '../end/ending.ts';
import { finalStateOf } from '../end/tally.ts';
import { keptRows } from '../message/payload.ts';
import type { Plan } from '../prepare/plan-preparation.ts';
import type { Parts } from '../prepare/read-parts.ts';
import type { Audience } from './gather-audience.ts';
import { deliveryPreviewer, shownRows, type PreviewerPorts } from './preview-delivery.ts';
import type { PreviewedDelivery, PreviewedRows, RecipientCounts } from './preview.ts';

export interface WritePorts extends PreviewerPorts {
  clock: Clock;
}

export interface WriteJob {
  parts: Parts;
  /** null: some part is missing, and nothing could be posted. */
  plan: Plan | null;
  audience: Audience;
  /** Deliveries to show. */
  limit: number;
  /** Nothing is begun after it. */
  until: Temporal.Instant;
  signal: AbortSignal;
}

export interface WrittenDeliveries {
  deliveries: PreviewedDelivery[];
  counts: RecipientCounts;
  rows: PreviewedRows | null;
  obstacles: Obstacle[];
}

/**
 * Writes the deliveries that are shown, and the others to count them, unless they are too many to be sent or each of them
 * would cost a query of its own.
 */
export async function writeDeliveries(ports: WritePorts, job: WriteJob): Promise<WrittenDeliveries> {
  const { audience, limit, until } = job;
  const { persons, isTooMany, asked } = audience;
  const preview = deliveryPreviewer(ports, job);
  const countsOthers = !isTooMany && asked?.perPerson === false;
  const counts = countsOf(persons.length);
  const deliveries: PreviewedDelivery[] = [];
  const obstacles: Obstacle[] = [];
  for (const [index, person] of persons.entries()) {
    const isShown = index < limit;
    if (!isShown && !countsOthers) break;
    if (index > 0 && Temporal.Instant.compare(ports.clock.now(), until) >= 0) break;
    const { delivery, obstacle } = await preview(person, isShown);
    // Hundreds of texts in a row would keep the whole process from everything else.
    await othersTurn();
    if (obstacle !== null && obstacles.length === 0) obstacles.push(obstacle);
    if (delivery === null) break;
    if (isShown) deliveries.push(delivery);
    count(counts, delivery.outcome);
  }
  return {
    deliveries,
    counts,
    rows: rowsOfAll(audience),
    obstacles: [...obstacles, ...whenNobodyGetsIt(counts)],
  };
}

function countsOf(total: number): RecipientCounts {
  return { total, checked: 0, deliver: 0, withoutContact: 0, duplicates: 0, withoutRows: 0 };
}

function count(counts: RecipientCounts, outcome: PreviewedDelivery['outcome']): void {
  counts.checked += 1;
  if (outcome === 'deliver') counts.deliver += 1;
  if (outcome === 'no_contact') counts.withoutContact += 1;
  if (outcome === 'duplicate') counts.duplicates += 1;
  if (outcome === 'no_rows') counts.withoutRows += 1;
}

function rowsOfAll({ shared, asked }: Audience): PreviewedRows | null {
  if (shared === null || asked === null || asked.query === null || asked.perPerson) return null;
  return shownRows(keptRows(shared));
}

/** What the execution ends as when everybody was looked at and there is nothing to deliver. */
function whenNobodyGetsIt(counts: RecipientCounts): readonly Obstacle[] {
  const { total, checked, withoutContact, withoutRows } = counts;
  if (total === 0 || checked < total || withoutContact + withoutRows < total) return [];
  const tally = { total: withoutContact, open: 0, accepted: 0, rejected: 0, failed: 0, withoutContact };
  return [{ kind: 'close', ...finalStateOf({ ...tally, duplicated: 0, nextAttempt: null }) }];
}
