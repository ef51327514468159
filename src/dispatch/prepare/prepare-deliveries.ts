import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { othersTurn } from '../../core/others-turn.ts';
import type { ComposeBody } from '../message/compose-body.ts';
import { failed, type Ending } from '../end/ending.ts';
import {
  askedAmong,
  endingOf,
  findRecipients,
  judgeAsked,
  judgeRecipients,
  noPlaceAtDatabase,
  type RecipientPorts,
} from './find-recipients.ts';
import type { Person } from './lookup-recipients.ts';
import type { OpenedExecution } from '../open-execution.ts';
import { contentOf, parsePayload, payloadText, type Payload } from '../message/payload.ts';
import { payloadOf } from './payload-of.ts';
import { planFingerprint } from './plan-fingerprint.ts';
import type { Plan } from './plan-preparation.ts';
import { judgeSharedRows, rowsFor, sharedRows } from './read-rows.ts';
import type { QueryRows, RunQuery } from './run-query.ts';
import type { DeliverySet, LoadStoredDeliveries, NewDelivery, StoreDeliveries } from './store-deliveries.ts';
import type { Tally } from '../end/tally.ts';
import { deliveryWriter, strangerDelivery, type WriterPorts } from './write-delivery.ts';

export interface PreparePorts extends WriterPorts, RecipientPorts {
  clock: Clock;
  runQuery: RunQuery;
  composeBody: ComposeBody;
  loadStoredDeliveries: LoadStoredDeliveries;
  storeDeliveries: StoreDeliveries;
}

export interface PrepareJob {
  execution: OpenedExecution;
  owner: string;
  plan: Plan;
  /** Aborts when the lease is lost. */
  signal: AbortSignal;
  /** Nothing new is begun after it. */
  workUntil: Temporal.Instant;
}

type Ended = { kind: 'ended'; ending: Ending };
export type Preparation = { kind: 'prepared'; payload: Payload; tally: Tally } | Ended;

/**
 * Deliveries stored at once: as a rule all of an alert. Not more, because from 5,000 rows of one statement on SQL Server
 * locks the whole table ("Lock escalation"), and everybody else would wait. Fewer where each costs a query of its own.
 */
const setSizes = { shared: 2_000, perPerson: 50 };
/** And not much more characters of text than this: one statement must store them within its time limit. */
const setCharacters = 4_000_000;

/**
 * Looks up the recipients, runs the query, renders and stores one delivery per person. Persons that an earlier dispatch
 * has stored keep theirs, unless what it was made from was edited since: then all are made anew, so that nobody gets the
 * old text and others the new one.
 */
export function prepareDeliveries(ports: PreparePorts) {
  return async (job: PrepareJob): Promise<Preparation> => {
    const { tenant } = job.plan;
    const leave = ports.seats.enterDatabase(tenant.code);
    if (leave === null) return ended(noPlaceAtDatabase);
    try {
      const recipients = await recipientsOf(ports, job);
      if (recipients.kind === 'ended') return recipients;
      const earlier = earlierOf(job);
      const rows = await rowsOfAll(ports, job, earlier);
      if (rows.kind === 'ended') return rows;
      const { value: persons, strangers } = recipients;
      return await storeAll(ports, job, { earlier, persons, strangers, shared: rows.value });
    } finally {
      leave();
    }
  };
}

/** Who it is for, unless they are none or too many. */
async function recipientsOf(
  ports: PreparePorts,
  { plan, signal }: PrepareJob,
): Promise<{ kind: 'answer'; value: readonly Person[]; strangers: readonly string[] } | Ended> {
  const answer = await findRecipients(ports, plan, signal);
  if (answer.kind !== 'answer') return ended(endingOf(answer));
  const asked = askedAmong(answer.value, plan.asked);
  const ending = judgeAsked(asked) ?? judgeRecipients(asked.named.length, plan);
  return ending === null ? { kind: 'answer', value: asked.named, strangers: asked.missing } : ended(ending);
}

/** What an earlier dispatch kept, made from the same; null when there is nothing, or nothing that still holds. */
function earlierOf({ execution, plan }: PrepareJob): Payload | null {
  if (execution.payload === null) return null;
  const payload = parsePayload(execution.payload);
  return payload.plan === planFingerprint(plan) ? payload : null;
}

