import { sameCode } from '../../domain/same-code.ts';
import { chosenQuery, chosenTemplate, chosenWebhook } from './chosen-rows.ts';
import type { ConfigProblem } from './find-problems.ts';
import type { AlertInUse, StoredConfiguration } from './stored-configuration.ts';

type Place = Pick<ConfigProblem, 'table' | 'code'>;

/** Which active alerts are sent by a row that alerts share; none of another row. */
export function alertsUsing(configuration: StoredConfiguration): (place: Place) => readonly AlertInUse[] {
  const users = new Map<string, AlertInUse[]>();
  const kinds = Map.groupBy(configuration.users, ({ type, channel }) => JSON.stringify([type, channel]));
  for (const alerts of kinds.values()) {
    const [kind] = alerts;
    if (kind === undefined) continue;
    const rows = [
      ['CT_Alertas_Webhooks', chosenWebhook(kind, configuration)?.whk_Cod],
      ['CT_Alertas_Queries', chosenQuery(kind, configuration)?.qry_Cod],
      ['CT_Alertas_Plantillas', chosenTemplate(kind, configuration)?.pla_Cod],
    ] as const;
    for (const [table, code] of rows)
      if (code !== undefined) {
        const key = `${table}/${sameCode(code)}`;
        users.set(key, [...(users.get(key) ?? []), ...alerts]);
      }
  }
  return ({ table, code }) => users.get(`${table}/${sameCode(code ?? '')}`) ?? [];
}

/** Whether a problem is one of the tenant's: of its rows, of all, or of a row that its alerts are sent by. */
export function concernsTenant(
  { table, tenant }: Pick<ConfigProblem, 'table' | 'tenant'>,
  users: readonly AlertInUse[],
  code: string,
): boolean {
  const isIts = (other: string | null) => sameCode(other ?? '') === sameCode(code);
  if (table === null) return true;
  if (table === 'CT_Alertas_Admin_Emails') return tenant === null || isIts(tenant);
  return isIts(tenant) || users.some((alert) => isIts(alert.tenant));
}
