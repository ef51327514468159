import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { signWebhook } from '../../../../src/adapters/http/sign-webhook.ts';

const at = Temporal.Instant.from('2026-03-02T15:49:00.999Z');
const webhookId = '0195b7a0-3c1e-7d2a-9d6e-3a2f1b4c5d6e';
const body = '{"text":"ñandú €"}';
const whsec = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

function standardSignature(key: Buffer): string {
  return `v1,${createHmac('sha256', key).update(`${webhookId}.1772466540.${body}`).digest('base64')}`;
}

test('without a secret only the id and the time are sent', () => {
  expect(signWebhook({ webhookId, body, secrets: [] }, at)).toEqual({
    'webhook-id': webhookId,
    'webhook-timestamp': '1772466540',
  });
});

test('a whsec_ secret is decoded, any other is its UTF-8 bytes; all sign, the first signs X-Signature', () => {
  const keys = [
    Buffer.from('contraseña-nueva', 'utf8'),
    Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'),
  ] as const;
  expect(signWebhook({ webhookId, body, secrets: ['contraseña-nueva', whsec] }, at)).toEqual({
    'webhook-id': webhookId,
    'webhook-timestamp': '1772466540',
    'webhook-signature': keys.map(standardSignature).join(' '),
    'x-signature': `sha256=${createHmac('sha256', keys[0]).update(body).digest('hex')}`,
  });
});

test('signatures made ahead are kept in their second, and made anew in another', () => {
  const call = { webhookId, body, secrets: [whsec] };
  const signatures = signWebhook(call, at.subtract({ milliseconds: 999 }));
  expect(signWebhook({ ...call, signatures }, at)).toBe(signatures);
  const later = at.add({ milliseconds: 1 });
  expect(signWebhook({ ...call, signatures }, later)).toEqual(signWebhook(call, later));
});

test('a receiver that knows either secret verifies it with the standard library', () => {
  const now = Temporal.Instant.fromEpochMilliseconds(Date.now());
  const headers = signWebhook({ webhookId, body, secrets: ['the-new-one', whsec] }, now);
  expect(new Webhook(whsec).verify(body, headers)).toEqual({ text: 'ñandú €' });
  expect(new Webhook('the-new-one', { format: 'raw' }).verify(body, headers)).toEqual({ text: 'ñandú €' });
  expect(() => new Webhook('another', { format: 'raw' }).verify(body, headers)).toThrow(
    'No matching signature',
  );
});
