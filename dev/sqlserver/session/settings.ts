import { notSupported } from '../parser/sql-fault.ts';
import type { SetOption } from '../parser/syntax.ts';
import type { SessionContext } from './session-context.ts';

/** Until the session, or the text of sp_executesql, ends; `lockTimeout` in milliseconds, -1 = for ever. */
export const defaultSettings = { noCount: false, xactAbort: false, lockTimeout: -1 };

/** The setting that a switch changes; for the others the only way that it can be set. */
const switches: Readonly<Record<string, 'noCount' | 'xactAbort' | boolean>> = {
  NOCOUNT: 'noCount',
  XACT_ABORT: 'xactAbort',
  ANSI_DEFAULTS: true,
  ANSI_NULLS: true,
  ANSI_NULL_DFLT_ON: true,
  ANSI_PADDING: true,
  ANSI_WARNINGS: true,
  ARITHABORT: true,
  CONCAT_NULL_YIELDS_NULL: true,
  QUOTED_IDENTIFIER: true,
  ANSI_NULL_DFLT_OFF: false,
  CURSOR_CLOSE_ON_COMMIT: false,
  IMPLICIT_TRANSACTIONS: false,
  NUMERIC_ROUNDABORT: false,
};

/** SET of an option. DEADLOCK_PRIORITY changes nothing: which of two waiting sessions PostgreSQL ends is not ours to choose. */
export function applySetting(setting: SetOption & { line: number }, context: SessionContext): void {
  if (setting.kind === 'setIsolation') context.transaction.isolation = setting.level;
  if (setting.kind === 'setLockTimeout') {
    context.settings.lockTimeout = setting.milliseconds;
    context.setLockTimeout(setting.milliseconds);
  }
  if (setting.kind !== 'setSwitch') return;
  for (const option of setting.options) {
    const known = switches[option];
    if (typeof known === 'string') context.settings[known] = setting.on;
    else if (known !== setting.on)
      throw notSupported(`SET ${option} ${setting.on ? 'ON' : 'OFF'}`, setting.line);
  }
}
