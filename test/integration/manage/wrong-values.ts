import { resolved, type ApiDocument, type JsonSchema } from './api-document.ts';
import type { Random } from './malformed-requests.ts';

const noMoments = [
  '',
  'ayer',
  '2026-03-02',
  '2026-03-02T12:00:00',
  '2026-13-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-03-02T25:00:00Z',
  '+999999-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2026-03-02T12:00:00-99:00',
];
const noDates = ['', 'ayer', '2026-02-30', '2026-13-01', '02/03', '20260302T1'];

/** Texts that a parameter of this schema may not be, a few of them made up. */
export function wrongTexts(schema: JsonSchema, random: Random): readonly string[] {
  const made = [garbage(random), garbage(random)];
  if (schema.enum !== undefined) {
    const values = schema.enum.map(String);
    const odd = ['', 'nada', `${values[0]},${values[1]}`, `${values[0]} `, ...made];
    return odd.filter((text) => !values.includes(text));
  }
  const type = typeOf(schema);
  if (type === 'boolean') return ['', 'si', '1', 'TRUE', 'null', 'true,false', ...made];
  if (type === 'integer' || schema.pattern?.includes('\\d') === true) return [...noNumbers(schema), ...made];
  if (schema.format === 'date-time') return [...noMoments, ...made];
  if (schema.format === 'date') return [...noDates, ...made];
  return [...(schema.minLength === undefined ? [] : ['']), ...wrongLengths(schema), 'a\0b', '\0'];
}

function noNumbers({ minimum = 0, maximum }: JsonSchema): readonly string[] {
  const beyond = [
    String(BigInt(Math.trunc(minimum)) - 1n),
    ...(maximum === undefined ? [] : [`${BigInt(maximum) + 1n}`]),
  ];
  return [
    '',
    'x',
    '1.5',
    '1e2',
    '0x10',
    ' 1',
    '1 ',
    '1,2',
    '١',
    'NaN',
    'Infinity',
    '9'.repeat(30),
    '-1',
    ...beyond,
  ];
}

function wrongLengths({ maxLength }: JsonSchema): readonly string[] {
  if (maxLength === undefined) return [];
  return ['x'.repeat(maxLength + 1), '😀'.repeat(maxLength / 2 + 1), 'x'.repeat(60_000)];
}

/** JSON that a field of this schema may not hold. */
export function wrongValues(given: JsonSchema, document: ApiDocument, random: Random): readonly unknown[] {
  const schema = resolved(given, document);
  const kinds = kindsOf(schema, document);
  const deep: unknown = JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`);
  return [
    ...(kinds.has('string') ? [] : ['', 'x', garbage(random)]),
    ...(kinds.has('integer') || kinds.has('number') ? [] : [0, -1.5, 1e300]),
    ...(kinds.has('boolean') ? [] : [true]),
    ...(kinds.has('array') ? [] : [[], ['x'], deep]),
    ...(kinds.has('object') ? [] : [{}, { length: 3, toString: 'x' }]),
    ...(kinds.has('null') ? [] : [null]),
    ...wrongOfKind(schema, document, random),
  ];
}

function wrongOfKind(schema: JsonSchema, document: ApiDocument, random: Random): readonly unknown[] {
  if (schema.anyOf ?? schema.oneOf) return [];
  if (schema.enum !== undefined || schema.const !== undefined)
    return ['nada', false].filter((value) => !isAmong(value, schema));
  const { minimum, maximum = 2 ** 60, items = {} } = schema;
  switch (typeOf(schema)) {
    case 'string':
      return wrongStrings(schema, random);
    case 'integer':
      return [...(minimum === undefined ? [] : [minimum - 1]), maximum + 1, 0.5, 1e300];
    case 'array':
      return wrongValues(items, document, random).map((value) => [value]);
    default:
      return [];
  }
}

function wrongStrings(schema: JsonSchema, random: Random): readonly string[] {
  if (schema.format === 'date-time') return [...noMoments, garbage(random)];
  if (schema.format === 'date') return [...noDates, garbage(random)];
  return [
    ...(schema.minLength === undefined ? [] : ['']),
    ...wrongLengths(schema),
    'a\0b',
    'a\ud800b',
    '\udc00',
  ];
}

function isAmong(value: unknown, schema: JsonSchema): boolean {
  return schema.const === value || (schema.enum?.includes(value) ?? false);
}

function typeOf({ type }: JsonSchema): string {
  return [type ?? []].flat().find((each) => each !== 'null') ?? '';
}

function kindsOf(given: JsonSchema, document: ApiDocument): ReadonlySet<string> {
  const schema = resolved(given, document);
  const parts = schema.anyOf ?? schema.oneOf ?? [];
  const constants = [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])];
  return new Set([
    ...[schema.type ?? []].flat(),
    ...parts.flatMap((part) => [...kindsOf(part, document)]),
    ...constants.map((value) => (value === null ? 'null' : typeof value)),
  ]);
}

const pieces = [
  '\u202e',
  '😀',
  "'",
  '"',
  ';--',
  '%s',
  '{{',
  '${',
  '\\',
  '<b>',
  '\t',
  'ß',
  '..',
  '../',
  '|',
  '(',
  '*',
  '?',
  '#',
  '~',
];

/** Begins like no value of any kind. */
function garbage(random: Random): string {
  const length = 1 + Math.floor(random() * 12);
  return `¿${Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('')}`;
}
