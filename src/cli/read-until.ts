import { Temporal } from 'temporal-polyfill';

const units: Readonly<Record<string, 'minutes' | 'hours' | 'days'>> = {
  min: 'minutes',
  h: 'hours',
  d: 'days',
};

/**
 * An end as operators write it: `90min`, `2h`, `3d` from now, or `08:00`, when the clocks of the zone show it next. Whatever
 * else stays as it is, for the API to judge.
 */
export function readUntil(text: string, now: Temporal.Instant, zone: string): string {
  const here = now.toZonedDateTimeISO(zone);
  const [, amount, unit = ''] = /^(\d{1,4}) ?(min|h|d)$/i.exec(text.trim()) ?? [];
  const length = units[unit.toLowerCase()];
  if (length !== undefined) return instantText(here.add({ [length]: Number(amount) }));
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  if (hour === undefined) return text;
  const today = here.withPlainTime(Temporal.PlainTime.from({ hour: Number(hour), minute: Number(minute) }));
  return instantText(today.epochMilliseconds > now.epochMilliseconds ? today : today.add({ days: 1 }));
}

function instantText(time: Temporal.ZonedDateTime): string {
  return time.toInstant().toString();
}
