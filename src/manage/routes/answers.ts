import type { z } from '@hono/zod-openapi';
import { ProblemDocument } from '../contract/problem.ts';

/** An answer with a JSON body, for the OpenAPI document. */
export function jsonAnswer<Body extends z.ZodType>(schema: Body, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** A JSON body that must be there. */
export function jsonBody<Body extends z.ZodType>(schema: Body) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}

/** A JSON body that need not be there. */
export function optionalJsonBody<Body extends z.ZodType>(schema: Body) {
  return { required: false, content: { 'application/json': { schema } } } as const;
}

/** What every call may answer instead. */
export const problemAnswers = {
  default: {
    description: 'A problem (RFC 9457).',
    content: { 'application/problem+json': { schema: ProblemDocument } },
  },
} as const;
