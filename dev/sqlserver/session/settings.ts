import { notSupported } from '../parser/sql-fault.ts';
import type { SetOption } from '../parser/syntax.ts';
import type { SessionContext } from './session-context.ts';

/** What SET leaves behind until the session, or the text of sp_executesql, ends. */
export interface Settings {
  noCount: boolean;
  xactAbort: boolean;
  /** Milliseconds; -1 = for ever. */
  lockTimeout: number;
}

export const defaultSettings: Settings = { noCount: false, xactAbort: false, lockTimeout: -1 };

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

export function applySetting(setting: SetOption & { line: number }, context: SessionContext): void {
  switch (setting.kind) {
    case 'setSwitch':
      for (const option of setting.options) {
        const known = switches[option];
        if (typeof known === 'string') context.settings[known] = setting.on;
        else if (known !== setting.on)
          throw notSupported(`SET ${option} ${setting.on ? 'ON' : 'OFF'}`, setting.line);
      }
      return;
    case 'setIsolation':
      context.transaction.isolation = setting.level;
      return;
    case 'setLockTimeout':
      context.settings.lockTimeout = millisecondsOf(setting.milliseconds);
      context.setLockTimeout(context.settings.lockTimeout);
      return;
    // Which of two waiting sessions PostgreSQL ends is not ours to choose; defaults are set already.
    case 'setDeadlockPriority':
    case 'setDefault':
  }
}

// Until the parser reads it as a number.
const millisecondsOf = (value: number | { text?: string }): number =>
  typeof value === 'number' ? value : Number(value.text);
