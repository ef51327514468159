import type { IncomingMessage } from 'node:http';

/** The real host's limit, 100 MiB; FUNCTIONS_REQUEST_BODY_SIZE_LIMIT changes both. */
const DEFAULT_LIMIT = 104_857_600;

export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/**
 * Reads a request's body; undefined when it has none. A chunked body has no length and does not reach a function:
 * the real host leaves it out too.
 */
export async function readBody(
  message: IncomingMessage,
  limitSetting?: string,
): Promise<Uint8Array | undefined> {
  const length = Number(message.headers['content-length'] ?? 0);
  if (!(length > 0)) return undefined;
  const limit = Number(limitSetting ?? DEFAULT_LIMIT);
  if (length > limit)
    throw new BodyTooLarge(`Request body too large. The max request body size is ${limit} bytes.`);
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
