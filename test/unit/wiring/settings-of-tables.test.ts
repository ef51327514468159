import { expect, test } from 'vitest';
import { variables } from '../../../src/variables.ts';
import { settingsOfTables } from '../../../src/wiring/settings-of-tables.ts';

const ofThePlatform = [
  'IDENTITY_HEADER',
  'MSI_SECRET',
  'WEBSITE_AUTH_ENCRYPTION_KEY',
  'APPSETTING_SMTP_PASSWORD',
  'AzureWebEncryptionKey',
  'CONTAINER_ENCRYPTION_KEY',
  'MACHINEKEY_DecryptionKey',
  'POD_ENCRYPTION_KEY',
  'APPINSIGHTS_QUICKPULSEAUTHAPIKEY',
];

test('a table names the settings that are there for tables', () => {
  expect(settingsOfTables({ E001_CONEXION: 'Server=…' })('E001_CONEXION')).toBe('Server=…');
  expect(settingsOfTables({})('E001_CONEXION')).toBeUndefined();
});

test('a secret that the Key Vault has not given is not there', () => {
  const reference = '@Microsoft.KeyVault(SecretUri=https://kv-vigia.vault.azure.net/secrets/X)';
  expect(settingsOfTables({ E001_CONEXION: reference })('E001_CONEXION')).toBeUndefined();
});

test.each([...Object.keys(variables), ...ofThePlatform])('no table names %s', (name) => {
  for (const written of [name, name.toLowerCase()])
    expect(settingsOfTables({ [written]: 'secret' })(written)).toBeUndefined();
});
