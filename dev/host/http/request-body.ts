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
  return length > 0 ? readAll(message, limitSetting) : undefined;
}

/** Reads a request's body, chunked or not, as the admin API does. */
export async function readAll(message: IncomingMessage, limitSetting?: string): Promise<Uint8Array> {
  const limit = Number(limitSetting ?? DEFAULT_LIMIT);
  const tooLarge = `Request body too large. The max request body size is ${limit} bytes.`;
  if (Number(message.headers['content-length'] ?? 0) > limit) throw new BodyTooLarge(tooLarge);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += (chunk as Buffer).length;
    if (length > limit) throw new BodyTooLarge(tooLarge);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
