import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { InvocationOutcome, Invoker } from '../invoker.ts';
import type { FunctionTable } from '../function-table.ts';
import type { HostConsole } from '../host-console.ts';
import type { AccessKeys, AccessLevel } from './access-keys.ts';
import { handleAdmin, type AdminOptions } from './admin-api.ts';
import { findRoute, type FunctionRoute, type HttpFunction } from './function-route.ts';
import { bindingDataOf, headerOf, readRequest, rpcRequestOf, type HostRequest } from './http-request.ts';
import { emptyResponse, responseOf, sendResponse, type HostResponse } from './http-response.ts';
import { BodyTooLarge, readAll, readBody } from './request-body.ts';
import { forwardToApp } from './streaming-proxy.ts';

export interface HttpOptions {
  readonly table: FunctionTable;
  readonly keys: AccessKeys;
  readonly invoker: Invoker;
  readonly console: HostConsole;
  readonly admin: AdminOptions;
  /** Where the app takes requests itself, when it streams. */
  readonly streamUri: string | undefined;
  readonly bodyLimit: string | undefined;
}

/** A request on its way: its head as read, and the two ends of its connection. */
interface Exchange {
  readonly request: HostRequest;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
}

/** The HTTP side of the host; the caller makes it listen. Kestrel takes 8 KiB of request line and 32 of headers. */
export function httpServer(options: HttpOptions): Server {
  const server = createServer({ keepAliveTimeout: 130_000, maxHeaderSize: 40_960 }, (message, response) => {
    // While the host stops, no connection may wait for a further request.
    response.once('close', () => void (server.listening || server.closeIdleConnections()));
    void serve(message, response, options);
  });
  return server;
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): Promise<void> {
  const request = readRequest(message);
  try {
    const answer =
      request === undefined ? emptyResponse(400) : await answerTo({ request, message, response }, options);
    if (answer !== 'sent') sendResponse(response, answer, message.method ?? 'GET');
  } catch (fault) {
    options.console.log('error', 'Host.Http', `${message.method} ${message.url}: ${(fault as Error).stack}`);
    if (response.headersSent) response.destroy();
    else sendResponse(response, emptyResponse(500), message.method ?? 'GET');
  }
  // What is left of a body that nobody read must not be taken for the next request.
  if (!message.complete) message.resume();
}

async function answerTo(exchange: Exchange, options: HttpOptions): Promise<HostResponse | 'sent'> {
  const { request, message } = exchange;
  const [, first = '', ...rest] = request.path.replace(/\/+$/, '').split('/');
  if (first.toLowerCase() === 'admin') {
    const call = { request, path: rest, readBody: () => readAll(message, options.bodyLimit) };
    return handleAdmin(call, options.admin);
  }
  const route = findRoute(options.table, request.method, request.path);
  if (route === undefined) return request.path === '/' ? homepage() : emptyResponse(404);
  const level = options.keys.levelOf(request, route.target.name);
  if (!mayCall(route.target, level)) return emptyResponse(401);
  if (route.target.disabled && !(options.keys.enabled && level === 'admin')) return emptyResponse(404);
  return options.streamUri === undefined
    ? callFunction(exchange, route, options)
    : streamFunction(exchange, route, options);
}

function mayCall({ trigger }: HttpFunction, level: AccessLevel): boolean {
  switch (trigger.authLevel) {
    case 'anonymous':
      return true;
    case 'function':
      return level === 'function' || level === 'admin';
    case 'admin':
      return level === 'admin';
  }
}

function homepage(): HostResponse {
  const title = 'Your Azure Function App is up and running.';
  const page = `<!DOCTYPE html><html><head><title>${title}</title></head><body>Your Functions 4.0 app is up and running</body></html>`;
  return { status: 200, headers: [['Content-Type', 'text/html']], body: Buffer.from(page) };
}

const REASON = 'This function was programmatically called via the host APIs.';

async function callFunction(
  { request, message }: Exchange,
  route: FunctionRoute,
  options: HttpOptions,
): Promise<HostResponse> {
  const body = await readBody(message, options.bodyLimit).catch((fault: unknown) => {
    if (fault instanceof BodyTooLarge) return fault;
    throw fault;
  });
  if (body instanceof BodyTooLarge) {
    options.console.log('error', `Function.${route.target.name}`, body.message);
    return { ...emptyResponse(500), headers: [['Connection', 'close']] };
  }
  const outcome = await options.invoker.invoke(route.target, {
    reason: REASON,
    input: { http: rpcRequestOf(request, route.params, body) },
    bindingData: bindingDataOf(request, route.params, body),
    ...traceOf(request),
  });
  return outcome.kind === 'failed' ? emptyResponse(500) : responseOf(outcome.http);
}

function traceOf(request: HostRequest): { traceParent?: string } {
  const traceParent = headerOf(request, 'traceparent');
  return traceParent === undefined ? {} : { traceParent };
}

/** The function runs while its request and answer flow past it, through the app's own server. */
async function streamFunction(
  exchange: Exchange,
  route: FunctionRoute,
  options: HttpOptions,
): Promise<HostResponse | 'sent'> {
  const { request, message, response } = exchange;
  const failed = new AbortController();
  let flowing: Promise<void> = Promise.resolve();
  const outcome = await options.invoker.invoke(route.target, {
    reason: REASON,
    input: { http: {} },
    bindingData: bindingDataOf(request, route.params, undefined),
    ...traceOf(request),
    starting: (invocationId) => {
      flowing = forwardToApp(options.streamUri ?? '', invocationId, message, response, failed.signal);
      flowing.catch(() => undefined);
    },
  });
  return settleStream(outcome, flowing, response, failed);
}

async function settleStream(
  outcome: InvocationOutcome,
  flowing: Promise<void>,
  response: ServerResponse,
  failed: AbortController,
): Promise<HostResponse | 'sent'> {
  if (outcome.kind === 'failed') {
    failed.abort();
    if (!response.headersSent) return emptyResponse(500);
    response.destroy();
    return 'sent';
  }
  await flowing;
  return 'sent';
}
