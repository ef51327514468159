import { Temporal } from 'temporal-polyfill';
import type { AlertRow, TimeSettings } from './alert.ts';
import { isZone } from './is-zone.ts';

const dayMs = 86_400_000;
/** A day, and what clocks are turned by. */
const around = { hours: 49 };

/**
 * Before when an alert does not fire, at or after `from`: milliseconds since 1970. Told by its time of the day alone, which
 * costs little, so that it may be earlier than the alert does fire, never later.
 */
export function earliestChance(
  from: Temporal.Instant,
  { timeZone }: Pick<TimeSettings, 'timeZone'>,
): (row: AlertRow) => number {
  const midnights = new Map<string, number | null>();
  return ({ trigger, sendTime, tenantZone }) => {
    const zone = tenantZone?.trim() || timeZone;
    const known = midnights.get(zone);
    const midnight = known === undefined ? steadyMidnight(from, zone) : known;
    midnights.set(zone, midnight);
    const time = trigger === 'PERIODICO' ? millisecondsOf(sendTime) : null;
    if (midnight === null || time === null) return from.epochMilliseconds;
    const today = midnight + time;
    return today + 1_000 > from.epochMilliseconds ? today : today + dayMs;
  };
}

/** When the day of `from` began; null where clocks are turned so near that a time of the day does not say enough. */
function steadyMidnight(from: Temporal.Instant, zone: string): number | null {
  if (!isZone(zone)) return null;
  const local = from.toZonedDateTimeISO(zone);
  const turned = local.subtract(around).getTimeZoneTransition('next');
  const end = local.add(around).epochMilliseconds;
  if (turned !== null && turned.epochMilliseconds <= end) return null;
  return local.startOfDay().epochMilliseconds;
}

function millisecondsOf(time: string | null): number | null {
  const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d)$/.exec(time ?? '') ?? [];
  if (hours === undefined) return null;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}
