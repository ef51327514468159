import { resolved, type ApiDocument, type JsonSchema, type Operation } from './api-document.ts';

interface Sent {
  /** Below /api/. */
  path: string;
  init: RequestInit;
}

interface Replaced {
  /** As they stand in the address. */
  path?: Record<string, string>;
  /** The last of the query, as it stands in the address. */
  query?: string;
  headers?: Record<string, string>;
  body?: string;
}

const json = { 'content-type': 'application/json' };

/** What the document's examples make of an operation: a request that is right but for what is replaced. */
export function rightRequest(operation: Operation, document: ApiDocument, replaced: Replaced = {}): Sent {
  const body = replaced.body ?? exampleBody(operation, document);
  const query = queryOf(operation, replaced.query);
  return {
    path: `${pathOf(operation, replaced.path)}${query === '' ? '' : `?${query}`}`,
    init: {
      method: operation.method,
      headers: { ...(body !== undefined && json), ...replaced.headers },
      ...(body !== undefined && { body }),
    },
  };
}

function pathOf({ path, parameters }: Operation, replaced: Record<string, string> = {}): string {
  const valueOf = (name: string): string => {
    const schema = parameters.find((each) => each.in === 'path' && each.name === name)?.schema ?? {};
    return replaced[name] ?? (name === 'id' ? '1' : encodeURIComponent(rightText(schema)));
  };
  return path.replace('/api/', '').replace(/\{(\w+)\}/g, (_, name: string) => valueOf(name));
}

function queryOf({ parameters }: Operation, last: string | undefined): string {
  const required = parameters
    .filter(({ name, ...each }) => each.in === 'query' && each.required && !last?.startsWith(`${name}=`))
    .map(({ name, schema }) => `${name}=${encodeURIComponent(rightText(schema))}`);
  return [...required, ...(last === undefined ? [] : [last])].join('&');
}

/** What the document says may stand in an address. */
export function rightText({ example, default: standard }: JsonSchema): string {
  return [example, standard, true].filter((value) => value !== undefined).map(String)[0] ?? '';
}

/** JSON; undefined when it takes none. */
export function exampleBody({ requestBody }: Operation, document: ApiDocument): string | undefined {
  const schema = requestBody?.content['application/json']?.schema;
  return schema && JSON.stringify(exampleOf(schema, document));
}

/** Its example, or what is required of it. */
function exampleOf(given: JsonSchema, document: ApiDocument): unknown {
  const { example, properties = {}, required = [] } = resolved(given, document);
  if (example !== undefined) return example;
  const fields = Object.entries(properties).filter(([name]) => required.includes(name));
  return Object.fromEntries(fields.map(([name, property]) => [name, exampleOf(property, document)]));
}
