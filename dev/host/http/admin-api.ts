import { compareNames, type FunctionTable, type HostFunction } from '../function-table.ts';
import type { AccessKeys } from './access-keys.ts';
import { functionDocument, hostStatusDocument, type HostIdentity } from './admin-documents.ts';
import { handleKeys } from './admin-keys.ts';
import { headerOf, type HostRequest } from './http-request.ts';
import { emptyResponse, jsonResponse, type HostResponse } from './http-response.ts';

export interface AdminOptions {
  readonly keys: AccessKeys;
  readonly table: FunctionTable;
  readonly host: HostIdentity;
  readonly routePrefix: string;
  readonly now: () => number;
  /** Starts a run in the background; `input` is undefined when the caller gave none. */
  readonly runByHand: (target: HostFunction, input: string | undefined) => void;
}

/** One call of the admin API, its path split at the slashes after `admin`. */
export interface AdminCall {
  readonly request: HostRequest;
  readonly path: readonly string[];
  readonly readBody: () => Promise<Uint8Array>;
}

/** Answers everything under /admin: with the master key, or without any while keys are off. */
export async function handleAdmin(call: AdminCall, options: AdminOptions): Promise<HostResponse> {
  const { request, path } = call;
  const place = path.join('/').toLowerCase();
  if (place === 'host/ping') return ping(request);
  if (place === 'warmup') return emptyResponse(200);
  if (!isKnown(call)) return emptyResponse(404);
  const level = options.keys.levelOf(request, undefined);
  if (level === 'anonymous') return { ...emptyResponse(401), headers: [['WWW-Authenticate', 'Bearer']] };
  if (level !== 'admin') return emptyResponse(403);
  const [area = '', name = '', part] = path.map((each) => each.toLowerCase());
  if (part === 'keys' || /^(?:keys|functionkeys|systemkeys)$/.test(name)) return handleKeys(call, options);
  if (area === 'host') return jsonResponse(200, hostStatusDocument(options.host, options.now()));
  if (name === '') return listFunctions(request, options);
  if (part === 'status') return functionStatus(name, options);
  return request.method === 'POST'
    ? runFunction(call, name, options)
    : describeFunction(request, name, options);
}

function ping(request: HostRequest): HostResponse {
  if (request.method !== 'GET' && request.method !== 'POST') return emptyResponse(404);
  const headers = [
    ['Cache-Control', 'no-store,no-cache'],
    ['Pragma', 'no-cache'],
  ] as const;
  return { ...emptyResponse(200), headers };
}

const ROUTES: readonly (readonly [methods: string, path: RegExp])[] = [
  ['GET', /^host\/status$/],
  ['GET', /^functions$/],
  ['GET', /^functions\/[^/]+\/status$/],
  ['GET POST', /^functions\/[^/]+$/],
  ['GET', /^functions\/[^/]+\/keys$/],
  ['GET', /^host\/(?:keys|functionkeys|systemkeys)$/],
  ['GET POST PUT DELETE', /^functions\/[^/]+\/keys\/[^/]+$/],
  ['GET POST PUT DELETE', /^host\/(?:keys|functionkeys|systemkeys)\/[^/]+$/],
];

/** A method that a path does not have is as unknown as a path that there is none of. */
function isKnown({ request, path }: AdminCall): boolean {
  const text = path.join('/').toLowerCase();
  return ROUTES.some(([methods, route]) => methods.split(' ').includes(request.method) && route.test(text));
}

export function findFunction(table: FunctionTable, name: string): HostFunction | undefined {
  return table.functions.find((each) => each.name.toLowerCase() === name.toLowerCase());
}

function listFunctions(request: HostRequest, { table, routePrefix }: AdminOptions): HostResponse {
  const all = [...table.functions, ...table.inError].sort((a, b) => compareNames(a.name, b.name));
  const documents = all.map((each) => functionDocument(each, request.host, routePrefix));
  return jsonResponse(200, documents);
}

function describeFunction(
  request: HostRequest,
  name: string,
  { table, routePrefix }: AdminOptions,
): HostResponse {
  const found = findFunction(table, name) ?? table.inError.find((each) => each.name.toLowerCase() === name);
  return found === undefined
    ? emptyResponse(404)
    : jsonResponse(200, functionDocument(found, request.host, routePrefix));
}

function functionStatus(name: string, { table }: AdminOptions): HostResponse {
  const failed = table.inError.find((each) => each.name.toLowerCase() === name);
  if (failed !== undefined) return jsonResponse(200, { errors: [failed.reason] });
  return findFunction(table, name) === undefined ? emptyResponse(404) : jsonResponse(200, {});
}

async function runFunction(
  call: AdminCall,
  name: string,
  { table, runByHand }: AdminOptions,
): Promise<HostResponse> {
  const body = await readJson(call);
  if (body.kind === 'unsupported') return emptyResponse(415);
  if (body.kind === 'invalid') return emptyResponse(400);
  const input = inputOf(body.value);
  if (input.kind === 'invalid') return emptyResponse(400);
  const found = findFunction(table, name);
  if (found === undefined) return emptyResponse(404);
  runByHand(found, input.text);
  return emptyResponse(202);
}

/** `input` is a text; numbers and booleans pass as their texts, as Newtonsoft reads them. */
function inputOf(body: object): { kind: 'input'; text: string | undefined } | { kind: 'invalid' } {
  const value: unknown = Object.entries(body).find(([name]) => name.toLowerCase() === 'input')?.[1];
  if (value === undefined || value === null) return { kind: 'input', text: undefined };
  if (typeof value === 'string') return { kind: 'input', text: value };
  return typeof value === 'object' ? { kind: 'invalid' } : { kind: 'input', text: JSON.stringify(value) };
}

export type JsonBody =
  | { readonly kind: 'object'; readonly value: object }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'unsupported' };

/** Reads a JSON object; the content type must say that it is JSON. */
export async function readJson({ request, readBody }: AdminCall): Promise<JsonBody> {
  const type = (headerOf(request, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!/^(?:application\/(?:.+\+)?json|text\/json)$/.test(type)) return { kind: 'unsupported' };
  const bytes = await readBody();
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { kind: 'object', value } : { kind: 'invalid' };
  } catch {
    return { kind: 'invalid' };
  }
}
