import { isChannelCode, type ChannelCode } from '../../domain/channel.ts';
import type { Tenant } from '../../domain/tenant.ts';
import type { DispatchPolicy } from '../dispatch-policy.ts';
import { failed, type Obstacle } from '../end/ending.ts';
import type { Configuration, OpenedAlert, TemplateRow } from '../open-execution.ts';
import { readWebhook, type WebhookTarget } from '../webhook/read-webhook.ts';
import type { GetSecret } from '../webhook/webhook-secrets.ts';
import type { RecipientTarget } from './lookup-recipients.ts';
import { readQueryParameters } from './query-parameters.ts';
import type { AlertQuery } from './run-query.ts';

/** A row, or some columns of one, as they are needed; or how they end an execution. */
export type Part<T> = { kind: 'read'; value: T } | { kind: 'fault'; ending: Obstacle };

/** What a preparation is made from, each part read by itself. */
export interface Parts {
  /** The alert with its company. */
  alert: Part<{ alert: OpenedAlert; tenant: Tenant }>;
  channel: Part<ChannelCode>;
  target: Part<RecipientTarget>;
  maxRecipients: Part<number>;
  webhook: Part<WebhookTarget>;
  template: Part<TemplateRow & { body: string }>;
  query: Part<AlertQuery | null>;
}

const standardQuerySeconds = 30;
/** A query may begin at the end of the working time, and must have ended before the host ends the whole process. */
const longestQuerySeconds = 120;

/** In the order in which a fault of theirs counts. */
export function readParts(
  execution: Configuration,
  policy: Pick<DispatchPolicy, 'maxRecipients' | 'requireSecret'>,
  getSecret: GetSecret,
): Parts {
  const { alert, tenant, alertCode, webhook, template } = execution;
  return {
    alert:
      alert === null || tenant === null
        ? misconfigured(`Alerta ${alertCode}: cfgemp_Cod no nombra ninguna empresa.`)
        : read({ alert, tenant }),
    channel: channelOf(alertCode, alert?.channel ?? null),
    target: targetOf(alertCode, alert),
    maxRecipients: mostOf(alertCode, alert?.maxRecipients ?? policy.maxRecipients),
    webhook: webhookOf(readWebhook(webhook, { getSecret, requireSecret: policy.requireSecret })),
    template: template?.body
      ? read({ ...template, body: template.body })
      : fault(failed('sin_plantilla', 'Ninguna plantilla corresponde al tipo y al canal de la alerta.')),
    query: queryOf(execution),
  };
}

function channelOf(alertCode: string, channel: string | null): Part<ChannelCode> {
  if (channel !== null && isChannelCode(channel)) return read(channel);
  return misconfigured(
    `Alerta ${alertCode}: cfgcan_Cod «${channel ?? ''}» no es un canal: use 0001 (WhatsApp), 0002 (e-mail) o 0003 (SMS).`,
  );
}

function targetOf(alertCode: string, alert: OpenedAlert | null): Part<RecipientTarget> {
  const { person, contact, profile } = alert ?? { person: null, contact: null, profile: null };
  if (person) return read({ kind: 'person', person, contact });
  if (profile) return read({ kind: 'profile', profile });
  return misconfigured(`Alerta ${alertCode}: faltan cfgper_Cod y cfgprf_Cod.`);
}

function mostOf(alertCode: string, most: number): Part<number> {
  if (most >= 1) return read(most);
  return misconfigured(`Alerta ${alertCode}: cfg_MaxDestinatarios es ${most}; debe ser 1 o más.`);
}

function webhookOf(reading: ReturnType<typeof readWebhook>): Part<WebhookTarget> {
  return reading.kind === 'unusable' ? fault(reading.ending) : read(reading.target);
}

function queryOf({ query }: Configuration): Part<AlertQuery | null> {
  if (!query?.sql?.trim()) return read(null);
  const given = readQueryParameters(query.parameters);
  if (given.kind === 'invalid') return misconfigured(`Consulta ${query.code}: ${given.detail}`);
  const { sql, omitIfEmpty } = query;
  const timeoutSeconds = query.timeoutSeconds ?? standardQuerySeconds;
  if (timeoutSeconds < 1 || timeoutSeconds > longestQuerySeconds) {
    return misconfigured(
      `Consulta ${query.code}: qry_TimeoutSeg es ${timeoutSeconds}; debe estar entre 1 y ${longestQuerySeconds}.`,
    );
  }
  return read({ sql, parameters: given.parameters, omitIfEmpty, timeoutSeconds });
}

function read<T>(value: T): Part<T> {
  return { kind: 'read', value };
}

function misconfigured(detail: string): Part<never> {
  return fault(failed('configuracion_invalida', detail));
}

function fault(ending: Obstacle): Part<never> {
  return { kind: 'fault', ending };
}
