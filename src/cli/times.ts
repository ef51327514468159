import { Temporal } from 'temporal-polyfill';

/** `02/03/2026 12:49:00`, as the clocks of its own offset had it. */
export function asWritten(iso: string): string {
  return wallText(Temporal.PlainDateTime.from(iso));
}

/** The same on the clocks of a zone. */
export function inZone(iso: string, zone: string): string {
  return wallText(Temporal.Instant.from(iso).toZonedDateTimeISO(zone).toPlainDateTime());
}

/** `hace 30 s`, `hace 5 min`, `hace 3 h`, `hace 2 días`; in the future `en …`. */
export function fromNow(iso: string, now: Temporal.Instant): string {
  const seconds = Math.round((now.epochMilliseconds - Temporal.Instant.from(iso).epochMilliseconds) / 1000);
  const size = Math.abs(seconds);
  const length =
    size < 120
      ? `${size} s`
      : size < 7200
        ? `${Math.round(size / 60)} min`
        : size < 172_800
          ? `${Math.round(size / 3600)} h`
          : `${Math.round(size / 86_400)} días`;
  return seconds < 0 ? `en ${length}` : `hace ${length}`;
}

/** Fractions of a second help nobody who reads. */
function wallText(wall: Temporal.PlainDateTime): string {
  const [date = '', time = ''] = wall.toString({ smallestUnit: 'second' }).split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${month}/${year} ${time}`;
}
