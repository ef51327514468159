import { Ajv2020 } from 'ajv/dist/2020.js';
import { Temporal } from 'temporal-polyfill';
import { apiDocumentOf, operationsOf, type Operation } from './api-document.ts';

interface Given {
  path?: Record<string, string | number>;
  query?: Record<string, string | number | boolean>;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface ApiClient {
  /** Calls an operation by its name. Throws unless what is sent and what is answered are as the document says. */
  call(operationId: string, given?: Given): Promise<{ status: number; body: unknown }>;
  /** What is wrong with a value for the schema at that JSON pointer of the document; null = nothing. */
  wrongAt(pointer: string, value: unknown): string | null;
}

/** What a generator makes of the document, and of nothing else. `send` gets paths as they stand in the document. */
export function apiClient(
  served: object,
  send: (path: string, init: RequestInit) => Promise<Response>,
): ApiClient {
  const operations = operationsOf(apiDocumentOf(served));
  const wrongAt = wrongIn(served);
  return {
    wrongAt,
    async call(operationId, given = {}) {
      const operation = operations.find((each) => each.operationId === operationId);
      if (operation === undefined) throw new Error(`The document has no operation ${operationId}.`);
      const pointer = `/paths/${segment(operation.path)}/${operation.method.toLowerCase()}`;
      demand(`what is sent to ${operationId}`, wrongWithGiven(operation, given, pointer, wrongAt));
      const answer = await send(addressOf(operation, given), initOf(operation, given));
      const body: unknown = await answer.json();
      const status = Object.hasOwn(operation.responses, answer.status) ? answer.status : 'default';
      const type = segment(answer.headers.get('content-type') ?? '');
      const wrong = wrongAt(`${pointer}/responses/${status}/content/${type}/schema`, body);
      demand(`what ${operationId} answers, ${answer.status} ${JSON.stringify(body)}`, wrong);
      return { status: answer.status, body };
    },
  };
}

function wrongIn(served: object): ApiClient['wrongAt'] {
  const formats = { 'date-time': isInstant, date: /^\d{4}-\d\d-\d\d$/ };
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats });
  ajv.addSchema(served, 'api');
  return (pointer, value) => {
    const holds = ajv.compile({ $ref: `api#${encodeURI(pointer)}` });
    return holds(value) ? null : ajv.errorsText(holds.errors);
  };
}

function wrongWithGiven(
  { parameters, requestBody }: Operation,
  { path = {}, query = {}, headers = {}, body }: Given,
  pointer: string,
  wrongAt: ApiClient['wrongAt'],
): string | null {
  const given = { path, query, header: headers };
  const unknown = Object.entries(given).flatMap(([place, values]) =>
    Object.keys(values).filter((name) => !parameters.some((each) => each.in === place && each.name === name)),
  );
  const wrong = parameters.flatMap(({ in: place, name, required }, index) => {
    const value = given[place][name];
    if (value === undefined) return required ? [`${name} is missing`] : [];
    return wrongAt(`${pointer}/parameters/${index}/schema`, value) ?? [];
  });
  const schema = `${pointer}/requestBody/content/application~1json/schema`;
  const inBody = requestBody === undefined || body === undefined ? [] : (wrongAt(schema, body) ?? []);
  return [unknown.map((name) => `${name} is unknown`), wrong, inBody].flat().join('; ') || null;
}

function addressOf({ path }: Operation, { path: values = {}, query = {} }: Given): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const texts = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return Object.keys(texts).length === 0 ? filled : `${filled}?${new URLSearchParams(texts).toString()}`;
}

function initOf({ method }: Operation, { headers = {}, body }: Given): RequestInit {
  if (body === undefined) return { method, headers };
  return { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function demand(what: string, wrong: string | null): void {
  if (wrong !== null) throw new Error(`${what}: ${wrong}`);
}

function segment(text: string): string {
  return text.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isInstant(text: string): boolean {
  try {
    return Temporal.Instant.from(text).epochMilliseconds !== undefined;
  } catch {
    return false;
  }
}
