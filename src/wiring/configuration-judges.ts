import { checkTarget } from '../adapters/http/check-target.ts';
import { readConnection } from '../adapters/tenant-mssql/read-connection.ts';
import type { Config } from '../config.ts';
import { checkReadOnly, parametersOf } from '../domain/read-only-sql.ts';
import { sentenceOf } from '../domain/config-fault.ts';
import { zoneFault } from '../domain/parse-alert.ts';
import { bodyFault } from '../dispatch/message/compose-body.ts';
import { templateFaults } from '../dispatch/message/render-template.ts';
import type { Configuration, OpenedAlert } from '../dispatch/open-execution.ts';
import { countryFault } from '../dispatch/prepare/choose-contact.ts';
import { builtinParameters } from '../dispatch/prepare/query-parameters.ts';
import { readParts, type Part } from '../dispatch/prepare/read-parts.ts';
import { readWebhook } from '../dispatch/webhook/read-webhook.ts';
import type { GetSecret } from '../dispatch/webhook/webhook-secrets.ts';
import type { Finding, Judges } from '../manage/problems/finding.ts';
import type {
  StoredAdministrator,
  StoredAlert,
  StoredQuery,
  StoredTemplate,
  StoredTenant,
  StoredWebhook,
} from '../manage/problems/stored-configuration.ts';
import { addressSentence } from '../poison/report-address.ts';
import { mailAddressesOf } from '../poison/mail-addresses.ts';
import { isOurs } from '../scan/is-ours.ts';
import { findingOfLack } from './finding-of-lack.ts';

export type JudgeSettings = Pick<Config, 'alerts' | 'dispatch' | 'webhooks' | 'lacks'>;

/** Each row is judged by those who read it when an alert goes out. */
export function configurationJudges(
  { alerts, dispatch, webhooks, lacks }: JudgeSettings,
  { getSecret, writableLogins }: { getSecret: GetSecret; writableLogins: Judges['writableLogins'] },
): Judges {
  const policy = { maxRecipients: dispatch.maxRecipients, requireSecret: webhooks.requireSecret };
  const allowedHosts = new Set(webhooks.allowedHosts.map((host) => host.toLowerCase()));
  const partsOf = (configuration: Configuration) => readParts(configuration, policy, getSecret);
  return {
    isOurs: (row) => isOurs(row, alerts),
    judgeAlert: (alert) => judgeAlert(alert, partsOf),
    judgeWebhook: remembered((webhook) => judgeWebhook(webhook, { ...policy, getSecret, allowedHosts })),
    judgeQuery: remembered((query) => judgeQuery(query, partsOf)),
    judgeTemplate: remembered(judgeTemplate),
    judgeTenant: (tenant) => judgeTenant(tenant, getSecret),
    judgeAdministrator,
    writableLogins,
    settings: lacks.map(findingOfLack),
  };
}

const mostRemembered = 5_000;

/** Long texts are not parsed again before they change. */
function remembered<Row extends object>(judge: (row: Row) => readonly Finding[]) {
  const known = new Map<string, readonly Finding[]>();
  return (row: Row): readonly Finding[] => {
    const key = JSON.stringify(row);
    const findings = known.get(key) ?? judge(row);
    if (known.size >= mostRemembered) known.clear();
    known.set(key, findings);
    return findings;
  };
}

type PartsOf = (configuration: Configuration) => ReturnType<typeof readParts>;

/** Nothing to be sent. */
const nothing = {
  alertCode: '',
  alert: null,
  tenant: null,
  webhook: null,
  query: null,
  template: null,
  paused: false,
};

function judgeAlert(stored: StoredAlert, partsOf: PartsOf): Finding[] {
  const { row, hasWebhook, hasTemplate } = stored;
  const alert: OpenedAlert = {
    name: row.code,
    row,
    type: stored.cfgtip_Cod,
    typeName: null,
    channel: stored.cfgcan_Cod,
    person: stored.cfgper_Cod,
    contact: null,
    profile: stored.cfgprf_Cod,
    maxRecipients: stored.cfg_MaxDestinatarios,
  };
  const { channel, target, maxRecipients, webhook, template } = partsOf({
    ...nothing,
    alertCode: row.code,
    alert,
  });
  const missing = [...(hasWebhook ? [] : [webhook]), ...(hasTemplate ? [] : [template])];
  return [
    ...[channel, target, maxRecipients].flatMap((part) => findingsOf(part)),
    ...missing.flatMap((part) => findingsOf(part, 'cfgtip_Cod')),
  ];
}

