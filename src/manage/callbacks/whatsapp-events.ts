import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { NewsState } from '../../domain/delivery.ts';
import type { News, ReadNews } from './news.ts';
import { notAfter, withinReason } from './news-time.ts';

/*
 * Of what the WhatsApp Cloud API notifies, the statuses of messages and the messages that answer one. It adds kinds and
 * fields over time: what is not known is no news, and nothing of it is refused.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
 */

const notification = z.object({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(z.object({ changes: z.array(z.unknown()) })),
});
const change = z.object({ field: z.literal('messages'), value: z.unknown() });
const lists = z.object({
  statuses: z.array(z.unknown()).default([]),
  messages: z.array(z.unknown()).default([]),
});

const wamid = z.string().regex(/^[!-~]{1,100}$/);
const seconds = z.coerce.string().regex(/^\d{1,12}$/);
const states = { sent: 'ENVIADO', delivered: 'ENTREGADO', read: 'LEIDO', failed: 'FALLIDO' } as const;
const fault = z.object({
  code: z.union([z.number(), z.string()]).optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  error_data: z.object({ details: z.string() }).optional().catch(undefined),
});
const status = z.object({
  id: wamid,
  status: z.enum(['sent', 'delivered', 'read', 'failed']),
  timestamp: seconds.optional().catch(undefined),
  errors: z.array(fault).optional().catch(undefined),
});
const answer = z.object({
  context: z.object({ id: wamid }),
  timestamp: seconds.optional().catch(undefined),
});

/** What a notification of the WhatsApp Cloud API tells. `ignored`: the changes, statuses and messages that are no news. */
export function readWhatsappEvents(body: unknown, now: Temporal.Instant): ReadNews {
  const { entry = [] } = notification.safeParse(body).data ?? {};
  const parts = entry
    .flatMap(({ changes }) => changes)
    .flatMap((one): (News | null)[] => {
      const value = lists.safeParse(change.safeParse(one).data?.value).data;
      if (value === undefined) return [null];
      return [
        ...value.statuses.map((each) => statusNews(each, now)),
        ...value.messages.map((each) => answerNews(each, now)),
      ];
    });
  const news = parts.filter((part) => part !== null);
  return { news, ignored: parts.length - news.length };
}

function statusNews(given: unknown, now: Temporal.Instant): News | null {
  const { data } = status.safeParse(given);
  if (data === undefined) return null;
  const state: NewsState = states[data.status];
  const detail = state === 'FALLIDO' ? detailOf(data.errors?.[0]) : null;
  return { message: { by: 'wamid', wamid: data.id }, state, at: timeOf(data, now), detail, wamid: null };
}

/** A message that answers none of ours says so by having no context. */
function answerNews(given: unknown, now: Temporal.Instant): News | null {
  const { data } = answer.safeParse(given);
  if (data === undefined) return null;
  const { id } = data.context;
  return {
    message: { by: 'wamid', wamid: id },
    state: 'RESPONDIDO',
    at: timeOf(data, now),
    detail: null,
    wamid: null,
  };
}

function timeOf({ timestamp }: { timestamp?: string | undefined }, now: Temporal.Instant): Temporal.Instant {
  if (timestamp === undefined) return now;
  const at = withinReason(Temporal.Instant.fromEpochMilliseconds(Number(timestamp) * 1000));
  return at === null ? now : notAfter(now, at);
}

/** Such as `131026 Message undeliverable: Unable to deliver message.` */
function detailOf({ code, title, error_data: data }: z.infer<typeof fault> = {}): string | null {
  const what = [code, title].filter((part) => part !== undefined).join(' ');
  const text = [what, data?.details ?? ''].filter((part) => part !== '').join(': ');
  return text === '' ? null : text.slice(0, 800);
}
