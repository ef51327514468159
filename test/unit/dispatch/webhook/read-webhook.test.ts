import { expect, test } from 'vitest';
import { readWebhook } from '../../../../src/dispatch/webhook/read-webhook.ts';
import type { WebhookRow } from '../../../../src/dispatch/open-execution.ts';

const row: WebhookRow = {
  code: 'W1',
  url: 'https://gateway.test/hook?token=abc',
  secret: 'un-secreto',
  headers: '{"Authorization":"Bearer x"}',
  format: null,
  body: null,
  timeoutSeconds: null,
};
const rule = { getSecret: () => undefined, requireSecret: true };

test('a row gives what a call needs', () => {
  expect(readWebhook(row, rule)).toEqual({
    kind: 'webhook',
    target: {
      code: 'W1',
      url: 'https://gateway.test/hook?token=abc',
      host: 'gateway.test',
      headers: { authorization: 'Bearer x' },
      secrets: ['un-secreto'],
      timeoutMs: 15_000,
      format: { kind: 'cloudevents' },
    },
  });
});

test.each<[string, Partial<WebhookRow>, string, RegExp]>([
  ['an address that is none', { url: 'gateway.test' }, 'configuracion_invalida', /whk_Url/],
  ['an address of another kind', { url: 'ftp://gateway.test' }, 'configuracion_invalida', /whk_Url/],
  ['no address', { url: null }, 'configuracion_invalida', /whk_Url/],
  ['too long a time limit', { timeoutSeconds: 61 }, 'configuracion_invalida', /whk_TimeoutSeg es 61/],
  ['no time at all', { timeoutSeconds: 0 }, 'configuracion_invalida', /whk_TimeoutSeg es 0/],
  ['an unknown format', { format: 'xml' }, 'configuracion_invalida', /whk_Formato/],
  ['a template without a body', { format: 'plantilla' }, 'configuracion_invalida', /whk_Cuerpo/],
  ['headers that are no JSON', { headers: 'x' }, 'configuracion_invalida', /whk_Cabeceras/],
  ['no secret where one is required', { secret: null }, 'webhook_sin_secreto', /whk_Secreto/],
])('%s ends the execution with the column to mend', (_what, change, reason, detail) => {
  expect(readWebhook({ ...row, ...change }, rule)).toMatchObject({
    kind: 'unusable',
    ending: { state: 'ERROR', reason, detail: expect.stringMatching(detail) as string },
  });
});

test('no fault shows the address or a secret', () => {
  const broken = readWebhook({ ...row, timeoutSeconds: 99 }, rule);
  expect(JSON.stringify(broken)).not.toMatch(/token=abc|un-secreto|Bearer x/);
});
