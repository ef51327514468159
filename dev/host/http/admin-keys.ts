import { newKey, type AccessKeys } from './access-keys.ts';
import { findFunction, readJson, type AdminCall, type AdminOptions } from './admin-api.ts';
import type { HostRequest } from './http-request.ts';
import { emptyResponse, jsonResponse, type HostResponse } from './http-response.ts';

const MASTER = '_master';

/** Lists, reads, makes, sets and deletes keys of the host or of one function, until the host stops. */
export async function handleKeys(call: AdminCall, { keys, table }: AdminOptions): Promise<HostResponse> {
  const [area = '', first = '', second, third] = call.path;
  if (area.toLowerCase() === 'functions') {
    const found = findFunction(table, first);
    return found === undefined ? emptyResponse(404) : answer(call, keys.ofFunction(found.name), third);
  }
  const system = first.toLowerCase() === 'systemkeys';
  const readable = system || call.request.method !== 'GET';
  if (second?.toLowerCase() === MASTER && call.request.method !== 'DELETE' && readable)
    return handleMaster(call, keys);
  return answer(call, system ? keys.system : keys.host, second);
}

async function answer(
  call: AdminCall,
  keys: Map<string, string>,
  name: string | undefined,
): Promise<HostResponse> {
  const { request } = call;
  if (name === undefined) {
    return document(request, 200, { keys: [...keys].map(([each, value]) => ({ name: each, value })) });
  }
  if (request.method === 'DELETE') return deleteKey(keys, name);
  if (request.method === 'GET') return keyDocument(request, 200, name, keys.get(name));
  const value = await givenKey(call);
  if (typeof value !== 'string') return value;
  const status = keys.has(name) ? 200 : 201;
  keys.set(name, value);
  return keyDocument(request, status, name, value);
}

function deleteKey(keys: Map<string, string>, name: string): HostResponse {
  if (name.toLowerCase() === MASTER) return { ...emptyResponse(400), ...plain('Cannot delete System Key.') };
  return emptyResponse(keys.delete(name) ? 204 : 404);
}

async function handleMaster(call: AdminCall, keys: AccessKeys): Promise<HostResponse> {
  if (call.request.method === 'GET') return keyDocument(call.request, 200, MASTER, keys.master);
  const value = await givenKey(call);
  if (typeof value !== 'string') return value;
  keys.replaceMaster(value);
  return keyDocument(call.request, 200, MASTER, value);
}

/** PUT brings a key, POST asks for a new one. */
async function givenKey(call: AdminCall): Promise<string | HostResponse> {
  if (call.request.method === 'POST') return newKey();
  const body = await readJson(call);
  if (body.kind === 'unsupported') return emptyResponse(415);
  const value: unknown = body.kind === 'object' && 'value' in body.value ? body.value.value : undefined;
  return typeof value === 'string' ? value : { ...emptyResponse(400), ...plain('Invalid key value') };
}

function keyDocument(
  request: HostRequest,
  status: number,
  name: string,
  value: string | undefined,
): HostResponse {
  return value === undefined ? emptyResponse(404) : document(request, status, { name, value });
}

function document(request: HostRequest, status: number, content: object): HostResponse {
  const links = [{ rel: 'self', href: `http://${request.host}${request.path}` }];
  return jsonResponse(status, { ...content, links });
}

function plain(text: string): Pick<HostResponse, 'headers' | 'body'> {
  return { headers: [['Content-Type', 'text/plain; charset=utf-8']], body: Buffer.from(text) };
}
