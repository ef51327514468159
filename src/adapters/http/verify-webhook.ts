import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Verdict, VerifyMeta, VerifyStandard } from '../../manage/callbacks/signatures.ts';
import { signingKey } from './signing-key.ts';

/** How far the sender's clock may be from ours; within it a call can be repeated by whoever has overheard it. */
const toleranceSeconds = 300;

/** What one header may hold, so that nobody makes us compare for long. */
const mostSignatures = 20;

/** Standard Webhooks 1.0: one signature of one of the secrets is enough. */
export const verifyStandard: VerifyStandard = ({ headers, body, secrets, now }) => {
  const id = headers.get('webhook-id') ?? '';
  const timestamp = headers.get('webhook-timestamp') ?? '';
  const given = (headers.get('webhook-signature') ?? '').split(' ').slice(0, mostSignatures);
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return 'incomplete';
  const apart = Math.abs(now.epochMilliseconds / 1000 - Number(timestamp));
  const signatures = given
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice(3), 'base64'));
  const expected = secrets.map((secret) =>
    createHmac('sha256', signingKey(secret)).update(`${id}.${timestamp}.`).update(body).digest(),
  );
  return verdictOn(signatures, expected, apart > toleranceSeconds ? 'expired' : 'valid');
};

/** Meta's X-Hub-Signature-256 over the body as it came. It holds no time. */
export const verifyMeta: VerifyMeta = ({ signature, body, secrets }) => {
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(signature) ?? [];
  if (hex === undefined) return 'incomplete';
  const expected = secrets.map((secret) => createHmac('sha256', secret).update(body).digest());
  return verdictOn([Buffer.from(hex, 'hex')], expected, 'valid');
};

/** Whoever does not know the secret learns no more than that. */
function verdictOn(given: readonly Buffer[], expected: readonly Buffer[], verdict: Verdict): Verdict {
  const matches = given.flatMap((signature) =>
    expected.map((right) => signature.length === right.length && timingSafeEqual(signature, right)),
  );
  return matches.includes(true) ? verdict : 'wrong';
}
