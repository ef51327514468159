import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireKnownSettings } from '../../../../dev/package/require-known-settings.ts';
import { localSettings } from '../../../../dev/services/local-settings.ts';
import { portsAt } from '../../../../dev/services/ports.ts';
import { readableTemporaryFolder } from '../../../support/temporary-folder.ts';

/** Packs beside a local.settings.json of that text. */
function packingWith(text: string, vaultSettings = ''): () => void {
  return () => {
    using folder = readableTemporaryFolder('vigia-settings-');
    writeFileSync(join(folder.path, 'local.settings.json'), text);
    requireKnownSettings(vaultSettings, folder.path);
  };
}

function values(settings: Record<string, string>): string {
  return JSON.stringify({ IsEncrypted: false, Values: settings });
}

test('a folder without local settings, and one with those of the app and the host, can be packed', () => {
  using folder = readableTemporaryFolder('vigia-settings-');
  expect(() => requireKnownSettings('', folder.path)).not.toThrow();
  const known = { ...localSettings(portsAt(0)), OTEL_EXPORTER_OTLP_ENDPOINT: 'x' };
  expect(packingWith(values(known))).not.toThrow();
  expect(packingWith(values({ AzureWebJobsStorage__credential: 'x' }))).not.toThrow();
});

test('a setting that only this machine has is named, without its value', () => {
  const packing = packingWith(values({ E001_CONEXION: 'Password=topsecret', SMTP_SERVERR: 'x' }));
  expect(packing).toThrow(
    /local\.settings\.json sets E001_CONEXION, SMTP_SERVERR, which the deployment does not set/,
  );
  expect(packing).not.toThrow('topsecret');
});

test.each([
  'OTEL_SERVICE_NAME',
  'AzureWebJobsFoo',
  'FUNCTIONS_X',
  'AzureFunctionsJobHost__x',
  'APPLICATIONINSIGHTS_X',
])('a setting that the host or a library would read, and that no deployment has, is named: %s', (name) => {
  expect(packingWith(values({ [name]: 'x' }))).toThrow(`sets ${name}, which`);
});

test('names that the tables use are let through when they are said', () => {
  const text = values({ E001_CONEXION: 'x', W1_SECRETO: 'y' });
  expect(packingWith(text, 'E001_CONEXION, W1_SECRETO')).not.toThrow();
  expect(packingWith(text, 'E001_CONEXION')).toThrow('sets W1_SECRETO,');
});

test('a file that is no JSON is named without its text', () => {
  expect(packingWith('{"Values": {"A": "topsecret"')).toThrow('local.settings.json must be JSON');
});
