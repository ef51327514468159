import { resolved, type ApiDocument, type Operation, operationsOf } from './api-document.ts';
import { withWrongBodies } from './malformed-bodies.ts';
import { rightRequest, rightText } from './right-request.ts';
import { wrongTexts } from './wrong-values.ts';

export interface MalformedRequest {
  /** What is wrong with it, for whoever reads that it was taken. */
  what: string;
  /** Below /api/. */
  path: string;
  init: RequestInit;
  /** Where the answer has to say that the fault is; absent = that it is refused is enough. */
  at?: string;
}

/** Of a random number from 0 to 1: the same ones for the same seed. */
export type Random = () => number;

/** Requests that no operation of the document may take, each with one fault. */
export function malformedRequests(document: ApiDocument, random: Random): readonly MalformedRequest[] {
  return operationsOf(document).flatMap((operation) => [
    ...withWrongParameters(operation, document, random),
    ...withUnknownParameters(operation, document),
    ...withWrongBodies(operation, document, random),
    ...withOddPaths(operation, document),
    ...withOddOperators(operation, document),
    ...withWrongMethods(operation, document),
  ]);
}

type Parameter = Operation['parameters'][number];

function withWrongParameters(
  operation: Operation,
  document: ApiDocument,
  random: Random,
): readonly MalformedRequest[] {
  return operation.parameters.flatMap((parameter) => {
    const place = { path: inPath, query: inQuery, header: inHeader }[parameter.in];
    return place(parameter, wrongTexts(resolved(parameter.schema, document), random)).map(
      ({ text, ...replaced }) => ({
        what: `${operation.operationId}: ${parameter.name} = ${shown(text)}`,
        at: `${parameter.in}.${parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name}`,
        ...rightRequest(operation, document, replaced),
      }),
    );
  });
}

function inPath({ name }: Parameter, wrong: readonly string[]) {
  return wrong
    .filter((text) => text !== '')
    .map((text) => ({ text, path: { [name]: encodeURIComponent(text) } }));
}

/** Given twice it is wrong as well, and missing if it is required. */
function inQuery({ name, required, schema }: Parameter, wrong: readonly string[]) {
  const right = `${name}=${encodeURIComponent(rightText(schema))}`;
  return [
    ...wrong.map((text) => ({ text, query: `${name}=${encodeURIComponent(text)}` })),
    { text: 'twice', query: `${right}&${right}` },
    ...(required ? [{ text: 'nothing', query: `${name}=` }] : []),
  ];
}

/** What a header cannot carry is refused by whoever reads the connection. */
function inHeader({ name }: Parameter, wrong: readonly string[]) {
  return wrong
    .filter((text) => /^[\u0020-\u00ff]+$/.test(text) && text.trim() === text)
    .map((text) => ({ text, headers: { [name]: text } }));
}

const strangers = ['nadie', '__proto__', 'constructor', 'limit[]', 'LIMIT', ' limit', 'ñ', 'x'.repeat(9_000)];

function withUnknownParameters(operation: Operation, document: ApiDocument): readonly MalformedRequest[] {
  return strangers.map((name) => ({
    what: `${operation.operationId}: the parameter ${shown(name)}`,
    ...rightRequest(operation, document, { query: `${encodeURIComponent(name)}=1` }),
  }));
}

const oddParts = ['%', '%zz', '%C0%AF', '%ED%A0%80', '%2F', '..%2F..%2Fstatus', '%00', 'x'.repeat(20_000)];
const oddEnds = ['/x', '//x', '%00', ';a=1', '/%2E%2E%2Fx'];

function withOddPaths(operation: Operation, document: ApiDocument): readonly MalformedRequest[] {
  const named = operation.parameters.filter((parameter) => parameter.in === 'path');
  const { path, init } = rightRequest(operation, document);
  const [address = '', query = ''] = path.split('?');
  return [
    ...oddEnds.map((end) => ({
      what: `${operation.operationId}: ${end} behind the path`,
      path: `${address}${end}?${query}`,
      init,
    })),
    ...named.flatMap(({ name }) =>
      oddParts.map((part) => ({
        what: `${operation.operationId}: ${shown(part)} in the path`,
        ...rightRequest(operation, document, { path: { [name]: part } }),
      })),
    ),
  ];
}

/** By POST, but nobody's act. */
const looksOnly = ['previewAlert'];
/** Who acts is on record: what is no name on one line is refused before anything is done. */
const noNames = ['x'.repeat(201), 'a\u0001b', '\u007f'];

function withOddOperators(operation: Operation, document: ApiDocument): readonly MalformedRequest[] {
  if (operation.method === 'GET' || looksOnly.includes(operation.operationId)) return [];
  return noNames.map((name) => ({
    what: `${operation.operationId}: done by ${shown(name)}`,
    at: 'header.x-operator',
    ...rightRequest(operation, document, { headers: { 'x-operator': name } }),
  }));
}

const methods = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS', 'PROPFIND'];

function withWrongMethods({ path, ...rest }: Operation, document: ApiDocument): readonly MalformedRequest[] {
  const taken = Object.keys(document.paths[path] ?? {}).map((method) => method.toUpperCase());
  const { path: address } = rightRequest({ path, ...rest }, document);
  return methods
    .filter((method) => !taken.includes(method))
    .map((method) => ({ what: `${method} of ${path}`, path: address, init: { method } }));
}

/** On one line, and not at any length. */
export function shown(text: string): string {
  const line = JSON.stringify(text);
  return line.length > 60 ? `${line.slice(0, 60)}… (${text.length} characters)` : line;
}
