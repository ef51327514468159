import { Temporal } from 'temporal-polyfill';
import type { Incident } from './incident.ts';

export type MailDecision =
  | { kind: 'opening' }
  | { kind: 'digest' }
  | { kind: 'closing'; because: 'recovered' | 'quiet' }
  /** What operators asked for alone; the incident goes on, or stays as it has ended. */
  | { kind: 'asked' }
  | { kind: 'none' };

/** Minutes after the opening at which faults are reported together; after the last of them once a day. */
const digestMinutes = [15, 60, 240];
const dayMinutes = 24 * 60;

/** An hour without faults ends an incident. */
const quiet = { hours: 1 };

/**
 * Which mail an incident is due. A success ends it, but only once: one whose faults came back after its end waits for the
 * quiet hour, so that what fails and works by turns cannot mail at each turn.
 */
export function decideMail(incident: Incident, now: Temporal.Instant): MailDecision {
  if (incident.ended) return { kind: incident.asked === 'no' ? 'none' : 'asked' };
  if (incident.recovered && !incident.reopened) return { kind: 'closing', because: 'recovered' };
  if (!isBefore(now, incident.lastFault.add(quiet))) return { kind: 'closing', because: 'quiet' };
  if (incident.mails === 0) return { kind: 'opening' };
  if (incident.asked !== 'no') return { kind: incident.asked === 'all' ? 'asked' : 'digest' };
  const oldest = incident.oldestUnreported;
  if (oldest === null || isBefore(now, digestAfter(incident.since, oldest))) return { kind: 'none' };
  return { kind: 'digest' };
}

/** The first digest of an incident that began at `since` which can report a fault of the given time. */
function digestAfter(since: Temporal.Instant, fault: Temporal.Instant): Temporal.Instant {
  const age = (fault.epochMilliseconds - since.epochMilliseconds) / 60_000;
  const minutes =
    digestMinutes.find((digest) => digest > age) ?? (Math.floor(age / dayMinutes) + 1) * dayMinutes;
  return since.add({ minutes });
}

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}
