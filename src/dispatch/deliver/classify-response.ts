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

/** What a webhook's answer means for its delivery. 2xx is accepted; what may pass is tried again; the rest is final. */
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
  if (status === 408 || status === 429 || status >= 500) {
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
  const asked = /^\d{1,9}$/.test(text) ? now.add({ seconds: Number(text) }) : httpDate(text);
  if (asked === null || Temporal.Instant.compare(asked, now) <= 0) return null;
  return Temporal.Instant.compare(asked, latest) > 0 ? latest : asked;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const imfDate = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/;

/** `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that senders may still generate. */
function httpDate(text: string): Temporal.Instant | null {
  const [, day = '', monthName = '', year = '', time = ''] = imfDate.exec(text) ?? [];
  const month = String(months.indexOf(monthName) + 1).padStart(2, '0');
  try {
    return Temporal.Instant.from(`${year}-${month}-${day}T${time}Z`);
  } catch {
    return null;
  }
}
