import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { jsonOf } from '../../core/json-of.ts';
import type { Logger } from '../../core/logger.ts';
import { Problem, problemDocument, problems } from '../problem.ts';
import { answerChallenge } from './answer-challenge.ts';
import { logRefusals } from './log-refusals.ts';
import type { News, ReadNews } from './news.ts';
import { readOwnEvents } from './own-events.ts';
import type { NewsCounts } from './record-news.ts';
import type { Verdict, VerifyMeta, VerifyStandard } from './signatures.ts';
import { readWhatsappEvents } from './whatsapp-events.ts';

export interface CallbackSettings {
  /** CALLBACK_SECRET: any of them may have signed. */
  secrets: readonly string[];
  /** WHATSAPP_APP_SECRET, WHATSAPP_VERIFY_TOKEN */
  whatsapp: { appSecrets: readonly string[]; verifyToken: string | null };
}

export interface CallbackPorts extends CallbackSettings {
  clock: Clock;
  log: Logger;
  verifyStandard: VerifyStandard;
  verifyMeta: VerifyMeta;
  recordNews: (news: readonly News[], now: Temporal.Instant) => Promise<NewsCounts>;
}

/** WhatsApp's notifications have up to 3 MB. */
const longestBody = 4 * 1024 * 1024;

/**
 * What gateways tell of messages, in our own shape or in WhatsApp's, and WhatsApp's question whether this address is
 * theirs to call. 200 only when all of it is stored: a gateway repeats what had another answer.
 */
export function receiveCallbacks(ports: CallbackPorts): (request: Request) => Promise<Response> {
  const logRefusal = logRefusals(ports);
  return async (request) => {
    try {
      if (request.method === 'GET') return answerChallenge(request, ports.whatsapp.verifyToken);
      return await receive(request, ports);
    } catch (error) {
      if (error instanceof Problem) logRefusal(error);
      else ports.log.error('callbacks.failed', {}, error);
      return problemAnswer(error instanceof Problem ? error : notStored());
    }
  };
}

async function receive(request: Request, ports: CallbackPorts): Promise<Response> {
  const now = ports.clock.now();
  const source = sourceOf(request.headers);
  const body = await bodyOf(request);
  requireSignature(source, request.headers, body, { ...ports, now });
  const { news, ignored } = readNews(source, body, now);
  const counts = await ports.recordNews(news, now);
  const { known, raised, waiting } = counts;
  const told = {
    events: news.length + ignored,
    known,
    raised,
    waiting,
    ignored: ignored + news.length - known - waiting,
  };
  ports.log.info('callbacks.received', { source, ...told });
  return Response.json(told);
}

type Source = 'own' | 'whatsapp';

function sourceOf(headers: Headers): Source {
  return headers.has('x-hub-signature-256') && !headers.has('webhook-signature') ? 'whatsapp' : 'own';
}

async function bodyOf(request: Request): Promise<Uint8Array> {
  const tooLong = new Problem('body_too_large', `Send at most ${longestBody} bytes; split the events.`);
  if (Number(request.headers.get('content-length') ?? 0) > longestBody) throw tooLong;
  const body = new Uint8Array(await request.arrayBuffer());
  if (body.byteLength > longestBody) throw tooLong;
  return body;
}

const lacking: Readonly<Record<Exclude<Verdict, 'valid'>, string>> = {
  incomplete:
    'Sign it as Standard Webhooks has it (webhook-id, webhook-timestamp, webhook-signature), or as the WhatsApp Cloud API does (X-Hub-Signature-256).',
  wrong: 'The signature is not one of the body, as it came, with the secret that is set here.',
  expired: 'Its webhook-timestamp is more than five minutes from the clock here. Sign each attempt anew.',
};

const noBody = 'The body is empty. Send it with Content-Length: one in chunks does not arrive.';

function requireSignature(
  source: Source,
  headers: Headers,
  body: Uint8Array,
  { secrets, whatsapp, verifyStandard, verifyMeta, now }: CallbackPorts & { now: Temporal.Instant },
): void {
  const [setting, known] =
    source === 'own' ? ['CALLBACK_SECRET', secrets] : ['WHATSAPP_APP_SECRET', whatsapp.appSecrets];
  if (known.length === 0)
    throw new Problem('callbacks_off', `${setting} is not set, so that nobody can call back like this.`);
  const verdict =
    source === 'own'
      ? verifyStandard({ headers, body, secrets, now })
      : verifyMeta({
          signature: headers.get('x-hub-signature-256') ?? '',
          body,
          secrets: whatsapp.appSecrets,
        });
  if (verdict === 'valid') return;
  throw new Problem('callback_unsigned', body.byteLength === 0 ? noBody : lacking[verdict]);
}

function readNews(source: Source, body: Uint8Array, now: Temporal.Instant): ReadNews {
  const json = jsonOf(new TextDecoder().decode(body));
  if (json === undefined)
    throw new Problem('invalid_request', 'body must be JSON.', [{ at: 'body', message: 'must be JSON' }]);
  return source === 'own' ? { news: readOwnEvents(json, now), ignored: 0 } : readWhatsappEvents(json, now);
}

function notStored(): Problem {
  return new Problem('callback_not_stored', 'Nothing is lost: send the same again in a minute.');
}

function problemAnswer(problem: Problem): Response {
  const { status } = problems[problem.code];
  return new Response(JSON.stringify(problemDocument(problem)), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
}
