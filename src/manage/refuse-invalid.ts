import type { z } from '@hono/zod-openapi';
import { Problem, type InvalidValue } from './problem.ts';

const places: Readonly<Record<string, string>> = { param: 'path', json: 'body' };

/** Ends a request whose values do not fit the contract: tells every one that cannot be used, by name and once. */
export function refuseInvalid(
  result:
    { success: true } | { success: false; target: string; error: { issues: readonly z.core.$ZodIssue[] } },
): void {
  if (result.success) return;
  const place = places[result.target] ?? result.target;
  throw invalidRequest(result.error.issues.flatMap((issue) => valuesOf(issue, place)));
}

/** The problem of values that the contract alone cannot judge. */
export function invalidRequest(values: readonly InvalidValue[]): Problem {
  const told = new Map(values.map(({ at, message }) => [`${at} ${message}`, { at, message }]));
  return new Problem('invalid_request', `${[...told.keys()].join('; ')}.`, [...told.values()]);
}

function valuesOf(issue: z.core.$ZodIssue, place: string): InvalidValue[] {
  const names = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const at = [place, ...issue.path.map(String)];
  if (names.length === 0) return [{ at: nameOf(at), message: issue.message }];
  return names.map((name) => ({ at: nameOf([...at, name]), message: 'is not known here' }));
}

/** Names that the caller made up are shown, but not at any length. */
function nameOf(parts: readonly string[]): string {
  return parts.map((part) => (part.length > 60 ? `${part.slice(0, 60)}…` : part).toWellFormed()).join('.');
}
