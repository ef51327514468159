import type { MiddlewareHandler } from 'hono';
import { Problem } from './problem.ts';

/** As the routes tell JSON: whatever is not, they would pass over where a body need not be there. */
const isJson = /^application\/([a-z-.]+\+)?json *(;|$)/i;

/** A body that the routes would not read must not be taken for none. */
export const refuseOtherBodies: MiddlewareHandler = async ({ req }, next) => {
  const reads = req.method === 'GET' || isJson.test(req.header('content-type') ?? '');
  if (!reads && (await req.arrayBuffer()).byteLength > 0)
    throw new Problem('unsupported_body', 'Send the body with content-type: application/json.');
  await next();
};
