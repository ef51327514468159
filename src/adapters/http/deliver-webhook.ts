import { lookup as systemLookup } from 'node:dns';
import type { Pool } from 'undici';
import type { Clock } from '../../core/clock.ts';
import type { Redact } from '../../core/redact.ts';
import type {
  ConnectAhead,
  DeliverWebhook,
  DeliveryAnswer,
  SignAhead,
  WebhookCall,
} from '../../dispatch/deliver/deliver-webhook.ts';
import { checkTarget, refusalOf } from './check-target.ts';
import { AddressRefused, guardedLookup, type AskAddresses } from './guard-address.ts';
import { hostPlaces } from './host-places.ts';
import { hostPools } from './host-pools.ts';
import { postWebhook } from './post-webhook.ts';
import { redactors } from './known-secrets.ts';
import { signWebhook } from './sign-webhook.ts';

export interface WebhookClientOptions {
  clock: Clock;
  /** `host` or `host:port` that may be private and need no https. */
  allowedHosts: readonly string[];
  /** Calls to one host at a time. */
  placesPerHost: number;
  /** Where the addresses of names that are to be public come from; the system's resolver unless given. */
  lookup?: AskAddresses;
}

export interface WebhookClient {
  deliverWebhook: DeliverWebhook;
  connectAhead: ConnectAhead;
  signAhead: SignAhead;
  /** Ends every connection; a call under way fails. */
  close(): Promise<void>;
}

/** Posts webhooks over kept connections, to public addresses alone. */
export function webhookClient({
  clock,
  allowedHosts,
  placesPerHost,
  lookup = systemLookup,
}: WebhookClientOptions): WebhookClient {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const enterHost = hostPlaces(placesPerHost);
  const redactorFor = redactors();
  const pools = {
    public: hostPools({ placesPerHost, lookup: guardedLookup(lookup) }),
    allowed: hostPools({ placesPerHost }),
  };

  return {
    deliverWebhook: async (call, signal) => {
      const target = checkTarget(call.url, allowed);
      if (target.kind === 'refused') {
        return { kind: 'failed', reason: 'webhook_direccion', detail: target.detail, ms: 0 };
      }
      const leave = await enterHost(target.url.host, call.tenant, signal);
      if (leave === null) return { kind: 'not-started' };
      try {
        const signatures = signWebhook(call, clock.now());
        const pool = pools[target.kind].poolOf(target.url);
        return await post(pool, target.url, call, signatures, redactorFor(call));
      } finally {
        leave();
      }
    },
    connectAhead: (url, count) => {
      const target = checkTarget(url, allowed);
      if (target.kind !== 'refused') pools[target.kind].makeReady(target.url, count);
    },
    signAhead: (call, at) => ({ ...call, signatures: signWebhook(call, at) }),
    close: async () => {
      await Promise.all(Object.values(pools).map((each) => each.close()));
    },
  };
}

async function post(
  pool: Pool,
  url: URL,
  call: WebhookCall,
  signatures: Readonly<Record<string, string>>,
  redact: Redact,
): Promise<DeliveryAnswer> {
  const started = performance.now();
  const headers = {
    'user-agent': 'Vigia',
    'accept-encoding': 'identity',
    'content-type': call.contentType,
    ...call.headers,
    ...signatures,
  };
  const answer = await postWebhook(pool, { url, headers, body: call.body, timeoutMs: call.timeoutMs });
  const ms = Math.round(performance.now() - started);
  switch (answer.kind) {
    case 'answered': {
      const { status, body, end, retryAfter } = answer;
      return { kind: 'answered', status, body: redact(body, end), retryAfter, ms };
    }
    case 'expired':
      return { kind: 'failed', ...timeoutOf(url, call.timeoutMs), ms };
    case 'failed':
      return { kind: 'failed', ...failureOf(answer.error, url), ms };
  }
}

function timeoutOf({ hostname }: URL, timeoutMs: number) {
  return { reason: 'webhook_tiempo', detail: `${hostname} no respondió en ${timeoutMs / 1000} s.` } as const;
}

/** Undici's errors may show the URL: only their code is kept. */
function failureOf(
  error: unknown,
  { hostname }: URL,
): { reason: 'webhook_tiempo' | 'webhook_red' | 'webhook_direccion'; detail: string } {
  if (codeOf(error) === 'UND_ERR_CONNECT_TIMEOUT') {
    return { reason: 'webhook_tiempo', detail: `${hostname} no aceptó la conexión a tiempo.` };
  }
  if (isRefusal(error)) return { reason: 'webhook_direccion', detail: refusalOf(hostname) };
  return { reason: 'webhook_red', detail: `No se pudo hablar con ${hostname} (${codeOf(error)}).` };
}

function isRefusal(error: unknown): boolean {
  return error instanceof AddressRefused || (error instanceof AggregateError && error.errors.some(isRefusal));
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'error';
}
