import { describe, expect, test } from 'vitest';
import { readConnection } from '../../../../src/adapters/tenant-mssql/read-connection.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const plain =
  'Server=tcp:erp.example.com,1444;Database=Acme;User Id=vigia;Password=pässwörd=1;TrustServerCertificate=True';

const settings: Readonly<Record<string, string>> = { PLAIN: plain, CODED: base64(plain), EMPTY: '' };
const getSecret = (name: string) => settings[name];

test.each([
  ['Base64', base64(plain)],
  ['Base64 in lines', base64(plain).replaceAll(/(.{40})/g, '$1\n')],
  ['a setting that holds it as it is', 'env:PLAIN'],
  ['a setting that holds it in Base64', ' env:CODED '],
])('read from %s', (_, stored) => {
  expect(readConnection(stored, getSecret)).toMatchObject({
    kind: 'connection',
    config: {
      server: 'erp.example.com',
      authentication: { type: 'default', options: { userName: 'vigia', password: 'pässwörd=1' } },
      options: { port: 1444, database: 'Acme', trustServerCertificate: true, encrypt: true },
    },
    secrets: [plain, 'pässwörd=1'],
  });
});

describe('what cannot be read is named, and no value is shown', () => {
  test.each([
    ['plain text in the table', plain, 'no es Base64'],
    ['nothing', '', 'no es Base64'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]).toString('base64'), 'no es Base64'],
    ['a setting that is missing', 'env:MISSING', 'MISSING, que no está definida'],
    ['a setting that is empty', 'env:EMPTY', 'EMPTY, que no está definida'],
    [
      'an unknown key',
      base64('Server=s3cret;Database=s3cret;User Id=u;Password=s3cret;Colour=s3cret'),
      'la clave «colour» no se conoce',
    ],
    ['no server', base64('Database=s3cret;User Id=u;Password=s3cret'), 'falta la clave Server'],
    ['no database', base64('Server=s3cret;User Id=u;Password=s3cret'), 'falta la clave Database'],
    ['no user', base64('Server=s3cret;Database=d;Password=s3cret'), 'falta la clave User Id'],
    [
      'a key without a value',
      base64('Server=s3cret;Database=;User Id=u;Password=s3cret'),
      'falta la clave Database',
    ],
    ['Windows sign-in', base64('Server=s3cret;Database=d;Integrated Security=SSPI'), 'User Id y Password'],
    [
      'an unknown sign-in',
      base64('Server=s;Database=d;Authentication=Active Directory Password;User Id=u;Password=s3cret'),
      'Authentication debe ser',
    ],
    [
      'a quote that is not closed',
      base64('Server=s;Database=d;User Id=u;Password="s3cret'),
      'comilla sin cerrar',
    ],
  ])('%s', (_, stored, named) => {
    const read = readConnection(stored, getSecret);
    expect(read).toEqual({ kind: 'invalid', detail: expect.stringContaining(named) });
    expect(read).toEqual({ kind: 'invalid', detail: expect.stringMatching(/^emp_Conexion: /) });
    expect(JSON.stringify(read)).not.toMatch(/s3cret|pässwörd/);
  });
});

describe('the identity of the app', () => {
  const withIdentity = (rest: string) =>
    readConnection(base64(`Database=Acme;Authentication=Active Directory Default;${rest}`), getSecret);

  test.each(['acme.database.windows.net', 'tcp:acme.0a1b2c.database.windows.net,3342'])(
    'signs in to %s',
    (server) => {
      expect(withIdentity(`Server=${server}`)).toMatchObject({
        kind: 'connection',
        config: { authentication: { type: 'azure-active-directory-default' } },
      });
    },
  );

  test.each([
    'Server=erp.example.com',
    'Server=acme.database.windows.net.example.com',
    'Server=example.com/.database.windows.net',
    'Server=database.windows.net',
    'Server=127.0.0.1',
    'Server=acme.database.windows.net;TrustServerCertificate=True',
    'Server=acme.database.windows.net;Encrypt=False',
  ])('gives no token to %s', (rest) => {
    expect(withIdentity(rest)).toEqual({
      kind: 'invalid',
      detail: expect.stringContaining('debe ser de Azure SQL'),
    });
  });
});
