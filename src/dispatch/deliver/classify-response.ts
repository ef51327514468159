import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { jsonOf } from '../../core/json-of.ts';
import type { Reason } from '../../domain/reason.ts';
import type { DeliveryAnswer } from './deliver-webhook.ts';

/** `after`: the receiver asked not to be called before. */
export type Verdict =
  | { kind: 'accepted'; wamid: string | null }
  | { kind: 'retry'; reason: Reason; detail: string; after: Temporal.Instant | null }
  | { kind: 'rejected'; reason: Reason; detail: string };

const longestWait = Temporal.Duration.from({ hours: 6 });

/** The width of msg_Wamid. */
const longestWamid = 100;

/**
 * What a webhook's answer means for its delivery. 2xx is accepted; what may pass is tried again; the rest is final. A status
 * outside 100 to 599 counts as 5xx (RFC 9110, 15), and so does one that cannot end an answer (1xx).
 */
export function classifyResponse(
  answer: Exclude<DeliveryAnswer, { kind: 'not-started' }>,
  now: Temporal.Instant,
): Verdict {
  if (answer.kind === 'failed') {
    const { reason, detail } = answer;
    return reason === 'webhook_direccion'
      ? { kind: 'rejected', reason, detail }
      : { kind: 'retry', reason, detail, after: null };
  }
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'accepted', wamid: wamidIn(answer.body) };
  if (status === 408 || status === 429 || status >= 500 || status < 200) {
    const detail = `El webhook respondió ${status}.`;
    return { kind: 'retry', reason: 'webhook_fallo', detail, after: waitAsked(answer.retryAfter, now) };
  }
  const detail =
    status < 400
      ? `El webhook redirige a otra dirección (${status}) y no se lo sigue: corrija whk_Url.`
      : `El webhook rechazó el mensaje con ${status}.`;
  return { kind: 'rejected', reason: 'webhook_rechazo', detail };
}

const id = z.string().trim().min(1).max(longestWamid);
const withWamid = z.object({ wamid: id });
const withMessages = z.object({ messages: z.tuple([z.object({ id })], z.unknown()) });

/** The WhatsApp id, from `wamid` or Meta's `messages[0].id`. An id that does not fit its column is of no use cut. */
function wamidIn(body: string): string | null {
  const json = jsonOf(body);
  return withWamid.safeParse(json).data?.wamid ?? withMessages.safeParse(json).data?.messages[0].id ?? null;
}

/** Retry-After (RFC 9110, 10.2.3), at most six hours from now; null when there is none, or nothing readable or ahead. */
function waitAsked(header: string | null, now: Temporal.Instant): Temporal.Instant | null {
  if (header === null) return null;
  const latest = now.add(longestWait);
  const text = header.trim();
  const asked = /^\d{1,9}$/.test(text) ? now.add({ seconds: Number(text) }) : httpDate(text, now);
  if (asked === null || Temporal.Instant.compare(asked, now) <= 0) return null;
  return Temporal.Instant.compare(asked, latest) > 0 ? latest : asked;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** The three forms that must be understood (RFC 9110, 5.6.7): today's, RFC 850's with two digits of the year, asctime's. */
const dateForms = [
  /^\w{3}, (?<day>\d{2}) (?<month>\w{3}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^\w{6,9}, (?<day>\d{2})-(?<month>\w{3})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^\w{3} (?<month>\w{3}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/,
];

function httpDate(text: string, now: Temporal.Instant): Temporal.Instant | null {
  const parts = dateForms.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  const { day = '', month: name = '', year = '', time = '' } = parts ?? {};
  const month = String(months.indexOf(name) + 1).padStart(2, '0');
  const whole = year.length === 2 ? yearOf(Number(year), now) : year;
  try {
    return Temporal.Instant.from(`${whole}-${month}-${day.trim().padStart(2, '0')}T${time}Z`);
  } catch {
    return null;
  }
}

/** A year that seems to lie more than 50 years ahead is the last one that ended so. */
function yearOf(twoDigits: number, now: Temporal.Instant): number {
  const { year: present } = now.toZonedDateTimeISO('UTC');
  const year = present - (present % 100) + twoDigits;
  return year > present + 50 ? year - 100 : year;
}
