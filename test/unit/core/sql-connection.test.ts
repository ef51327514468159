import { describe, expect, test } from 'vitest';
import { sqlConnectionOf } from '../../../src/core/sql-connection.ts';

describe('a connection string', () => {
  test('of a customer is understood', () => {
    expect(
      sqlConnectionOf('Server=erp.local;Database=bd;User Id=user;Password="a;b";TrustServerCertificate=True'),
    ).toMatchObject({
      server: 'erp.local',
      authentication: { type: 'default', options: { userName: 'user', password: 'a;b' } },
      options: { database: 'bd', encrypt: true, trustServerCertificate: true, useUTC: true },
    });
  });

  test.each([
    [
      'Server=tcp:host.database.windows.net,1433',
      { server: 'host.database.windows.net', options: { port: 1433 } },
    ],
    ['Data Source=host\\ERP', { server: 'host', options: { instanceName: 'ERP' } }],
    ['addr=(local)', { server: 'localhost' }],
    ['Server=.', { server: 'localhost' }],
  ])('%s names its server', (text, expected) => {
    expect(sqlConnectionOf(`${text};Uid=u;Pwd=p`)).toMatchObject(expected);
  });

  test.each([
    ['Encrypt=False', false],
    ['Encrypt=Optional', false],
    ['Encrypt=Strict', 'strict'],
    ['Encrypt=Mandatory', true],
    ['Connect Timeout=3', true],
  ])('%s decides the encryption', (text, encrypt) => {
    expect(sqlConnectionOf(`Server=h;Uid=u;Pwd=p;${text}`).options?.encrypt).toBe(encrypt);
  });

  test('gives the login its time limit in milliseconds, and none when it has none', () => {
    expect(sqlConnectionOf('Server=h;Uid=u;Connect Timeout=3').options?.connectTimeout).toBe(3000);
    expect(sqlConnectionOf('Server=h;Uid=u').options).not.toHaveProperty('connectTimeout');
  });

  test('signs in to Azure SQL without a password', () => {
    expect(sqlConnectionOf('Server=h;Authentication=Active Directory Default').authentication).toEqual({
      type: 'azure-active-directory-default',
      options: {},
    });
    expect(
      sqlConnectionOf('Server=h;Authentication=ActiveDirectoryManagedIdentity;User Id=abc').authentication,
    ).toEqual({ type: 'azure-active-directory-msi-app-service', options: { clientId: 'abc' } });
  });

  test.each([
    ['Server=h;Uid=u;Password=;Encrypt=False', '', false],
    ['Server=h;Uid=u;Database= ;Pwd="a=;b=;c";Encrypt=False', 'a=;b=;c', false],
    ["Server=h;Uid=u;Pwd='a=;b';Encrypt=", 'a=;b', true],
    ['Server=h;Uid=u;Pwd=a=;Encrypt=False;Database=', 'a=', false],
  ])(
    '%s: a key without a value counts as not given, and takes nothing of the next',
    (text, password, encrypt) => {
      const { authentication, options } = sqlConnectionOf(text);
      expect(authentication?.options).toMatchObject({ userName: 'u', password });
      expect(options).toMatchObject({ encrypt });
      expect(options).not.toHaveProperty('database');
    },
  );

  test('may carry what .NET pools need', () => {
    expect(() =>
      sqlConnectionOf(
        'Server=h;Uid=u;Max Pool Size=5;MultipleActiveResultSets=True;Persist Security Info=False;',
      ),
    ).not.toThrow();
  });

  test.each([
    ['Database=bd;User Id=u;Password=secreto', 'The key Server is missing.'],
    ['Server=;User Id=u;Password=secreto', 'The key Server is missing.'],
    ['Server=h;Password=secreto', 'The key User Id is missing.'],
    ['Server=h,port;User Id=u;Password=secreto', 'The port after the comma'],
    ['Server=h;User Id=u;Password=secreto;Pasword=secreto', 'The key "pasword" is not known'],
    ['Server=h;User Id=u;Password=una;secreto;Encrypt=False', 'a value with a semicolon has no quotes'],
    ['Server=h;User Id=u;Password=una;0secreto=1', 'a value with a semicolon has no quotes'],
    ['Server=h;Trusted_Connection=yes;Password=secreto', 'Windows sign-in is not available'],
    ['Server=h;User Id=u;Password="secreto', 'a quote is not closed'],
    ['Server=h;Uid=u;Pwd=secreto;Authentication=Kerberos', 'Authentication must be'],
    ['Server=h;Uid=u;Pwd=secreto;Connect Timeout=soon', 'Connect Timeout is not a number'],
    ['secreto', 'The key Server is missing.'],
  ])('%s is refused with a reason and without its values', (text, reason) => {
    let message = '';
    try {
      sqlConnectionOf(text);
    } catch (error) {
      message = error instanceof Error ? error.message : '';
    }
    expect(message).toContain(reason);
    expect(message).not.toContain('secreto');
  });
});
