import type { Temporal } from 'temporal-polyfill';
import type { TimeSettings } from '../../domain/alert.ts';
import { sentenceOf } from '../../domain/config-fault.ts';
import { parseAlert } from '../../domain/parse-alert.ts';
import { sameCode } from '../../domain/same-code.ts';
import type { Finding, Judges } from './finding.ts';
import type { StoredAlert, StoredConfiguration, StoredTenant } from './stored-configuration.ts';

/** A row with what is wrong with it. `table` and `code` are null for a setting of the installation. */
export interface JudgedRow {
  table: string | null;
  code: string | null;
  tenant: string | null;
  /** The alert that the row is. */
  alert: string | null;
  columns: object;
  findings: readonly Finding[];
  since: Temporal.Instant | null;
}

/** Every row in turn, those without findings too. */
export async function* judgedRows(
  { alerts, webhooks, queries, templates, tenants, administrators }: StoredConfiguration,
  judges: Judges,
  settings: TimeSettings,
): AsyncGenerator<JudgedRow> {
  yield* installation({ tenants, administrators }, judges);
  for (const row of administrators)
    yield judged('CT_Alertas_Admin_Emails', String(row.adm_id), row, judges.judgeAdministrator(row), {
      tenant: row.admemp_Cod,
    });
  for (const alert of alerts) if (judges.isOurs(alert.row)) yield* judgedAlert(alert, judges, settings);
  for (const row of tenants)
    yield judged('CT_Empresas', row.emp_Cod, row, await judges.judgeTenant(row), { tenant: row.emp_Cod });
  yield* writableTenants(tenants, judges);
  for (const row of webhooks) yield judged('CT_Alertas_Webhooks', row.whk_Cod, row, judges.judgeWebhook(row));
  for (const row of queries) yield judged('CT_Alertas_Queries', row.qry_Cod, row, judges.judgeQuery(row));
  for (const row of templates)
    yield judged('CT_Alertas_Plantillas', row.pla_Cod, row, judges.judgeTemplate(row));
}

function judged(
  table: string | null,
  code: string | null,
  columns: object,
  findings: readonly Finding[],
  more: Partial<Pick<JudgedRow, 'tenant' | 'alert' | 'since'>> = {},
): JudgedRow {
  return { table, code, columns, findings, tenant: null, alert: null, since: null, ...more };
}

/** A zone that cannot be read is told of the company, with its other columns. */
function* judgedAlert(alert: StoredAlert, judges: Judges, settings: TimeSettings): Generator<JudgedRow> {
  const { row, since } = alert;
  const { code, tenant } = row;
  const unreadable = parseAlert(row, settings)
    .faults.filter(({ column }) => !column.startsWith('emp_'))
    .map((fault): Finding => ({ reason: 'configuracion_invalida', detail: sentenceOf(fault), ...fault }));
  yield judged('CT_Alertas_Config', code, {}, unreadable, { tenant, alert: code, since });
  yield judged('CT_Alertas_Config', code, alert, judges.judgeAlert(alert), { tenant, alert: code });
}

function* writableTenants(tenants: readonly StoredTenant[], judges: Judges): Generator<JudgedRow> {
  const logins = judges.writableLogins();
  for (const row of tenants) {
    const login = logins.get(row.emp_Cod);
    // Of a connection that has been changed nothing is known yet.
    if (login === undefined || login.connection !== (row.emp_Conexion ?? '')) continue;
    const detail = `El usuario de emp_Conexion puede escribir: tiene ${login.rights.join(', ')}.`;
    yield judged('CT_Empresas', row.emp_Cod, row, [{ reason: 'empresa_login_escribe', detail }], {
      tenant: row.emp_Cod,
      since: login.since,
    });
  }
}

/** Settings, and whether anybody would hear of faults. */
function* installation(
  { tenants, administrators }: Pick<StoredConfiguration, 'tenants' | 'administrators'>,
  { settings, judgeAdministrator }: Judges,
): Generator<JudgedRow> {
  for (const finding of settings) yield judged(null, null, {}, [finding]);
  const told = administrators.filter((row) => judgeAdministrator(row).length === 0);
  if (told.some(({ admemp_Cod }) => admemp_Cod === null)) return;
  const heard = new Set(told.map(({ admemp_Cod }) => sameCode(admemp_Cod ?? '')));
  const unheard = tenants.filter(({ emp_Cod }) => !heard.has(sameCode(emp_Cod)));
  const table = 'CT_Alertas_Admin_Emails';
  if (told.length === 0) {
    const detail = 'adm_Activo: no hay ningún administrador activo con una dirección de correo.';
    yield judged(table, null, {}, [{ reason: 'sin_administradores', detail }]);
    return;
  }
  for (const { emp_Cod } of unheard) {
    const detail = `Ningún administrador activo recibe las fallas de la empresa ${emp_Cod}.`;
    const finding: Finding = { reason: 'sin_administradores', detail, column: 'admemp_Cod', value: emp_Cod };
    yield judged(table, null, {}, [finding], { tenant: emp_Cod });
  }
}
