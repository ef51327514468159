import { createHash } from 'node:crypto';
import type { AlertParse, TimeSettings } from './alert.ts';
import { sentenceOf } from './config-fault.ts';

/** Raise it when a rule of recurrence changes: every alert is then read anew. */
const RULE_VERSION = 1;

/** age_Huella: equal exactly when the alert's occurrences are. 64 hexadecimal digits. */
export function fingerprintOf(parse: AlertParse): string {
  if (parse.kind === 'invalid') {
    return hashOf({ active: parse.active, faults: parse.faults.map(sentenceOf) });
  }
  const { active, zone, schedule } = parse.alert;
  return hashOf({ active, zone, schedule });
}

/** est_HuellaAjustes: what all alerts' times depend on. `only` is ALERTS_ONLY, `timeZoneData` the version of the zones. */
export function settingsFingerprintOf(
  settings: TimeSettings & { only: unknown; timeZoneData: string },
): string {
  const { timeZone, weekStartsOn, only, timeZoneData } = settings;
  return hashOf({ timeZone, weekStartsOn, only, timeZoneData, rules: RULE_VERSION });
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
