import type { Kysely } from 'kysely';
import { checkTarget } from '../adapters/http/check-target.ts';
import { redactors } from '../adapters/http/known-secrets.ts';
import { readAlertToSend } from '../adapters/mssql/read-alert-to-send.ts';
import { retried } from '../adapters/mssql/retry-conflicts.ts';
import type { ControlSchema } from '../adapters/mssql/schema.ts';
import { fitDelivery } from '../adapters/mssql/store-deliveries.ts';
import type { Config } from '../config.ts';
import type { DispatchPorts } from '../dispatch/dispatch-alert.ts';
import { lookUpRecipients } from '../dispatch/preview/look-up-recipients.ts';
import { previewAlert } from '../dispatch/preview/preview-alert.ts';
import { isOurs } from '../scan/is-ours.ts';

/** A preview asks the tenants' databases by the ways and within the places of the dispatches of its process. */
export function buildPreview(
  ports: DispatchPorts,
  { config, db, country }: { config: Config; db: Kysely<ControlSchema>; country: string },
) {
  const { zone: timeZone, only } = config.alerts;
  const allowed = new Set(config.webhooks.allowedHosts.map((host) => host.toLowerCase()));
  const strikes = redactors();
  const shared = { ...ports, readAlertToSend: retried(readAlertToSend(db, { timeZone, country })) };
  const preview = previewAlert({
    ...shared,
    recordOnly: config.dispatch.mode === 'record',
    fitDelivery,
    strikeBody: (text, { headers, secrets }) => strikes({ url: '', headers, secrets })(text),
    isOurs: (row) => isOurs(row, { only }),
    refusalOfAddress: (url) => {
      const target = checkTarget(url, allowed);
      return target.kind === 'refused' ? target.detail : null;
    },
  });
  return { previewAlert: preview, lookUpRecipients: lookUpRecipients(shared) };
}
