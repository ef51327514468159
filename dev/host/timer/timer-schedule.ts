import { parseTimeSpan } from '../time-span.ts';
import { parseCrontab, type Crontab } from './ncrontab.ts';

/** When a timer function runs. Instants are epoch ms. */
export interface TimerSchedule {
  /** The first occurrence after the instant. */
  next(after: number): number;
  /** A cron schedule follows daylight saving, an interval does not; in UTC neither has any. */
  readonly adjustForDst: boolean;
  /** Runs more often than once a minute: the real host then keeps no schedule status. */
  readonly belowOneMinute: boolean;
}

/** Reads the schedule of a timer function: NCRONTAB of five or six fields, or a .NET time span. */
export function parseTimerSchedule(text: string, now: number): TimerSchedule {
  const crontab = parseCrontab(text);
  if (crontab !== undefined) return cronSchedule(text, crontab, now);
  const interval = parseTimeSpan(text);
  if (interval === undefined || interval <= 0) {
    throw new Error(
      `The schedule expression '${text}' was not recognized as a valid cron expression or timespan string.`,
    );
  }
  return { next: (after) => after + interval, adjustForDst: false, belowOneMinute: interval < 60_000 };
}

function cronSchedule(text: string, crontab: Crontab, now: number): TimerSchedule {
  const next = (after: number): number => {
    const found = crontab.next(after);
    if (found === undefined) throw new Error(`The schedule expression '${text}' never occurs.`);
    return found;
  };
  return { next, adjustForDst: true, belowOneMinute: runsOftenerThanMinutes(crontab, now) };
}

/** True when only the seconds are restricted and more than one occurrence falls into a minute. */
function runsOftenerThanMinutes(crontab: Crontab, now: number): boolean {
  if (!crontab.fields.slice(1).every((field) => field.text === '*')) return false;
  return (crontab.fields[0]?.allows.size ?? 0) > 1 && crontab.next(now) !== undefined;
}
