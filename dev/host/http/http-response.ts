import type { ServerResponse } from 'node:http';
import type { RpcHttpCookie, RpcHttpData } from '../app/worker-protocol.ts';
import { outputValueOf, bytesOf } from '../bindings/output-value.ts';

/** An answer of a function's status, headers, cookies and body; or of the host alone. */
export interface HostResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

export function emptyResponse(status: number): HostResponse {
  return { status, headers: [], body: new Uint8Array() };
}

export function jsonResponse(status: number, value: unknown): HostResponse {
  const headers = [['Content-Type', 'application/json; charset=utf-8']] as const;
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}

/** What a function answered. Nothing at all is 204, as ASP.NET answers a null result. */
export function responseOf(http: RpcHttpData | undefined): HostResponse {
  if (http === undefined) return emptyResponse(204);
  const output = outputValueOf(http.body);
  const cookies = (http.cookies ?? []).map((cookie) => ['Set-Cookie', cookieText(cookie)] as const);
  return {
    status: Number(http.statusCode ?? 200),
    headers: [...Object.entries(http.headers ?? {}), ...cookies],
    body: output === undefined ? new Uint8Array() : bytesOf(output),
  };
}

/** A cookie as ASP.NET writes it: escaped, `path=/` unless another is given, attributes in lower case. */
function cookieText(cookie: RpcHttpCookie): string {
  const expires = cookie.expires?.value;
  const sameSite = cookie.sameSite === 'explicitNone' ? 'none' : cookie.sameSite;
  const attributes = [
    expires === undefined ? undefined : `expires=${new Date(expires.seconds * 1000).toUTCString()}`,
    cookie.maxAge?.value === undefined ? undefined : `max-age=${Math.trunc(cookie.maxAge.value)}`,
    cookie.domain?.value === undefined ? undefined : `domain=${cookie.domain.value}`,
    `path=${cookie.path?.value ?? '/'}`,
    cookie.secure?.value === true ? 'secure' : undefined,
    cookie.sameSite === undefined || cookie.sameSite === 'none' ? undefined : `samesite=${sameSite}`,
    cookie.httpOnly?.value === true ? 'httponly' : undefined,
  ];
  const pair = `${escapeData(cookie.name)}=${escapeData(cookie.value)}`;
  return [pair, ...attributes.filter((each) => each !== undefined)].join('; ');
}

function escapeData(text: string): string {
  const escape = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, escape);
}

/** Statuses whose answers have no body, and so no Content-Length either. */
const BODILESS = new Set([204, 205, 304]);

/** Writes an answer with the headers that Kestrel would send: a body goes out in chunks, none has length 0. */
export function sendResponse(response: ServerResponse, answer: HostResponse, method: string): void {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.appendHeader(name, value);
  if (!response.hasHeader('Server')) response.setHeader('Server', 'Kestrel');
  response.removeHeader('Connection');
  if (BODILESS.has(answer.status) || method === 'HEAD') response.end();
  else if (answer.body.length === 0) response.setHeader('Content-Length', 0).end();
  else {
    response.write(answer.body);
    response.end();
  }
}
