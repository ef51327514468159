import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a JSON object',
  record: 'a JSON object',
  array: 'a list',
};

/**
 * Says in our own words what a value must be, for checks that bring no words themselves: what goes on after its name.
 * For z.config({ localeError }).
 */
export function wordingOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWording(issue);
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return sizeWording(issue.origin, 'least', issue.minimum);
    case 'too_big':
      return sizeWording(issue.origin, 'most', issue.maximum);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return 'is not known here';
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return 'does not have the form that the reference describes';
  }
}

/** A parameter that stands in an address twice arrives as a list. */
function typeWording({ expected, input }: Extract<Issue, { code: 'invalid_type' }>): string {
  if (input === undefined) return 'is missing';
  const wanted = kinds[expected] ?? `of the type ${expected}`;
  return Array.isArray(input) && expected !== 'object' && expected !== 'record'
    ? 'must be given once, not as a list'
    : `must be ${wanted}`;
}

function sizeWording(origin: string, bound: 'least' | 'most', size: number | bigint): string {
  if (origin === 'string')
    return size === 1 ? 'must not be empty' : `must have at ${bound} ${size} characters`;
  if (origin === 'array') return `must hold at ${bound} ${size}`;
  return `must be at ${bound} ${size}`;
}
