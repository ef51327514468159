import { createSecretKey, type KeyObject } from 'node:crypto';

/** Making a key costs more than signing with it. */
const known = new Map<string, KeyObject>();
const mostKnown = 1_000;

/** The key of a secret: `whsec_` and Base64 as Standard Webhooks has it, anything else as its UTF-8 bytes. */
export function signingKey(secret: string): KeyObject {
  const found = known.get(secret);
  if (found !== undefined) return found;
  const isStandard = secret.startsWith('whsec_');
  const key = createSecretKey(isStandard ? secret.slice(6) : secret, isStandard ? 'base64' : 'utf8');
  if (known.size === mostKnown) known.clear();
  known.set(secret, key);
  return key;
}
