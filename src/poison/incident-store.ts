import type { Temporal } from 'temporal-polyfill';
import type { Incident } from './incident.ts';

/**
 * Gives every new fault its incident, opening or reopening those that are missing; what belongs to an incident that is
 * being mailed about waits. Returns how many faults were new.
 */
export type GatherIncidents = (now: Temporal.Instant) => Promise<number>;

/** The open incidents that nobody is mailing about now. */
export type ReadIncidents = (now: Temporal.Instant) => Promise<readonly Incident[]>;

/**
 * Takes an incident for its mail until the given time; until then it is given no further fault. False: another mailer
 * has it, or has mailed about it since it was read.
 */
export type TakeIncident = (
  incident: Incident,
  now: Temporal.Instant,
  until: Temporal.Instant,
) => Promise<boolean>;

/** Records a mail: the faults up to that one are reported, the incident is free again, or closed. */
export type RecordMail = (mail: {
  incident: number;
  at: Temporal.Instant;
  upToFault: string | null;
  closes: boolean;
}) => Promise<void>;
