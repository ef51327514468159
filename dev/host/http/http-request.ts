import type { IncomingMessage } from 'node:http';
import type { RpcHttpData, RpcNullable } from '../app/worker-protocol.ts';
import { BindingData } from '../bindings/binding-data.ts';

/** A request as the host reads it from the wire, before any function sees it. */
export interface HostRequest {
  readonly method: string;
  /** Decoded but for `%2F`, without `.` and `..`, as Kestrel reads it. */
  readonly path: string;
  /** With the question mark, as it came; empty without one. */
  readonly queryString: string;
  readonly host: string;
  /** Names as sent, values decoded as UTF-8; repeated headers joined with a comma. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** Reads the head of a request. Undefined when its target is no path, or Kestrel would refuse a character in it. */
export function readRequest(message: IncomingMessage): HostRequest | undefined {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  const path = decodePath(withoutDots(mark < 0 ? target : target.slice(0, mark)));
  const headers = decodeHeaders(message.rawHeaders);
  if (!path.startsWith('/') || path.includes('\0') || headers === undefined) return undefined;
  const queryString = mark < 0 ? '' : target.slice(mark);
  return {
    method: message.method ?? 'GET',
    path,
    queryString,
    host: message.headers.host ?? '',
    headers: joinRepeated(pairs(headers)),
    query: joinRepeated([...new URLSearchParams(queryString)]),
  };
}

export function headerOf(request: HostRequest, name: string): string | undefined {
  return request.headers.find(([each]) => each.toLowerCase() === name)?.[1];
}

/** The first of several, as the host looks for a key. */
export function firstInQuery(request: HostRequest, name: string): string | undefined {
  return [...new URLSearchParams(request.queryString)].find(([each]) => each.toLowerCase() === name)?.[1];
}

/** Node reads each byte as a character. */
function decodeHeaders(raw: readonly string[]): string[] | undefined {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return raw.map((text) => utf8.decode(Buffer.from(text, 'latin1')));
  } catch {
    return undefined;
  }
}

function withoutDots(path: string): string {
  const dotted = /^\/(?:.*\/)?(?:\.|%2e){1,2}(?:\/|$)/i.test(path);
  return dotted ? new URL(`http://host${path}`).pathname : path;
}

/** Decodes what decodes; `%2F` and what is no UTF-8 stay as they came. */
function decodePath(path: string): string {
  return path.replace(/(?:%(?!2f)[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_none, index) => [
    raw[index * 2] ?? '',
    raw[index * 2 + 1] ?? '',
  ]);
}

/** Names ignore case and keep their first spelling. */
function joinRepeated(entries: readonly (readonly [string, string])[]): [string, string][] {
  const joined = new Map<string, [string, string]>();
  for (const [name, value] of entries) {
    const known = joined.get(name.toLowerCase());
    joined.set(name.toLowerCase(), known === undefined ? [name, value] : [known[0], `${known[1]},${value}`]);
  }
  return [...joined.values()];
}

/** The request as the worker receives it. */
export function rpcRequestOf(
  request: HostRequest,
  params: Readonly<Record<string, string>>,
  body: Uint8Array | undefined,
): RpcHttpData {
  return {
    url: `http://${request.host}${encodePath(request.path)}${request.queryString}`,
    method: request.method,
    nullableHeaders: nullable(request.headers.map(([name, value]) => [name.toLowerCase(), value])),
    nullableQuery: nullable(request.query),
    nullableParams: nullable(Object.entries(params)),
    body: body === undefined ? null : { bytes: body },
  };
}

function nullable(entries: readonly (readonly [string, string])[]): Record<string, RpcNullable<string>> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}

/** Encodes again what a path may not hold, and leaves what is an escape already. */
function encodePath(path: string): string {
  return path.replace(/%[0-9a-f]{2}|[^\w\-.~!$&'()*+,;=:@/]+/gi, (part) =>
    /^%[0-9a-f]{2}$/i.test(part) ? part : encodeURIComponent(part),
  );
}

/** What an HTTP trigger offers to bindings: body properties, then query, then route values, Query and Headers. */
export function bindingDataOf(
  request: HostRequest,
  params: Readonly<Record<string, string>>,
  body: Uint8Array | undefined,
): BindingData {
  const data = new BindingData();
  if (body !== undefined) data.applyJsonBody(Buffer.from(body).toString('utf8'));
  for (const [name, value] of request.query) if (name.toLowerCase() !== 'code') data.setText(name, value);
  for (const [name, value] of Object.entries(params)) data.setText(name, value);
  if (!data.has('Query')) data.setJson('Query', Object.fromEntries(request.query));
  if (!data.has('Headers')) data.setJson('Headers', Object.fromEntries(request.headers));
  return data;
}
