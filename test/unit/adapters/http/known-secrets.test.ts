import { expect, test } from 'vitest';
import { knownSecrets, redactors } from '../../../../src/adapters/http/known-secrets.ts';

const call = {
  url: ' https://gw.example.com/v2/hooks/abc%2F12/words?token=s3cr%21t-query&plain ',
  headers: {
    authorization: `Basic ${Buffer.from('usuario:clave-básica').toString('base64')}`,
    'x-api-key': 'api-key-1234',
    'x-other': 'Bearer token-5678',
  },
  secrets: ['whsec_c2VjcmV0by1kZS1maXJtYQ==', 'otro-secreto'],
};

test('everything of a call that is secret is known, as it is written and as it is meant', () => {
  expect(knownSecrets(call)).toEqual(
    expect.arrayContaining([
      'https://gw.example.com/v2/hooks/abc%2F12/words?token=s3cr%21t-query&plain',
      '/v2/hooks/abc%2F12/words?token=s3cr%21t-query&plain',
      '/v2/hooks/abc%2F12/words',
      '/v2/hooks/abc/12/words',
      'abc%2F12',
      'abc/12',
      's3cr%21t-query',
      's3cr!t-query',
      'clave-básica',
      'usuario:clave-básica',
      'api-key-1234',
      'Bearer token-5678',
      'token-5678',
      'whsec_c2VjcmV0by1kZS1maXJtYQ==',
      'c2VjcmV0by1kZS1maXJtYQ==',
      'otro-secreto',
    ]),
  );
});

test('what is known of one webhook is not taken for another with the same headers', () => {
  const redactorFor = redactors();
  expect(redactorFor(call)('abc%2F12 api-key-1234 uvw-9876')).toBe('••• ••• uvw-9876');
  const moved = { ...call, url: 'https://gw.example.com/uvw-9876' };
  expect(redactorFor(moved)('abc%2F12 api-key-1234 uvw-9876')).toBe('abc%2F12 ••• •••');
  expect(redactorFor(call)).toBe(redactorFor({ ...call }));
});

test('a path that is not well encoded is no obstacle', () => {
  expect(redactors()({ ...call, url: 'https://gw.example.com/100%/x' })('GET /100%/x')).toBe('GET •••');
});
