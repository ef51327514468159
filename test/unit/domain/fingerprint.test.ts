import { expect, test } from 'vitest';
import type { AlertRow, TimeSettings } from '../../../src/domain/alert.ts';
import { fingerprintOf, settingsFingerprintOf } from '../../../src/domain/fingerprint.ts';
import { parseAlert } from '../../../src/domain/parse-alert.ts';
import { daily, listed, weekly } from '../../support/alert-rows.ts';

const settings: TimeSettings = { timeZone: 'America/Argentina/Buenos_Aires', weekStartsOn: 'monday' };

function fingerprint(row: AlertRow, more: Partial<TimeSettings> = {}): string {
  return fingerprintOf(parseAlert(row, { ...settings, ...more }));
}

test.each<[string, AlertRow, AlertRow]>([
  ['another hour', daily('09:00:00'), daily('10:00:00')],
  ['another zone', daily('09:00:00'), daily('09:00:00', { tenantZone: 'UTC' })],
  ['deactivated', daily('09:00:00'), daily('09:00:00', { active: false })],
  ['a listed entry more', listed('2026-03-02 12:49'), listed('2026-03-02 12:49, 2026-03-02 13:00')],
  ['another bad value', daily('nunca'), daily('jamás')],
])('changes: %s', (_case, before, after) => {
  expect(fingerprint(after)).not.toBe(fingerprint(before));
});

test.each<[string, AlertRow, AlertRow]>([
  ['a column that its kind does not read', daily('09:00:00'), daily('09:00:00', { weekdays: '1' })],
  ['the same days in another order', weekly('1,2', '09:00:00'), weekly(' 2,1,1', '09:00')],
  ['the catch-up limit', daily('09:00:00'), daily('09:00:00', { catchUpMinutes: 5 })],
  ['the same entry in another style', listed('2026-03-02 12:49'), listed('02/03/2026 12:49:00')],
])('stays: %s', (_case, before, after) => {
  expect(fingerprint(after)).toBe(fingerprint(before));
});

test('weeks that start on another day change what depends on them, and nothing else', () => {
  expect(fingerprint(weekly('1', '09:00'), { weekStartsOn: 'sunday' })).not.toBe(
    fingerprint(weekly('1', '09:00')),
  );
  expect(fingerprint(daily('09:00'), { weekStartsOn: 'sunday' })).toBe(fingerprint(daily('09:00')));
});

test('the settings that time depends on have a fingerprint of their own', () => {
  const now = { ...settings, only: null, timeZoneData: '2026a' };
  const hash = settingsFingerprintOf(now);
  expect(settingsFingerprintOf({ ...now })).toBe(hash);
  expect(settingsFingerprintOf({ ...now, timeZone: 'UTC' })).not.toBe(hash);
  expect(settingsFingerprintOf({ ...now, weekStartsOn: 'sunday' })).not.toBe(hash);
  expect(settingsFingerprintOf({ ...now, timeZoneData: '2026b' })).not.toBe(hash);
  expect(settingsFingerprintOf({ ...now, only: { tenants: ['0001'], alerts: [] } })).not.toBe(hash);
});
