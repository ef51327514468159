import { lookup as systemLookup } from 'node:dns';
import { Agent, request, type Dispatcher } from 'undici';
import type { Clock } from '../../core/clock.ts';
import type { Redact } from '../../core/redact.ts';
import type { DeliverWebhook, DeliveryAnswer, WebhookCall } from '../../dispatch/deliver/deliver-webhook.ts';
import { checkTarget, refusalOf } from './check-target.ts';
import { AddressRefused, guardedLookup, type AskAddresses } from './guard-address.ts';
import { hostPlaces } from './host-places.ts';
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
  /** Ends every connection; a call under way fails. */
  close(): Promise<void>;
}

const longestAnswer = 65_536;

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
  const agentOptions = { connections: placesPerHost, allowH2: false };
  const agents = {
    public: new Agent({ ...agentOptions, connect: { lookup: guardedLookup(lookup) } }),
    allowed: new Agent(agentOptions),
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
        const signatures = signWebhook({ ...call, at: clock.now() });
        return await post(agents[target.kind], target.url, call, signatures, redactorFor(call));
      } finally {
        leave();
      }
    },
    close: async () => {
      await Promise.all([agents.public.destroy(), agents.allowed.destroy()]);
    },
  };
}

async function post(
  agent: Dispatcher,
  url: URL,
  call: WebhookCall,
  signatures: Readonly<Record<string, string>>,
  redact: Redact,
): Promise<DeliveryAnswer> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  const limit = new AbortController();
  const expired = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    limit.abort();
    expired.reject(new Error('time limit'));
  }, call.timeoutMs);
  const headers = {
    'user-agent': 'Vigia',
    'accept-encoding': 'identity',
    'content-type': call.contentType,
    ...call.headers,
    ...signatures,
  };
  try {
    const { signal } = limit;
    const asked = request(url, { dispatcher: agent, method: 'POST', body: call.body, headers, signal });
    // Undici hears the signal only once it is connected; then it sends nothing.
    const answer = await Promise.race([asked, expired.promise]);
    const { text, end } = await readAnswer(answer);
    const retryAfter = answer.headers['retry-after'];
    return {
      kind: 'answered',
      status: answer.statusCode,
      body: redact(text, end),
      retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
      ms: ms(),
    };
  } catch (error) {
    return { kind: 'failed', ...failureOf(error, url, limit.signal, call.timeoutMs), ms: ms() };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * At most 64 KiB; the connection is closed when there is more. Once the status is known the receiver has decided, so a
 * body that breaks off or takes too long is kept as far as it came.
 */
async function readAnswer({
  headers,
  body,
}: Dispatcher.ResponseData): Promise<{ text: string; end: 'whole' | 'cut' }> {
  const encoding = headers['content-encoding'];
  const chunks: Buffer[] = [];
  let size = 0;
  let brokeOff = false;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > longestAnswer) break;
    }
  } catch {
    brokeOff = true;
    body.destroy();
  }
  if (encoding !== undefined && encoding !== 'identity') return { text: '', end: 'whole' };
  const bytes = Buffer.concat(chunks).subarray(0, longestAnswer);
  const text = new TextDecoder().decode(bytes, { stream: true }).replaceAll('\0', '');
  return { text, end: brokeOff || size > longestAnswer ? 'cut' : 'whole' };
}

/** Undici's errors may show the URL: only their code is kept. */
function failureOf(
  error: unknown,
  { hostname }: URL,
  limit: AbortSignal,
  timeoutMs: number,
): { reason: 'webhook_tiempo' | 'webhook_red' | 'webhook_direccion'; detail: string } {
  if (limit.aborted) {
    return { reason: 'webhook_tiempo', detail: `${hostname} no respondió en ${timeoutMs / 1000} s.` };
  }
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
