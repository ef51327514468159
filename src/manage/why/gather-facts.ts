import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { AlertRow, TimeSettings } from '../../domain/alert.ts';
import { isZone } from '../../domain/is-zone.ts';
import { parseAlert } from '../../domain/parse-alert.ts';
import { chooseFocus } from './choose-focus.ts';
import type {
  Facts,
  KnownAlert,
  KnownDelivery,
  KnownExecution,
  KnownPause,
  LiveRecipient,
  PersonFacts,
  Scans,
  WhyPolicy,
} from './facts.ts';
import { answersTo } from './answers-to.ts';
import { occurrencesAround } from './occurrences-around.ts';

interface StoredAlert extends Omit<KnownAlert, 'parse' | 'ours'> {
  row: AlertRow;
  channel: string | null;
}

/** Whom an alert would go to, as the tenant's database has it now; or why that is not known. */
type LookUpRecipients = (
  alert: string,
) => Promise<{ kind: 'found'; persons: readonly LookedUp[] } | { kind: 'unknown'; detail: string }>;

interface LookedUp {
  code: string;
  name: string;
  /** Where the alert would reach this person. */
  reach: () => Promise<{ kind: 'usable'; destination: string } | { kind: 'unusable'; detail: string }>;
}

type Person = PersonFacts['found'][number];

export interface WhyPorts {
  clock: Clock;
  settings: TimeSettings;
  whyPolicy: WhyPolicy;
  /** ALERTS_ONLY lets Vigía run it. */
  runsHere: (row: AlertRow) => boolean;
  /** null: there is no such alert. */
  readStoredAlert: (code: string) => Promise<StoredAlert | null>;
  /** Those whose sch_Fecha or occurrence is that day, and what resends them; newest first. */
  readExecutionsOn: (alert: string, day: Day) => Promise<readonly KnownExecution[]>;
  readScansAround: (at: Temporal.Instant, windowMinutes: number) => Promise<Scans>;
  /** Of this alert, its tenant and its channel, in force at some time of the span. */
  readPausesDuring: (
    about: { alert: string; tenant: string | null; channel: string | null },
    span: { from: Temporal.Instant; to: Temporal.Instant },
  ) => Promise<readonly KnownPause[]>;
  /** Everybody who has a delivery in one of these executions. */
  readPersonsOf: (executions: readonly number[]) => Promise<readonly Person[]>;
  /** Newest first. */
  readDeliveriesTo: (
    person: string,
    executions: readonly number[],
  ) => Promise<readonly (KnownDelivery & { person: Person })[]>;
  /** The last execution of the alert before that day with a delivery to that code; of the last 50 executions. */
  readEarlierDelivery: (
    person: string,
    alert: string,
    before: Temporal.PlainDate,
  ) => Promise<PersonFacts['earlier']>;
  lookUpRecipients: LookUpRecipients;
}

/** A date of a zone, with the instants that it begins and ends at. */
export interface Day {
  date: Temporal.PlainDate;
  from: Temporal.Instant;
  /** Exclusive. */
  to: Temporal.Instant;
}

export interface Question {
  alert: string;
  date: Temporal.PlainDate;
  /** A code, or a part of a name. */
  person: string | undefined;
}

const noScans: Scans = { first: null, last: null, before: null, covering: [] };

/** Reads what the answer needs. The records first: the tenant's database is asked only about what is still to come. */
export function gatherFacts(ports: WhyPorts) {
  const { clock, settings, whyPolicy } = ports;
  return async ({ alert: code, date, person: asked }: Question): Promise<Facts> => {
    const now = clock.now();
    const stored = await ports.readStoredAlert(code);
    const parse = stored && parseAlert(stored.row, settings);
    const zone = parse?.kind === 'valid' ? parse.alert.zone : zoneOf(stored?.row.tenantZone, settings);
    const day = dayOf(date, zone);
    const about = { alert: code, tenant: stored?.row.tenant ?? null, channel: stored?.channel ?? null };
    const [executions, pauses] = await Promise.all([
      ports.readExecutionsOn(code, day),
      ports.readPausesDuring(about, { from: earlierOf(day.from, now), to: laterOf(day.to, now) }),
    ]);
    const person = asked === undefined ? null : await personFacts(ports, { asked, code, date, executions });
    const occurrences = parse?.kind === 'valid' ? occurrencesAround(parse.alert, date).on : [];
    const { at, execution } = chooseFocus(executions, person?.deliveries ?? null, occurrences, now);
    const scans = at === null ? noScans : await ports.readScansAround(at, whyPolicy.windowMinutes);
    const isToCome = at !== null && Temporal.Instant.compare(at, now) > 0 && execution?.prepared !== true;
    const mayAsk =
      person?.found.length === 0 && isToCome && stored?.active === true && stored.tenant?.active === true;
    const live = mayAsk ? await recipientNow(ports, code, person.asked) : null;
    return {
      now,
      code: stored?.row.code ?? code,
      zone,
      date,
      alert: stored && parse && { ...stored, parse, ours: ports.runsHere(stored.row) },
      executions,
      scans,
      pauses,
      person: person && { ...person, live },
      policy: whyPolicy,
    };
  };
}

async function personFacts(
  ports: WhyPorts,
  about: { asked: string; code: string; date: Temporal.PlainDate; executions: readonly KnownExecution[] },
): Promise<PersonFacts> {
  const { asked, code, date } = about;
  const ids = about.executions.map(({ id }) => id);
  const own = await ports.readDeliveriesTo(asked, ids);
  if (own[0] !== undefined)
    return { asked, found: [own[0].person], deliveries: own, earlier: null, live: null };
  const found = answersTo(asked, await ports.readPersonsOf(ids));
  const [one] = found;
  if (one === undefined) {
    const earlier = await ports.readEarlierDelivery(asked, code, date);
    return { asked, found, deliveries: [], earlier, live: null };
  }
  const deliveries = found.length > 1 ? [] : await ports.readDeliveriesTo(one.code, ids);
  return { asked, found, deliveries, earlier: null, live: null };
}

async function recipientNow(
  { lookUpRecipients }: WhyPorts,
  alert: string,
  asked: string,
): Promise<LiveRecipient> {
  const answer = await lookUpRecipients(alert);
  if (answer.kind === 'unknown') return answer;
  const persons = answersTo(asked, answer.persons);
  const [one] = persons;
  if (one === undefined) return { kind: 'absent' };
  const { code, name } = one;
  if (persons.length > 1)
    return { kind: 'several', persons: persons.map((each) => ({ code: each.code, name: each.name })) };
  const reach = await one.reach();
  return reach.kind === 'usable'
    ? { kind: 'recipient', code, name, destination: reach.destination }
    : { kind: 'unreachable', code, name, detail: reach.detail };
}

function zoneOf(tenantZone: string | null | undefined, { timeZone }: TimeSettings): string {
  const zone = tenantZone?.trim() ?? '';
  return zone !== '' && isZone(zone) ? zone : timeZone;
}

function dayOf(date: Temporal.PlainDate, zone: string): Day {
  const from = date.toZonedDateTime(zone).toInstant();
  return { date, from, to: date.add({ days: 1 }).toZonedDateTime(zone).toInstant() };
}

function earlierOf(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) <= 0 ? a : b;
}

function laterOf(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) >= 0 ? a : b;
}
