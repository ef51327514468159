import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { NewsState } from '../../domain/delivery.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import type { MessageName, News } from './news.ts';
import { notAfter, withinReason } from './news-time.ts';

const states = {
  sent: 'ENVIADO',
  delivered: 'ENTREGADO',
  read: 'LEIDO',
  failed: 'FALLIDO',
  answered: 'RESPONDIDO',
} as const satisfies Readonly<Record<string, NewsState>>;
const eventNames = ['sent', 'delivered', 'read', 'failed', 'answered'] as const;

const named = 'must name the message by webhookId, deliveryId or wamid';

const event = z
  .strictObject({
    webhookId: z.guid({ error: 'must be the webhook-id of a delivery, a UUID' }).optional(),
    deliveryId: z
      .int({ error: 'must be the deliveryId of a delivery, a whole number' })
      .min(1, { error: 'must be at least 1' })
      .max(2 ** 31 - 1, { error: 'must be at most 2147483647' })
      .optional(),
    wamid: z
      .string({ error: 'must be a text' })
      .regex(/^[!-~]{1,100}$/, { error: 'must be a WhatsApp id: 1 to 100 ASCII characters without spaces' })
      .optional(),
    event: z.enum(eventNames, { error: `must be one of ${eventNames.join(', ')}` }),
    at: z
      .string({ error: 'must be a time' })
      .transform((given, context) => {
        const at = instantOf(given);
        if (at !== null) return at;
        context.addIssue(
          'must be a time with an offset, such as 2026-03-02T12:49:03-03:00, from 2000 to 2100',
        );
        return z.NEVER;
      })
      .optional(),
    reason: z
      .string({ error: 'must be a text' })
      .max(800, { error: 'must have at most 800 characters' })
      .optional(),
  })
  .refine(({ webhookId, deliveryId, wamid }) => (webhookId ?? deliveryId ?? wamid) !== undefined, {
    error: named,
  });

const mostEvents = 1000;

const events = z.strictObject(
  {
    events: z
      .array(event, { error: 'must be a list of events' })
      .min(1, { error: 'must hold at least one event' })
      .max(mostEvents, { error: `must hold at most ${mostEvents} events` }),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

/** Our own shape, as docs/callbacks.md has it. Throws a Problem that names every value that cannot be read. */
export function readOwnEvents(body: unknown, now: Temporal.Instant): News[] {
  const read = events.safeParse(body);
  if (!read.success) {
    refuseInvalid({ success: false, target: 'json', error: read.error });
    return [];
  }
  return read.data.events.map(({ event: name, at, reason, wamid, ...ids }) => ({
    message: messageOf({ wamid, ...ids }),
    state: states[name],
    at: notAfter(now, at ?? now),
    detail: reason ?? null,
    wamid: wamid ?? null,
  }));
}

/** Our own ids name a delivery for sure; a wamid beside them is one to keep. */
function messageOf(ids: {
  webhookId?: string | undefined;
  deliveryId?: number | undefined;
  wamid?: string | undefined;
}): MessageName {
  const { webhookId, deliveryId, wamid = '' } = ids;
  if (webhookId !== undefined) return { by: 'webhookId', webhookId };
  return deliveryId === undefined ? { by: 'wamid', wamid } : { by: 'deliveryId', deliveryId };
}

function instantOf(given: string): Temporal.Instant | null {
  try {
    return withinReason(Temporal.Instant.from(given));
  } catch {
    return null;
  }
}
