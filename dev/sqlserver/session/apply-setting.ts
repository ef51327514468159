import { notSupported } from '../parser/sql-fault.ts';
import type { SetOption, Statement } from '../parser/syntax.ts';
import type { Evaluation } from './evaluation.ts';
import type { SessionContext } from './session-context.ts';
import { Translation } from '../translation/translation.ts';

export type Setting = SetOption & { line: number };

/** Switches that change nothing here when they are set as every client sets them. */
const alwaysOn = [
  'ANSI_NULLS',
  'ANSI_PADDING',
  'ANSI_WARNINGS',
  'ARITHABORT',
  'CONCAT_NULL_YIELDS_NULL',
  'QUOTED_IDENTIFIER',
  'ANSI_NULL_DFLT_ON',
  'ANSI_DEFAULTS',
];
const alwaysOff = [
  'NUMERIC_ROUNDABORT',
  'IMPLICIT_TRANSACTIONS',
  'CURSOR_CLOSE_ON_COMMIT',
  'FMTONLY',
  'NOEXEC',
  'PARSEONLY',
  'SHOWPLAN_TEXT',
  'SHOWPLAN_ALL',
  'SHOWPLAN_XML',
  'ANSI_NULL_DFLT_OFF',
];
const harmless = ['STATISTICS', 'FORCEPLAN', 'REMOTE_PROC_TRANSACTIONS'];

export function isSetting(statement: Statement): statement is Setting {
  return statement.kind.startsWith('set') && statement.kind !== 'setVariable';
}

export async function applySetting(
  setting: Setting,
  context: SessionContext,
  evaluation: Evaluation,
): Promise<void> {
  switch (setting.kind) {
    case 'setSwitch':
      for (const option of setting.options) applySwitch(option, setting.on, context, setting.line);
      return;
    case 'setIsolation':
      context.transaction.isolation = setting.level;
      return;
    case 'setLockTimeout':
      context.options.lockTimeout = Number(await evaluation.value(setting.milliseconds));
      return context.applyLockTimeout();
    case 'setIdentityInsert': {
      const environment = await context.environment(new Map());
      const table = new Translation(environment).table(setting.table, setting.line);
      context.options.identityInsert = setting.on ? `${table.schema}.${table.name}`.toLowerCase() : undefined;
      return;
    }
    case 'setDateFirst':
      if (Number(await evaluation.value(setting.day)) !== 7)
        throw notSupported('SET DATEFIRST with another day than 7', setting.line);
      return;
    case 'setDateFormat':
      if (setting.format.toLowerCase() !== 'mdy')
        throw notSupported(`SET DATEFORMAT ${setting.format}`, setting.line);
      return;
    case 'setLanguage':
      if (!/^(us_)?english$/i.test(setting.language))
        throw notSupported(`SET LANGUAGE ${setting.language}`, setting.line);
      return;
    case 'setRowCount':
      if (Number(await evaluation.value(setting.rows)) !== 0)
        throw notSupported('SET ROWCOUNT', setting.line);
      return;
    case 'setContextInfo':
      throw notSupported('SET CONTEXT_INFO', setting.line);
    // Which of two waiting sessions PostgreSQL ends is not ours to choose; texts are never cut.
    case 'setDeadlockPriority':
    case 'setTextSize':
      return;
  }
}

function applySwitch(option: string, on: boolean, context: SessionContext, line: number): void {
  if (option === 'NOCOUNT') context.options.noCount = on;
  else if (option === 'XACT_ABORT') context.options.xactAbort = on;
  else if (alwaysOn.includes(option) ? !on : alwaysOff.includes(option) ? on : !harmless.includes(option)) {
    throw notSupported(`SET ${option} ${on ? 'ON' : 'OFF'}`, line);
  }
}