function judgeWebhook(
  stored: StoredWebhook,
  settings: { getSecret: GetSecret; requireSecret: boolean; allowedHosts: ReadonlySet<string> },
): Finding[] {
  const row = {
    code: stored.whk_Cod,
    url: stored.whk_Url,
    secret: stored.whk_Secreto,
    headers: stored.whk_Cabeceras,
    format: stored.whk_Formato,
    body: stored.whk_Cuerpo,
    timeoutSeconds: stored.whk_TimeoutSeg,
  };
  const reading = readWebhook(row, settings);
  if (reading.kind === 'unusable') return endingFindings(reading.ending);
  const { url, format, secrets } = reading.target;
  const target = checkTarget(url, settings.allowedHosts);
  const body = bodyFault(format);
  return [
    ...(target.kind === 'refused'
      ? [{ reason: 'webhook_direccion', detail: target.detail, column: 'whk_Url' } as const]
      : []),
    ...(body === null ? [] : [{ reason: 'plantilla_invalida', detail: body } as const]),
    ...(secrets.length > 0
      ? []
      : [
          {
            reason: 'webhook_sin_firma',
            detail: `El webhook ${row.code} no tiene whk_Secreto: lo que recibe no va firmado.`,
          } as const,
        ]),
  ];
}

function judgeQuery(stored: StoredQuery, partsOf: PartsOf): Finding[] {
  const row = {
    code: stored.qry_Cod,
    sql: stored.qry_Sql,
    parameters: stored.qry_Parametros,
    omitIfEmpty: false,
    timeoutSeconds: stored.qry_TimeoutSeg,
  };
  const { query } = partsOf({ ...nothing, query: row });
  if (query.kind === 'fault') return findingsOf(query);
  if (query.value === null) return [];
  const { sql, parameters } = query.value;
  const check = checkReadOnly(sql);
  if (check.kind === 'refused')
    return [{ reason: 'consulta_rechazada', detail: check.detail, column: 'qry_Sql' }];
  const given = new Set([...builtinParameters, ...Object.keys(parameters).map((name) => name.toLowerCase())]);
  const unknown = [...parametersOf(sql)].filter((name) => !given.has(name.slice(1)));
  return unknown.map((name) => ({
    reason: 'consulta_error',
    detail: `qry_Sql usa ${name}, que no está en qry_Parametros ni lo da el sistema.`,
  }));
}

function judgeTemplate({ pla_Asunto, pla_Cuerpo }: StoredTemplate): Finding[] {
  const faults = templateFaults({ subject: pla_Asunto, body: pla_Cuerpo ?? '' });
  return faults.map((detail) => ({ reason: 'plantilla_invalida', detail }));
}

async function judgeTenant(
  { emp_Conexion, emp_ZonaHoraria, emp_Pais }: StoredTenant,
  getSecret: GetSecret,
): Promise<Finding[]> {
  const connection = readConnection(emp_Conexion ?? '', getSecret);
  const zone = emp_ZonaHoraria?.trim() ? zoneFault(emp_ZonaHoraria.trim()) : null;
  const country = emp_Pais?.trim() ? await countryFault(emp_Pais.trim()) : null;
  return [
    ...(connection.kind === 'invalid'
      ? [{ reason: 'empresa_conexion_invalida', detail: connection.detail } as const]
      : []),
    ...(zone === null ? [] : [{ reason: 'configuracion_invalida', detail: sentenceOf(zone) } as const]),
    ...(country === null ? [] : [{ reason: 'configuracion_invalida', detail: country } as const]),
  ];
}

function judgeAdministrator({ adm_Email, admemp_Cod }: StoredAdministrator): Finding[] {
  const { unusable } = mailAddressesOf([{ email: adm_Email, name: null, tenant: admemp_Cod }]);
  return unusable.map(({ email }) => ({
    reason: 'correo_administrador',
    detail: addressSentence(email, 'unusable'),
  }));
}

function findingsOf(part: Part<unknown>, column?: string): Finding[] {
  return part.kind === 'fault' ? endingFindings(part.ending, column) : [];
}

function endingFindings(
  ending: { reason: Finding['reason'] | null; detail: string | null },
  column?: string,
): Finding[] {
  const { reason, detail } = ending;
  return reason === null ? [] : [{ reason, detail: detail ?? '', ...(column !== undefined && { column }) }];
}
