/** A rule as plain data; what is absent does not restrict. */
export interface OracleRule {
  time: string;
  /** 1 = Monday */
  weekdays?: readonly number[];
  monthDays?: readonly number[];
  months?: readonly number[];
  lastDayOfMonth?: boolean;
}

const DAY = 86_400_000;
const QUARTER = 900_000;

/**
 * Brute force, and no line in common with the product: every date is tried, and the instant of a wall time is found by
 * trying every offset and asking Intl what the clocks on that wall would show.
 */
export function oracleOccurrences(
  rule: OracleRule,
  zone: string,
  from: number,
  to: number,
): [string, number][] {
  const found: [string, number][] = [];
  for (let day = Math.floor(from / DAY) * DAY - 2 * DAY; day <= to + 2 * DAY; day += DAY) {
    const date = new Date(day);
    if (!fires(rule, date)) continue;
    const at = instantOf(day + Date.parse(`1970-01-01T${rule.time}Z`), zone);
    if (at >= from && at <= to) found.push([date.toISOString().slice(0, 10), at]);
  }
  return found;
}

function fires({ weekdays, monthDays, months, lastDayOfMonth }: OracleRule, date: Date): boolean {
  if (weekdays && !weekdays.includes(date.getUTCDay() === 0 ? 7 : date.getUTCDay())) return false;
  if (months && !months.includes(date.getUTCMonth() + 1)) return false;
  if (!monthDays || monthDays.includes(date.getUTCDate())) return true;
  const tomorrow = new Date(date.getTime() + DAY);
  const isLast = tomorrow.getUTCDate() === 1;
  return lastDayOfMonth === true && isLast && monthDays.some((day) => day > date.getUTCDate());
}

function instantOf(wall: number, zone: string): number {
  for (let instant = wall - 15 * 3_600_000; instant <= wall + 15 * 3_600_000; instant += QUARTER) {
    if (wallOf(instant, zone) === wall) return instant;
  }
  // In a gap nothing shows that time: the offset of the day before counts.
  return wall - (wallOf(wall - DAY, zone) - (wall - DAY));
}

const formats = new Map<string, Intl.DateTimeFormat>();

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
    });
  formats.set(zone, format);
  const part = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute);
}
