/** A rule as plain data; what is absent does not restrict. */
export interface OracleRule {
  /** `HH:mm:ss` */
  time: string;
  /** 1 = Monday */
  weekdays?: readonly number[];
  /** Day of the month and, where it belongs to one month alone, that month. */
  days?: readonly (readonly [day: number, month?: number])[];
  months?: readonly number[];
  lastDayOfMonth?: boolean;
}

/** Key and instant in milliseconds. */
export type OracleOccurrence = [key: string, at: number];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Brute force, and no line or method in common with the product: every date is tried, and the instant of a wall time is
 * found by asking Intl what the clocks on that wall show in the hours around it.
 */
export function oracleOccurrences(
  rule: OracleRule,
  zone: string,
  from: number,
  to: number,
): OracleOccurrence[] {
  const found: OracleOccurrence[] = [];
  for (let day = Math.floor(from / DAY) * DAY - 3 * DAY; day <= to + 3 * DAY; day += DAY) {
    const date = new Date(day);
    if (!fires(rule, date)) continue;
    const at = instantOf(day + Date.parse(`1970-01-01T${rule.time}Z`), zone);
    if (at >= from && at <= to) found.push([date.toISOString().slice(0, 10), at]);
  }
  return found.sort(byInstant);
}

/** Of a list of wall times `YYYY-MM-DDTHH:mm:ss`. */
export function oracleListed(
  entries: readonly string[],
  zone: string,
  from: number,
  to: number,
): OracleOccurrence[] {
  return [...new Set(entries)]
    .map((entry): OracleOccurrence => [entry, instantOf(Date.parse(`${entry}Z`), zone)])
    .filter(([, at]) => at >= from && at <= to)
    .sort(byInstant);
}

function fires({ weekdays, days, months, lastDayOfMonth }: OracleRule, date: Date): boolean {
  if (weekdays && !weekdays.includes(date.getUTCDay() === 0 ? 7 : date.getUTCDay())) return false;
  if (months && !months.includes(date.getUTCMonth() + 1)) return false;
  if (!days) return true;
  const today = date.getUTCDate();
  const isLast = new Date(date.getTime() + DAY).getUTCDate() === 1;
  return days.some(
    ([day, month]) =>
      (month === undefined || month === date.getUTCMonth() + 1) &&
      (day === today || (lastDayOfMonth === true && isLast && day > today)),
  );
}

/** `wall` is the wall time as if it were in UTC. The first instant that shows it; else as before the clocks jumped. */
function instantOf(wall: number, zone: string): number {
  const hours: number[] = [];
  for (let hour = Math.floor(wall / HOUR) - 39; hour <= wall / HOUR + 39; hour++) hours.push(hour * HOUR);
  const offsets = new Set(hours.map((hour) => offsetAt(hour, zone)));
  const shown = [...offsets].map((offset) => wall - offset).filter((at) => offsetAt(at, zone) === wall - at);
  if (shown.length > 0) return Math.min(...shown);
  const before = hours.findLast((hour) => hour + offsetAt(hour, zone) < wall) ?? NaN;
  return wall - offsetAt(before, zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsetsOfHours = new Map<string, number>();

function offsetAt(instant: number, zone: string): number {
  const key = `${zone} ${instant}`;
  const known = offsetsOfHours.get(key) ?? wallOf(instant, zone) - instant;
  if (instant % HOUR === 0) offsetsOfHours.set(key, known);
  return known;
}

function wallOf(instant: number, zone: string): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  formats.set(zone, format);
  const part = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function byInstant([a, x]: OracleOccurrence, [b, y]: OracleOccurrence): number {
  return x - y || (a < b ? -1 : 1);
}
