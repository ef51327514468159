/**
 * Texts as .NET and Newtonsoft.Json write them, where the real host passes a value through them before an app or
 * a queue sees it.
 */

const ISO_DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7})\d*)?(Z|[+-]\d\d:?\d\d)?$/;

/** A JSON document as Newtonsoft writes it indented (what `JToken.ToString()` gives). */
function indentedJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** One JSON value as text: a string as itself, null as nothing, `True`, numbers, documents indented. */
export function tokenText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return indentedJson(value);
  return scalarText(value as string | number | boolean);
}

function scalarText(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? numberText(value) : value;
}

function numberText(value: number): string {
  const text = String(value);
  return text.includes('e') ? text.replace(/e([+-])(\d)$/, 'e$10$2').replace('e', 'E') : text;
}

/**
 * A scalar of a JSON text as .NET's culture-invariant string. Newtonsoft reads ISO date-times as dates, so that
 * `2026-03-02T12:49:00Z` becomes `03/02/2026 12:49:00`.
 */
export function invariantText(value: string | number | boolean): string {
  const date = typeof value === 'string' ? parseDate(value) : undefined;
  if (date === undefined) return scalarText(value);
  const [day, clock] = [date.local.slice(0, 10), date.local.slice(11, 19)];
  return `${day.slice(5, 7)}/${day.slice(8, 10)}/${day.slice(0, 4)} ${clock}`;
}

/** Rewrites every ISO date-time inside a parsed JSON text as Newtonsoft writes it back: zero fractions dropped. */
export function withDatesReread(value: unknown): unknown {
  if (typeof value === 'string') return rereadDate(value);
  if (Array.isArray(value)) return value.map(withDatesReread);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDatesReread(item)]));
}

function rereadDate(text: string): string {
  const date = parseDate(text);
  if (date === undefined) return text;
  return `${date.local.slice(0, 19)}${date.fraction === '' ? '' : `.${date.fraction}`}${date.suffix}`;
}

/** The host runs in UTC: a date-time with an offset is moved there, one without stays as it is. */
function parseDate(text: string): { local: string; fraction: string; suffix: string } | undefined {
  const match = ISO_DATE_TIME.exec(text);
  if (match === null) return undefined;
  const fraction = (match[7] ?? '').replace(/0+$/, '');
  const zone = match[8] ?? '';
  const instant = Date.parse(
    `${text.slice(0, 19)}${zone === '' ? 'Z' : zone.replace(/(\d\d)(\d\d)$/, '$1:$2')}`,
  );
  if (Number.isNaN(instant)) return undefined;
  const suffix = zone === '' || zone === 'Z' ? zone : '+00:00';
  return { local: new Date(instant).toISOString(), fraction, suffix };
}

/** An instant as Newtonsoft writes a UTC DateTimeOffset: `2026-03-02T12:49:00.5+00:00`. */
export function dateTimeOffsetText(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.?0*Z$/, '+00:00');
}

/** DateTimeOffset.MaxValue, which stands for "never" in trigger metadata. */
export const MAX_DATE_TIME_OFFSET = '9999-12-31T23:59:59.9999999+00:00';

/** DateTime.MinValue in a UTC process, which stands for "not yet" in a schedule status. */
export const MIN_DATE_TIME = '0001-01-01T00:00:00+00:00';
