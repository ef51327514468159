import { createHmac } from 'node:crypto';
import type { Listening } from './listen.ts';

export interface WhatsappNotifier extends Listening {
  /** Tells in the next seconds what becomes of a message, as the WhatsApp Cloud API does. */
  follow(wamid: string): void;
}

interface Notice {
  afterMs: number;
  value: (wamid: string, timestamp: string) => object;
}

function status(name: string, afterMs: number, more: object = {}): Notice {
  return {
    afterMs,
    value: (id, timestamp) => ({ statuses: [{ id, status: name, timestamp, ...more }] }),
  };
}

const arrives = [status('sent', 100), status('delivered', 1_500), status('read', 4_000)];
const fails = [
  status('sent', 100),
  status('failed', 1_500, { errors: [{ code: 131_026, title: 'Message undeliverable' }] }),
];
const isAnswered = [
  ...arrives,
  {
    afterMs: 8_000,
    value: (id: string, timestamp: string) => ({
      messages: [{ id: `${id}.answer`, timestamp, type: 'text', text: { body: 'Gracias' }, context: { id } }],
    }),
  },
];
const fates: readonly (readonly Notice[])[] = [arrives, isAnswered, fails];

/** Most messages arrive and are read; the second of three is answered, the third fails. Where nobody listens, nothing happens. */
export function whatsappNotifier(url: string, appSecret: string): WhatsappNotifier {
  const timers = new Set<NodeJS.Timeout>();
  let followed = 0;
  const notify = (value: object) => {
    const changes = [{ field: 'messages', value: { messaging_product: 'whatsapp', ...value } }];
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '0', changes }] });
    const signature = `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
    fetch(url, { method: 'POST', body, headers: { 'x-hub-signature-256': signature } }).catch(
      () => undefined,
    );
  };
  return {
    follow(wamid) {
      for (const { afterMs, value } of fates[followed++ % fates.length] ?? []) {
        const timer = setTimeout(() => {
          timers.delete(timer);
          notify(value(wamid, String(Math.floor(Date.now() / 1000))));
        }, afterMs);
        timers.add(timer);
      }
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
