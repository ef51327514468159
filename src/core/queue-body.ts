import { jsonOf } from './json-of.ts';

/**
 * What a queue body, as the host hands it over, may stand for: JSON that was parsed already, else text of JSON or Base64 of
 * it, which older clients and tools write.
 */
export function readingsOf(body: unknown): readonly unknown[] {
  if (typeof body !== 'string') return [body];
  return [jsonOf(body), jsonOf(Buffer.from(body, 'base64').toString('utf8'))];
}

/** The whole body as text: cut before its secrets are struck out, it would keep a part of one that stands at the cut. */
export function bodyText(body: unknown): string {
  return typeof body === 'string' ? body : (JSON.stringify(body) ?? String(body));
}
