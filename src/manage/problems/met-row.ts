import { isReason, type Reason } from '../../domain/reason.ts';
import { isMended } from './is-mended.ts';
import type { JudgedRow } from './judged-rows.ts';
import { chosenQuery, chosenTemplate, chosenWebhook } from './chosen-rows.ts';
import type { MetFault, StoredConfiguration } from './stored-configuration.ts';

type Place = Pick<JudgedRow, 'table' | 'code' | 'columns'> & { column: string };

/**
 * What only shows when an alert goes out: the row that has to be mended, with what was reported; null = none of ours, or
 * the row shows by itself that it has been mended.
 */
export function metRow(fault: MetFault, configuration: StoredConfiguration): JudgedRow | null {
  const { reason, detail, alert, tenant, since } = fault;
  if (!isReason(reason)) return null;
  const place = places[reason]?.(fault, configuration);
  if (!place) return null;
  const { column, ...row } = place;
  const stored: unknown = Object.entries(row.columns).find(([name]) => name === column)?.[1];
  if (typeof stored === 'string' && isMended(detail, stored)) return null;
  return { ...row, tenant, alert, since, findings: [{ reason, detail, column }] };
}

type PlaceOf = (fault: MetFault, configuration: StoredConfiguration) => Place | null;

const ofQuery: PlaceOf = (fault, configuration) => {
  const query = chosenQuery(fault, configuration);
  return query === undefined
    ? null
    : { table: 'CT_Alertas_Queries', code: query.qry_Cod, columns: query, column: 'qry_Sql' };
};
const ofConnection: PlaceOf = ({ tenant }) => ({
  table: 'CT_Empresas',
  code: tenant,
  columns: {},
  column: 'emp_Conexion',
});
const ofAlert =
  (column: string): PlaceOf =>
  ({ alert }) => ({ table: 'CT_Alertas_Config', code: alert, columns: {}, column });

/** The other reasons are seen in the rows themselves, or lie in none. */
const places: Partial<Record<Reason, PlaceOf>> = {
  consulta_error: ofQuery,
  consulta_tiempo: ofQuery,
  plantilla_invalida: templatePlace,
  empresa_login: ofConnection,
  empresa_es_control: ofConnection,
  empresa_puede_escribir: ofConnection,
  sin_destinatarios: ofAlert('cfgprf_Cod'),
  demasiados_destinatarios: ofAlert('cfg_MaxDestinatarios'),
  correo_administrador: addressPlace,
};

/** An address that no administrator has any more is nobody's problem. */
function addressPlace({ detail }: MetFault, { administrators }: StoredConfiguration): Place | null {
  const row = administrators.find(({ adm_Email }) => detail.includes(`«${adm_Email.trim()}»`));
  return row === undefined
    ? null
    : { table: 'CT_Alertas_Admin_Emails', code: String(row.adm_id), columns: row, column: 'adm_Email' };
}

/** A body of the webhook's own is a template too. */
function templatePlace(fault: MetFault, configuration: StoredConfiguration): Place | null {
  const { detail } = fault;
  if (detail.includes('whk_Cuerpo')) {
    const webhook = chosenWebhook(fault, configuration);
    return webhook === undefined
      ? null
      : { table: 'CT_Alertas_Webhooks', code: webhook.whk_Cod, columns: webhook, column: 'whk_Cuerpo' };
  }
  const template = chosenTemplate(fault, configuration);
  const column = detail.includes('pla_Asunto') ? 'pla_Asunto' : 'pla_Cuerpo';
  return template === undefined
    ? null
    : { table: 'CT_Alertas_Plantillas', code: template.pla_Cod, columns: template, column };
}
