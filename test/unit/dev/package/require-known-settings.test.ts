import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireKnownSettings } from '../../../../dev/package/require-known-settings.ts';
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
  const known = { CONTROL_DATABASE: 'x', FUNCTIONS_WORKER_RUNTIME: 'node', AzureWebJobsStorage: 'x' };
  expect(packingWith(values(known))).not.toThrow();
});

test('a setting that only this machine has is named, without its value', () => {
  const packing = packingWith(values({ E001_CONEXION: 'Password=topsecret', SMTP_SERVERR: 'x' }));
  expect(packing).toThrow(
    /local\.settings\.json sets E001_CONEXION, SMTP_SERVERR, which the app does not read/,
  );
  expect(packing).not.toThrow('topsecret');
});

test('names that the tables use are let through when they are said', () => {
  const text = values({ E001_CONEXION: 'x', W1_SECRETO: 'y' });
  expect(packingWith(text, 'E001_CONEXION, W1_SECRETO')).not.toThrow();
  expect(packingWith(text, 'E001_CONEXION')).toThrow('sets W1_SECRETO,');
});

test('a file that is no JSON is named without its text', () => {
  expect(packingWith('{"Values": {"A": "topsecret"')).toThrow('local.settings.json must be JSON');
});