/** The rows that all recipients share. A dispatch that carries on uses those that the first one kept, if it kept all. */
async function rowsOfAll(
  { runQuery }: PreparePorts,
  { plan, signal }: PrepareJob,
  earlier: Payload | null,
): Promise<{ kind: 'answer'; value: QueryRows } | Ended> {
  const kept = earlier?.data.filas;
  if (kept !== undefined && !kept.truncated) return { kind: 'answer', value: kept };
  const answer = await sharedRows(runQuery, plan, signal);
  if (answer.kind !== 'answer') return ended(endingOf(answer));
  const ending = judgeSharedRows(answer.value, plan);
  return ending === null ? answer : ended(ending);
}

async function storeAll(
  ports: PreparePorts,
  job: PrepareJob,
  {
    earlier,
    persons,
    strangers,
    shared,
  }: {
    earlier: Payload | null;
    persons: readonly Person[];
    strangers: readonly string[];
    shared: QueryRows;
  },
): Promise<Preparation> {
  const { execution, plan, workUntil } = job;
  const some = execution.tally.total > 0;
  const stored = some && earlier !== null ? await ports.loadStoredDeliveries(execution.id) : [];
  let anew = some && earlier === null;
  const done = new Set(stored.map(({ person }) => person));
  const write = deliveryWriter(ports, plan, stored);
  const payload = payloadText(payloadOf(plan, shared));
  const setSize = plan.perPerson ? setSizes.perPerson : setSizes.shared;
  let set: NewDelivery[] = strangers
    .filter((code) => !done.has(code))
    .map((code) => strangerDelivery(code, ports.newId()));
  let characters = 0;

  for (const person of persons.filter(({ code }) => !done.has(code))) {
    const late = Temporal.Instant.compare(ports.clock.now(), workUntil) >= 0;
    if (late || set.length === setSize || characters > setCharacters) {
      const storing = await store(ports, job, payload, { deliveries: set, anew, last: false });
      if (storing.kind === 'ended') return storing;
      if (late) return ended({ kind: 'continue' });
      set = [];
      characters = 0;
      anew = false;
    }
    const rows = await rowsFor(ports.runQuery, plan, { person, shared }, job.signal);
    if (rows.kind === 'none') continue;
    if (rows.kind !== 'answer') {
      if (rows.kind === 'passing') await store(ports, job, payload, { deliveries: set, anew, last: false });
      return ended(endingOf(rows));
    }
    const written = await write(person, rows.value);
    // Five hundred texts in a row would keep the whole process from everything else.
    await othersTurn();
    if (written.kind === 'invalid') return ended(failed(written.reason, written.detail));
    set.push(written.delivery);
    characters += charactersOf(written.delivery);
  }
  const fault = await bodyFault(ports, job, payload, set);
  if (fault !== null) return ended(failed('plantilla_invalida', fault));
  return await store(ports, job, payload, { deliveries: set, anew, last: true });
}

function charactersOf({ text, rows }: NewDelivery): number {
  return (text?.length ?? 0) + (rows?.length ?? 0);
}

async function store(
  { storeDeliveries, clock }: PreparePorts,
  { execution, owner, plan }: PrepareJob,
  payload: string,
  set: Pick<DeliverySet, 'deliveries' | 'anew' | 'last'>,
): Promise<Preparation> {
  const now = clock.now();
  const stored = await storeDeliveries({
    executionId: execution.id,
    owner,
    alert: execution.alertCode,
    payload,
    ...set,
    instant: execution.instant,
    attemptedAt: now.toZonedDateTimeISO(plan.tenant.zone).toPlainDateTime(),
    now,
  });
  if (stored.kind === 'lost') return ended({ kind: 'lost' });
  return { kind: 'prepared', payload: parsePayload(payload), tally: stored.tally };
}

/** A whk_Cuerpo that cannot be rendered would fail every delivery: tried once before anything is stored as ready. */
async function bodyFault(
  { composeBody }: PreparePorts,
  { execution }: PrepareJob,
  payload: string,
  set: readonly NewDelivery[],
): Promise<string | null> {
  const first = set.find(({ state }) => state === 'PENDIENTE');
  if (first === undefined) return null;
  const kept = parsePayload(payload);
  const example = { ...first, id: 1, text: first.text ?? '', attempts: 0 };
  const composed = await composeBody(kept.format, contentOf(kept, execution.id, example));
  return composed.kind === 'invalid' ? composed.detail : null;
}

function ended(ending: Ending): Ended {
  return { kind: 'ended', ending };
}
