import type { BlobServiceClient } from '@azure/storage-blob';
import { dateTimeOffsetText, MIN_DATE_TIME } from '../bindings/dotnet-text.ts';
import type { TimerSchedule } from './timer-schedule.ts';

/** What a timer remembers between runs and restarts. Epoch ms; undefined: not yet. */
export interface ScheduleStatus {
  readonly last: number | undefined;
  readonly next: number;
  readonly lastUpdated: number | undefined;
}

/** Keeps schedule statuses where the real host keeps them. */
export interface ScheduleMonitor {
  read(functionName: string): Promise<ScheduleStatus | undefined>;
  write(functionName: string, status: ScheduleStatus): Promise<void>;
}

/** The members as the host stores them and as a function receives them. */
export interface ScheduleStatusDocument {
  readonly Last: string;
  readonly Next: string;
  readonly LastUpdated: string;
}

export function statusDocument(status: ScheduleStatus): ScheduleStatusDocument {
  const text = (instant: number | undefined): string =>
    instant === undefined ? MIN_DATE_TIME : dateTimeOffsetText(instant);
  return { Last: text(status.last), Next: text(status.next), LastUpdated: text(status.lastUpdated) };
}

function statusOf(document: ScheduleStatusDocument): ScheduleStatus {
  const instant = (text: string): number | undefined =>
    text.startsWith('0001-01-01') ? undefined : Date.parse(text);
  return {
    last: instant(document.Last),
    next: instant(document.Next) ?? 0,
    lastUpdated: instant(document.LastUpdated),
  };
}

/** Blobs `azure-webjobs-hosts/timers/<host id>/Host.Functions.<name>/status`. */
export function blobScheduleMonitor(service: BlobServiceClient, hostId: string): ScheduleMonitor {
  const container = service.getContainerClient('azure-webjobs-hosts');
  const blob = (name: string) =>
    container.getBlockBlobClient(`timers/${hostId}/Host.Functions.${name}/status`);
  return {
    async read(name) {
      const text = await blob(name)
        .downloadToBuffer()
        .catch((fault: unknown) => {
          if (fault instanceof Error && 'statusCode' in fault && fault.statusCode === 404) return undefined;
          throw fault;
        });
      return text === undefined
        ? undefined
        : statusOf(JSON.parse(text.toString('utf8')) as ScheduleStatusDocument);
    },
    async write(name, status) {
      await container.createIfNotExists();
      const text = JSON.stringify(statusDocument(status));
      await blob(name).upload(text, Buffer.byteLength(text));
    },
  };
}

export interface CheckedStatus {
  readonly status: ScheduleStatus;
  readonly isPastDue: boolean;
  /** To be stored: new, or made to fit a schedule that has changed. */
  readonly changed: boolean;
}

/**
 * Holds the stored status against the schedule at start. A changed schedule never counts as past due.
 * Source: ScheduleMonitor.CheckPastDueAsync of azure-webjobs-sdk-extensions.
 */
export function checkStatus(
  stored: ScheduleStatus | undefined,
  schedule: TimerSchedule,
  now: number,
): CheckedStatus {
  if (stored === undefined) {
    const status = { last: undefined, next: schedule.next(now), lastUpdated: now };
    return { status, isPastDue: false, changed: true };
  }
  const basis = stored.last ?? stored.lastUpdated ?? now;
  const expected = schedule.next(basis);
  if (stored.next === expected) return { status: stored, isPastDue: now > stored.next, changed: false };
  const status =
    now > expected
      ? { last: undefined, next: schedule.next(now), lastUpdated: now }
      : { last: undefined, next: expected, lastUpdated: basis };
  return { status, isPastDue: false, changed: true };
}
