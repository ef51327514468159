import { resolved, type ApiDocument, type Operation } from './api-document.ts';
import { shown, type MalformedRequest, type Random } from './malformed-requests.ts';
import { exampleBody, rightRequest } from './right-request.ts';
import { wrongValues } from './wrong-values.ts';

const noObjects = [
  ...['{', '}', '{"why":', '{"why":"x",}', "{'why':'x'}", '{"why":"x"}{}', '{"why":NaN}', '{"why":"\u0001"}'],
  ...['null', '[]', '"why"', '42', 'true', 'why=x', '\ufeff', '<?xml version="1.0"?><why/>'],
  ...['['.repeat(100_000), '{"a":'.repeat(100_000)],
];
const strangeFields = [
  ...['{"nadie":1}', '{"__proto__":{"why":"x"}}', '{"constructor":{"prototype":{}}}', '{"":1}'],
  ...['{"\\u0000":1}', '{"\\ud800":1}', `{"${'x'.repeat(100_000)}":1}`],
  `{"deep":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
  `{"deep":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
];
const otherTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/xml',
  'json',
];

interface WrongBody {
  what: string;
  body: string;
  headers?: Record<string, string>;
  at?: string;
}

/** Of an operation that takes JSON: bodies that are none, of other types, with other fields, or with wrong values. */
export function withWrongBodies(
  operation: Operation,
  document: ApiDocument,
  random: Random,
): readonly MalformedRequest[] {
  const example = exampleBody(operation, document);
  if (example === undefined) return [];
  const wrong: WrongBody[] = [
    ...[...noObjects, ...strangeFields].map((body) => ({ what: shown(body), body })),
    ...otherTypes.map((type) => ({ what: type, body: example, headers: { 'content-type': type } })),
    ...(operation.requestBody?.required ? [{ what: 'nothing', body: '' }] : []),
    ...withWrongFields(operation, document, random),
  ];
  return wrong.map(({ what, at, ...replaced }) => ({
    what: `${operation.operationId}: the body ${what}`,
    ...(at !== undefined && { at }),
    ...rightRequest(operation, document, replaced),
  }));
}

function withWrongFields(operation: Operation, document: ApiDocument, random: Random) {
  const schema = operation.requestBody?.content['application/json']?.schema ?? {};
  const { properties = {}, required = [] } = resolved(schema, document);
  const example: unknown = JSON.parse(exampleBody(operation, document) ?? '{}');
  const having = (field: string, value: unknown) => ({
    what: `with ${field} = ${shown(JSON.stringify(value) ?? 'nothing')}`,
    at: `body.${field}`,
    body: JSON.stringify(Object.assign({}, example, { [field]: value })),
  });
  return [
    ...required.map((field) => having(field, undefined)),
    ...Object.entries(properties).flatMap(([field, property]) =>
      wrongValues(property, document, random).map((value) => having(field, value)),
    ),
  ];
}
