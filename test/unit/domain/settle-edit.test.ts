import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import type { AlertRow } from '../../../src/domain/alert.ts';
import { parseAlert } from '../../../src/domain/parse-alert.ts';
import { settleEdit } from '../../../src/domain/settle-edit.ts';
import { daily, listed, weekly } from '../../support/alert-rows.ts';

const settings = { timeZone: 'America/Argentina/Buenos_Aires', weekStartsOn: 'monday' } as const;

/** Monday 2 March 2026: the execution of 10:00, claimed, its alert edited at 09:59. */
function verdict(row: AlertRow | undefined, key = '2026-03-02') {
  return settleEdit({
    execution: { key, at: Temporal.Instant.from('2026-03-02T10:00:00-03:00') },
    alert: row && parseAlert(row, settings),
    now: Temporal.Instant.from('2026-03-02T09:59:00-03:00'),
    windowMinutes: 2,
  });
}

test.each<[string, AlertRow, string]>([
  ['a later time of the day moves it', daily('12:00:00'), '2026-03-02T12:00:00-03:00'],
  ['a time within the window before now moves it', daily('09:57:00'), '2026-03-02T09:57:00-03:00'],
  ['another zone moves it', daily('10:00:00', { tenantZone: 'Etc/GMT+5' }), '2026-03-02T10:00:00-05:00'],
])('%s', (_case, row, at) => {
  const settled = verdict(row);
  if (settled.kind !== 'move') throw new Error(settled.kind);
  expect(settled.to.key).toBe('2026-03-02');
  expect(settled.to.at.toInstant().equals(Temporal.Instant.from(at))).toBe(true);
});

test.each<[string, AlertRow | undefined, string]>([
  ['a time that has passed beyond the window', daily('09:56:59'), 'alerta_editada'],
  ['another day', weekly('2', '10:00:00'), 'alerta_editada'],
  ['another kind', listed('2026-03-02 10:00'), 'alerta_editada'],
  ['deactivated', daily('10:00:00', { active: false }), 'alerta_desactivada'],
  ['deactivated and unreadable', daily('nunca', { active: false }), 'alerta_desactivada'],
  ['deleted', undefined, 'alerta_desactivada'],
  ['a value that cannot be read', daily('nunca'), 'configuracion_invalida'],
])('is cancelled: %s', (_case, row, reason) => {
  expect(verdict(row)).toEqual({ kind: 'cancel', reason });
});

test('an edit that leaves its time alone keeps it', () => {
  expect(verdict(weekly('1,3', '10:00:00'))).toEqual({ kind: 'keep' });
});

test('a listed entry is kept while it is listed, and cancelled when it is edited', () => {
  const key = '2026-03-02T10:00:00';
  expect(verdict(listed('2026-03-02 09:00, 02/03/2026 10:00'), key)).toEqual({ kind: 'keep' });
  expect(verdict(listed('2026-03-02 10:01'), key)).toEqual({ kind: 'cancel', reason: 'alerta_editada' });
});
