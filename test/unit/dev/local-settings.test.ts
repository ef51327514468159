import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { localSettings, writeMissingLocalSettings } from '../../../dev/services/local-settings.ts';
import { portsAt } from '../../../dev/services/ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigia-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the example shows the settings of the local stack on its own ports', () => {
  const example: unknown = JSON.parse(readFileSync('local.settings.example.json', 'utf8'));
  expect(example).toEqual({ IsEncrypted: false, Values: localSettings(portsAt(0)) });
});

test('missing settings are written with values that fit the ports', () => {
  const file = join(folder, 'new.json');
  expect(writeMissingLocalSettings(file, portsAt(100))).toEqual([]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    IsEncrypted: false,
    Values: localSettings(portsAt(100)),
  });
  expect(writeMissingLocalSettings(file, portsAt(100))).toEqual([]);
});

test.for(['{"Values":{"MINE":"1"}}', 'no JSON'])('existing settings are never touched: %s', (text) => {
  const file = join(folder, 'mine.json');
  writeFileSync(file, text);
  writeMissingLocalSettings(file, portsAt(0));
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('settings that lead to other servers are named', () => {
  const file = join(folder, 'other-ports.json');
  writeMissingLocalSettings(file, portsAt(0));
  expect(writeMissingLocalSettings(file, portsAt(100))).toEqual([
    'AzureWebJobsStorage',
    'CONTROL_DATABASE',
    'SMTP_PORT',
    'WEBHOOK_ALLOWED_HOSTS',
  ]);
});
