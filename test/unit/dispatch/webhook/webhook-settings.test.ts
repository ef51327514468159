import { describe, expect, test } from 'vitest';
import { readQueryParameters } from '../../../../src/dispatch/prepare/query-parameters.ts';
import { readWebhookHeaders } from '../../../../src/dispatch/webhook/webhook-headers.ts';
import { readWebhookSecrets } from '../../../../src/dispatch/webhook/webhook-secrets.ts';

const settings: Readonly<Record<string, string>> = { HOOK: 'new old', EMPTY: ' ', TOKEN: 'Bearer abc' };
const getSecret = (name: string) => settings[name];

describe('whk_Secreto', () => {
  test.each([
    [null, []],
    ['  ', []],
    ['one', ['one']],
    [' newest  older\tany ', ['newest', 'older', 'any']],
    ['whsec_c2VjcmV0 plain', ['whsec_c2VjcmV0', 'plain']],
    ['env:HOOK', ['new', 'old']],
  ])('%j gives %j', (stored, secrets) => {
    expect(readWebhookSecrets(stored, getSecret)).toEqual({ kind: 'secrets', secrets });
  });

  test.each([
    ['env:MISSING', 'MISSING'],
    ['env:EMPTY', 'EMPTY'],
    ['good whsec_not*base64', 'El secreto 2'],
    ['whsec_', 'El secreto 1'],
  ])('%s is refused, and only %s is said', (stored, said) => {
    const read = readWebhookSecrets(stored, getSecret);
    expect(read).toMatchObject({ kind: 'invalid', detail: expect.stringContaining(said) });
    expect(JSON.stringify(read)).not.toContain('not*base64');
  });
});

describe('whk_Cabeceras', () => {
  test('names in lower case, and values also from a setting', () => {
    expect(readWebhookHeaders('{"Authorization":"env:TOKEN","X-Tenant":"acme"}', getSecret)).toEqual({
      kind: 'headers',
      headers: { authorization: 'Bearer abc', 'x-tenant': 'acme' },
    });
    expect(readWebhookHeaders(null, getSecret)).toEqual({ kind: 'headers', headers: {} });
  });

  test.each([
    'Host',
    'Content-Length',
    'Connection',
    'Keep-Alive',
    'Proxy-Authorization',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Expect',
    'Webhook-Id',
    'webhook-signature',
    'Webhook-Anything',
    'X-Signature',
  ])('%s is refused by name, without its value', (name) => {
    const read = readWebhookHeaders(JSON.stringify({ [name]: 'the-value' }), getSecret);
    expect(read).toMatchObject({ kind: 'invalid', detail: expect.stringContaining(`«${name}»`) });
    expect(JSON.stringify(read)).not.toContain('the-value');
  });

  test.each([
    ['not JSON', '{"a":'],
    ['a list', '["a"]'],
    ['a number', '{"a":1}'],
    ['a name with a space', '{"a b":"x"}'],
    ['a line break in a value', JSON.stringify({ a: 'x\r\nHost: evil' })],
    ['a name twice', '{"X-A":"1","x-a":"2"}'],
    ['a setting that is missing', '{"X-A":"env:MISSING"}'],
  ])('%s is refused', (_, text) => {
    expect(readWebhookHeaders(text, getSecret).kind).toBe('invalid');
  });
});

describe('qry_Parametros', () => {
  test.each([
    [null, {}],
    ['', {}],
    [
      '{"@dias":30,"Zona":"Norte","activo":true,"tope":null}',
      { dias: 30, Zona: 'Norte', activo: true, tope: null },
    ],
    ['{"añoMínimo":2020}', { añoMínimo: 2020 }],
  ])('%s gives %j', (text, parameters) => {
    expect(readQueryParameters(text)).toEqual({ kind: 'parameters', parameters });
  });

  test.each([
    ['[1]', 'objeto JSON'],
    ['{"a":[1]}', 'objeto JSON'],
    ['{"a":', 'objeto JSON'],
    ['{"a b":1}', '«a b»'],
    ['{"a;DROP":1}', '«a;DROP»'],
    ['{"@Persona":1}', '«@Persona»'],
    ['{"dias":1,"@DIAS":2}', '«@DIAS»'],
    ['{"__proto__":1,"constructor":{}}', 'objeto JSON'],
  ])('%s is refused, naming %s', (text, named) => {
    expect(readQueryParameters(text)).toEqual({ kind: 'invalid', detail: expect.stringContaining(named) });
  });
});
