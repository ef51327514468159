import type { Alert, AlertRow, TimeSettings } from '../domain/alert.ts';
import { sentencesOf } from '../domain/config-fault.ts';
import { parseAlert } from '../domain/parse-alert.ts';
import { noRow } from './no-row.ts';
import { Problem } from './problem.ts';
import type { FindAlerts } from './routes/list-alerts.ts';

/** The alert with that code. Throws unknown_alert. */
export async function knownAlert(code: string, findAlerts: FindAlerts) {
  const [alert] = await findAlerts({ code, limit: 1 });
  if (alert === undefined) throw noRow('alert', code);
  return alert;
}

/** Throws alert_invalid. */
export function readableAlert(row: AlertRow, settings: TimeSettings): Alert {
  const parse = parseAlert(row, settings);
  if (parse.kind === 'valid') return parse.alert;
  throw new Problem('alert_invalid', sentencesOf(parse.faults));
}
