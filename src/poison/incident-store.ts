import type { Temporal } from 'temporal-polyfill';
import type { Incident } from './incident.ts';

/** Gives every new fault its incident, opening or reopening those that are missing. Returns how many faults were new. */
export type GatherIncidents = (now: Temporal.Instant) => Promise<number>;

/** The open incidents that nobody is mailing about now. */
export type ReadIncidents = (now: Temporal.Instant) => Promise<readonly Incident[]>;

/** Takes incidents for their mail until the given time; returns the ids of those that this call won. */
export type TakeIncidents = (
  ids: readonly number[],
  now: Temporal.Instant,
  until: Temporal.Instant,
) => Promise<readonly number[]>;

/** Records a mail: the faults up to that one are reported, the incident is free again, or closed. */
export type RecordMail = (mail: {
  incident: number;
  at: Temporal.Instant;
  upToFault: string | null;
  closes: boolean;
}) => Promise<void>;
