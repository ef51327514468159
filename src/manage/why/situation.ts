import { Temporal } from 'temporal-polyfill';
import type { Alert } from '../../domain/alert.ts';
import { lateLimitMinutes } from '../../domain/late-limit.ts';
import type { Why } from '../contract/why.ts';
import type { z } from 'zod';
import { chooseFocus, type Focus } from './choose-focus.ts';
import type { Facts, KnownPause, KnownScan } from './facts.ts';
import { occurrencesAround, type Around } from './occurrences-around.ts';
import { onDay, spoken, type Spoken } from './spoken.ts';

type Outcome = z.output<typeof Why>['outcome'];

export interface Conclusion {
  outcome: Outcome;
  sentence: Spoken;
}

/** The facts, with what follows from them at once. */
export interface Situation {
  facts: Facts;
  focus: Focus;
  /** null: the alert is not there, or cannot be read. */
  valid: Alert | null;
  around: Around | null;
}

export function situationOf(facts: Facts): Situation {
  const parse = facts.alert?.parse;
  const valid = parse?.kind === 'valid' ? parse.alert : null;
  const around = valid && occurrencesAround(valid, facts.date);
  const deliveries = facts.person?.deliveries ?? null;
  const focus = chooseFocus(facts.executions, deliveries, around?.on ?? [], facts.now);
  return { facts, focus, valid, around };
}

/** `la alerta 000001 «Turnos»` */
export function alertSpoken({ facts: { code, alert } }: Situation): Spoken {
  const name = alert?.name?.trim();
  return name
    ? spoken(`la alerta ${code} «${name}»`, `alert ${code} “${name}”`)
    : spoken(`la alerta ${code}`, `alert ${code}`);
}

export function daySpoken({ facts: { date } }: Situation): Spoken {
  return onDay(date);
}

/** The pause in force at that time. */
export function pauseAt({ facts: { pauses } }: Situation, at: Temporal.Instant): KnownPause | null {
  const covers = ({ from, until }: KnownPause) =>
    Temporal.Instant.compare(from, at) <= 0 && (until === null || Temporal.Instant.compare(until, at) > 0);
  return pauses.find(covers) ?? null;
}

/** The scan that could decide the occurrence: the first one that did not fail. */
export function coveringScan({ facts: { scans } }: Situation): KnownScan | null {
  return scans.covering.find(({ error }) => error === null) ?? null;
}

/** The window of that scan had passed the occurrence already: until then nobody looked. */
export function isLateScan({ facts: { policy } }: Situation, scan: KnownScan, at: Temporal.Instant): boolean {
  return Temporal.Instant.compare(scan.at, at.add({ minutes: policy.windowMinutes })) > 0;
}

/** Scans are kept for 30 days: of what lies before, nobody knows any more which one covered it. */
export function isForgotten({ facts: { scans, now } }: Situation, at: Temporal.Instant): boolean {
  return scans.before === null && Temporal.Instant.compare(at, now.subtract({ hours: 24 * 29 })) < 0;
}

/** Until when what is to go out at that time may still go out. */
export function lateLimit({ valid, facts: { policy } }: Situation, at: Temporal.Instant): Temporal.Instant {
  return at.add({ minutes: lateLimitMinutes(valid?.catchUpMinutes ?? null, policy) });
}

/** No scan has decided it: the pointer of the alert has not passed it. */
export function isUndecided({ facts: { alert } }: Situation, at: Temporal.Instant): boolean {
  const pointer = alert?.pointer;
  return pointer === undefined || (pointer !== null && Temporal.Instant.compare(pointer, at) <= 0);
}

export function isFuture({ facts: { now } }: Situation, at: Temporal.Instant): boolean {
  return Temporal.Instant.compare(at, now) > 0;
}

export function conclusion(outcome: Conclusion['outcome'], es: string, en: string): Conclusion {
  return { outcome, sentence: spoken(es, en) };
}
