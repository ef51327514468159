import type { Temporal } from 'temporal-polyfill';
import { isChannelCode, type ChannelCode } from '../../domain/channel.ts';
import type { Tenant } from '../../domain/tenant.ts';
import type { DispatchPolicy } from '../dispatch-policy.ts';
import { failed, type Ending } from '../end/ending.ts';
import type { RecipientTarget } from './lookup-recipients.ts';
import type { OpenedAlert, OpenedExecution } from '../open-execution.ts';
import { readQueryParameters } from './query-parameters.ts';
import { usesParameter } from '../../domain/read-only-sql.ts';
import { readWebhook, type WebhookTarget } from '../webhook/read-webhook.ts';
import type { MessageTemplate, TemplateData } from '../message/render-template.ts';
import type { AlertQuery, BuiltinParameters } from './run-query.ts';
import type { GetSecret } from '../webhook/webhook-secrets.ts';

/** Everything a preparation needs, read and checked before the tenant is asked anything. */
export interface Plan {
  tenant: Tenant;
  channel: ChannelCode;
  target: RecipientTarget;
  /** cfgcon_Cod: which contact of each person; null = the first usable one. */
  contact: string | null;
  maxRecipients: number;
  query: AlertQuery | null;
  /** The query uses @persona: it runs once per person. */
  perPerson: boolean;
  /** Without a person. */
  parameters: BuiltinParameters;
  template: MessageTemplate;
  whatsappTemplate: string | null;
  webhook: WebhookTarget;
  data: Omit<TemplateData, 'destinatario' | 'filas'>;
}

export type Planning = { kind: 'plan'; plan: Plan } | { kind: 'end'; ending: Ending };

const standardQuerySeconds = 30;
/** A query may begin at the end of the working time, and must have ended before the host ends the whole process. */
const longestQuerySeconds = 120;

/** Reads the rows that an alert is made of. The first that is missing or cannot be read ends the execution. */
export function planPreparation(
  execution: OpenedExecution,
  policy: Pick<DispatchPolicy, 'maxRecipients' | 'requireSecret'>,
  getSecret: GetSecret,
): Planning {
  const { alert, tenant, alertCode } = execution;
  if (alert === null || tenant === null) {
    return end(
      failed('configuracion_invalida', `Alerta ${alertCode}: cfgemp_Cod no nombra ninguna empresa.`),
    );
  }
  const { channel, type } = alert;
  if (channel === null || !isChannelCode(channel)) {
    return end(
      failed(
        'configuracion_invalida',
        `Alerta ${alertCode}: cfgcan_Cod «${channel ?? ''}» no es un canal: use 0001 (WhatsApp), 0002 (e-mail) o 0003 (SMS).`,
      ),
    );
  }
  const target = targetOf(alert);
  if (target === null) {
    return end(failed('configuracion_invalida', `Alerta ${alertCode}: faltan cfgper_Cod y cfgprf_Cod.`));
  }
  const maxRecipients = alert.maxRecipients ?? policy.maxRecipients;
  if (maxRecipients < 1) {
    const detail = `Alerta ${alertCode}: cfg_MaxDestinatarios es ${maxRecipients}; debe ser 1 o más.`;
    return end(failed('configuracion_invalida', detail));
  }
  const reading = readWebhook(execution.webhook, { getSecret, requireSecret: policy.requireSecret });
  if (reading.kind === 'unusable') return end(reading.ending);
  const { template } = execution;
  if (!template?.body) {
    return end(failed('sin_plantilla', 'Ninguna plantilla corresponde al tipo y al canal de la alerta.'));
  }
  const query = queryOf(execution);
  if (query.kind === 'end') return query;
  const local = execution.instant.toZonedDateTimeISO(tenant.zone);
  const plan: Plan = {
    tenant,
    channel,
    target,
    contact: alert.contact,
    maxRecipients,
    query: query.query,
    perPerson: query.query !== null && usesParameter(query.query.sql, '@persona'),
    parameters: parametersOf(alertCode, tenant, alert, local),
    template: { subject: template.subject, body: template.body },
    whatsappTemplate: template.whatsappTemplate,
    webhook: reading.target,
    data: {
      alerta: { codigo: alertCode, nombre: alert.name, tipo: alert.typeName ?? type ?? '' },
      empresa: { codigo: tenant.code, nombre: tenant.name },
      ocurrencia: local.toString({ smallestUnit: 'second', timeZoneName: 'never' }),
    },
  };
  return { kind: 'plan', plan };
}

function targetOf({ person, contact, profile }: OpenedAlert): RecipientTarget | null {
  if (person) return { kind: 'person', person, contact };
  return profile ? { kind: 'profile', profile } : null;
}

function queryOf({
  query,
}: OpenedExecution): { kind: 'query'; query: AlertQuery | null } | Extract<Planning, { kind: 'end' }> {
  if (!query?.sql?.trim()) return { kind: 'query', query: null };
  const given = readQueryParameters(query.parameters);
  if (given.kind === 'invalid')
    return end(failed('configuracion_invalida', `Consulta ${query.code}: ${given.detail}`));
  const { sql, omitIfEmpty } = query;
  const timeoutSeconds = query.timeoutSeconds ?? standardQuerySeconds;
  if (timeoutSeconds < 1 || timeoutSeconds > longestQuerySeconds) {
    const detail = `Consulta ${query.code}: qry_TimeoutSeg es ${timeoutSeconds}; debe estar entre 1 y ${longestQuerySeconds}.`;
    return end(failed('configuracion_invalida', detail));
  }
  return { kind: 'query', query: { sql, parameters: given.parameters, omitIfEmpty, timeoutSeconds } };
}

function parametersOf(
  alerta: string,
  tenant: Tenant,
  alert: OpenedAlert,
  local: Temporal.ZonedDateTime,
): BuiltinParameters {
  const wall = local.toPlainDateTime();
  return {
    empresa: tenant.code,
    alerta,
    fecha: wall.toPlainDate().toString(),
    ocurrencia: wall.toString({ smallestUnit: 'second' }),
    persona: alert.person,
    perfil: alert.profile,
  };
}

function end(ending: Ending): Extract<Planning, { kind: 'end' }> {
  return { kind: 'end', ending };
}
