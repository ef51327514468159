import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { bodyOf, listen, sendJson, sendPage, sendText, type Listening } from './listen.ts';
import { pagePolicy } from './page.ts';
import { requestPage, requestsPage } from './webhook-pages.ts';
import { whatsappNotifier, type WhatsappNotifier } from './whatsapp-notifier.ts';

/** A request as `GET /requests` shows it. */
export interface ReceivedRequest {
  /** Counts from 1. */
  id: number;
  /** Time of arrival in ms since 1970. */
  at: number;
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Standard Webhooks' and X-Signature with the receiver's secret: `unsigned` when neither header is there. */
  signature: 'valid' | 'invalid' | 'unsigned';
  /** The status that was answered; 0 = never. */
  status: number;
}

type Gateway = (
  request: ReceivedRequest,
  response: ServerResponse,
  received: readonly ReceivedRequest[],
  notifier: WhatsappNotifier | null,
) => number;

/** How the gateways behind a company's webhooks behave, by the first segment of the path. */
const gateways: Readonly<Record<string, { says: string; answer: Gateway }>> = {
  '/whatsapp': { says: '200 con un wamid, como la API de WhatsApp', answer: acceptWithWamid },
  '/meta': {
    says: '200 con un wamid; después avisa como la API de WhatsApp: entregado y leído, contestado, o que falló',
    answer: acceptAndFollow,
  },
  '/email': { says: '200', answer: accept },
  '/sms': { says: '200', answer: accept },
  '/flaky': { says: '500 las dos primeras veces de cada webhook-id, después 200', answer: failTwice },
  '/gone': { says: '410', answer: (_request, response) => answerJson(response, 410, { error: 'gone' }) },
  '/busy': { says: '429 con Retry-After: 30', answer: throttle },
  '/silent': { says: 'nunca responde', answer: () => 0 },
};

const keptRequests = 20_000;

/**
 * Plays the gateways (see `gateways`; anything else is accepted with 200 as well), tells `callBack` of the messages to `/meta`, keeps the last 20,000 requests in
 * memory, shows them on pages (`/`, `/requests/{id}`) and as JSON (`GET /requests`, optionally `?path=/flaky`); `DELETE /requests` forgets them.
 */
export async function startWebhookReceiver(
  port: number,
  secret: string,
  callBack?: { url: string; appSecret: string },
): Promise<Listening> {
  const received: ReceivedRequest[] = [];
  const notifier = callBack === undefined ? null : whatsappNotifier(callBack.url, callBack.appSecret);
  let lastId = 0;
  const listening = await listen(port, async (request, response) => {
    const at = Date.now();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://receiver');
    if (request.method === 'GET' && pathname === '/requests') {
      const path = searchParams.get('path');
      sendJson(response, 200, path === null ? received : received.filter((one) => one.path === path));
    } else if (request.method === 'DELETE' && pathname === '/requests') {
      received.length = 0;
      sendJson(response, 200, []);
    } else if (request.method === 'GET' && pathname === '/') {
      sendPage(response, requestsPage(received, gateways), pagePolicy);
    } else if (request.method === 'GET') {
      const one = received.find(({ id }) => pathname === `/requests/${id}`);
      if (one) sendPage(response, requestPage(one), pagePolicy);
      else sendText(response, 404, 'Nothing here: try /, /requests, or POST to a gateway path.');
    } else {
      const entry = { id: ++lastId, at, ...(await entryOf(request, secret)) };
      const gateway = gateways[`/${entry.path.split('/')[1]}`];
      entry.status = (gateway?.answer ?? accept)(entry, response, received, notifier);
      received.push(entry);
      if (received.length > keptRequests) received.shift();
    }
  });
  return { close: async () => void (await Promise.all([listening.close(), notifier?.close()])) };
}

async function entryOf(
  request: IncomingMessage,
  secret: string,
): Promise<Omit<ReceivedRequest, 'id' | 'at'>> {
  const body = (await bodyOf(request)).toString('utf8');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  const { method = '', url: path = '/' } = request;
  return { method, path, headers, body, signature: judgeSignature(headers, body, secret), status: 0 };
}

function judgeSignature(
  headers: Readonly<Record<string, string>>,
  body: string,
  secret: string,
): ReceivedRequest['signature'] {
  if (!headers['webhook-signature'] && !headers['x-signature']) return 'unsigned';
  const webhook = new Webhook(secret);
  try {
    webhook.verify(body, { ...headers });
  } catch {
    return 'invalid';
  }
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = Buffer.from(`sha256=${createHmac('sha256', key).update(body).digest('hex')}`);
  const given = Buffer.from(headers['x-signature'] ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected) ? 'valid' : 'invalid';
}

function accept(_request: ReceivedRequest, response: ServerResponse): number {
  return answerJson(response, 200, { accepted: true });
}

function acceptWithWamid(_request: ReceivedRequest, response: ServerResponse): number {
  return answerWamid(response, newWamid());
}

function acceptAndFollow(
  _request: ReceivedRequest,
  response: ServerResponse,
  _received: readonly ReceivedRequest[],
  notifier: WhatsappNotifier | null,
): number {
  const wamid = newWamid();
  notifier?.follow(wamid);
  return answerWamid(response, wamid);
}

function newWamid(): string {
  return `wamid.${randomBytes(24).toString('base64')}`;
}

function answerWamid(response: ServerResponse, id: string): number {
  return answerJson(response, 200, { messaging_product: 'whatsapp', messages: [{ id }] });
}

function failTwice(
  request: ReceivedRequest,
  response: ServerResponse,
  received: readonly ReceivedRequest[],
): number {
  const id = request.headers['webhook-id'];
  const before = received.filter(
    (one) => one.path === request.path && one.headers['webhook-id'] === id,
  ).length;
  return before < 2
    ? answerJson(response, 500, { error: 'try again' })
    : answerJson(response, 200, { accepted: true });
}

function throttle(_request: ReceivedRequest, response: ServerResponse): number {
  response.setHeader('retry-after', '30');
  return answerJson(response, 429, { error: 'too many requests' });
}

function answerJson(response: ServerResponse, status: number, value: unknown): number {
  sendJson(response, status, value);
  return status;
}
