import type { Temporal } from 'temporal-polyfill';
import type { NewsState } from '../../domain/delivery.ts';

/** By what a gateway names a message. The webhook-id and the delivery id are ours, the wamid is WhatsApp's. */
export type MessageName =
  | { by: 'webhookId'; webhookId: string }
  | { by: 'deliveryId'; deliveryId: number }
  | { by: 'wamid'; wamid: string };

/** One thing that a gateway tells of one message. */
export interface News {
  message: MessageName;
  state: NewsState;
  /** When it happened; never later than now. */
  at: Temporal.Instant;
  /** Why a message could not be delivered, in the gateway's words. */
  detail: string | null;
  /** To be kept with the delivery, if it has none yet. */
  wamid: string | null;
}

/** What a call-back holds. `ignored`: what it tells of things that are no news for us. */
export interface ReadNews {
  news: readonly News[];
  ignored: number;
}
