import { Temporal } from 'temporal-polyfill';
import type { ChannelCode } from '../../domain/channel.ts';
import type { ExecutionRequest } from '../../domain/execution-request.ts';
import { usesParameter } from '../../domain/read-only-sql.ts';
import type { Tenant } from '../../domain/tenant.ts';
import type { DispatchPolicy } from '../dispatch-policy.ts';
import type { Ending } from '../end/ending.ts';
import type { MessageTemplate, TemplateData } from '../message/render-template.ts';
import type { Configuration, OpenedAlert, OpenedExecution } from '../open-execution.ts';
import type { WebhookTarget } from '../webhook/read-webhook.ts';
import type { GetSecret } from '../webhook/webhook-secrets.ts';
import type { RecipientTarget } from './lookup-recipients.ts';
import { readParts, type Parts } from './read-parts.ts';
import type { AlertQuery, BuiltinParameters } from './run-query.ts';

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
  /** By an operator: for whom it is, and where it goes instead. */
  asked: Pick<ExecutionRequest, 'persons' | 'destination'>;
}

export type Planning = { kind: 'plan'; plan: Plan } | { kind: 'end'; ending: Ending };

export type ToPlan = Configuration & Pick<OpenedExecution, 'instant'>;

/** Reads the rows that an alert is made of. The first that is missing or cannot be read ends the execution. */
export function planPreparation(
  execution: ToPlan & Pick<OpenedExecution, 'request'>,
  policy: Pick<DispatchPolicy, 'maxRecipients' | 'requireSecret'>,
  getSecret: GetSecret,
): Planning {
  const parts = readParts(execution, policy, getSecret);
  const { request } = execution;
  if (request === null || request === 'unreadable') return planOf(execution, parts);
  const { occurrence } = request;
  const instant = occurrence === undefined ? execution.instant : Temporal.Instant.from(occurrence);
  const planning = planOf({ ...execution, instant }, parts);
  return planning.kind === 'end' ? planning : { kind: 'plan', plan: asAsked(planning.plan, request) };
}

function asAsked(plan: Plan, { persons, destination, confirmRecipients = 0 }: ExecutionRequest): Plan {
  return {
    ...plan,
    maxRecipients: Math.max(plan.maxRecipients, confirmRecipients),
    data: { ...plan.data, ...(destination !== undefined && { prueba: true }) },
    asked: { ...(persons && { persons }), ...(destination !== undefined && { destination }) },
  };
}

export function planOf(execution: ToPlan, parts: Parts): Planning {
  const { alert, channel, target, maxRecipients, webhook, template, query } = parts;
  if (alert.kind === 'fault') return end(alert);
  if (channel.kind === 'fault') return end(channel);
  if (target.kind === 'fault') return end(target);
  if (maxRecipients.kind === 'fault') return end(maxRecipients);
  if (webhook.kind === 'fault') return end(webhook);
  if (template.kind === 'fault') return end(template);
  if (query.kind === 'fault') return end(query);
  const { subject, body, whatsappTemplate } = template.value;
  const plan: Plan = {
    ...sharedPlan(execution, alert.value),
    ...queryPlan(query.value),
    channel: channel.value,
    target: target.value,
    maxRecipients: maxRecipients.value,
    template: { subject, body },
    whatsappTemplate,
    webhook: webhook.value,
    asked: {},
  };
  return { kind: 'plan', plan };
}

/** What follows from the alert and its company alone. */
export function sharedPlan(
  { alertCode, instant }: ToPlan,
  { alert, tenant }: { alert: OpenedAlert; tenant: Tenant },
): Pick<Plan, 'tenant' | 'contact' | 'parameters' | 'data'> {
  const local = instant.toZonedDateTimeISO(tenant.zone);
  return {
    tenant,
    contact: alert.contact,
    parameters: parametersOf(alertCode, tenant, alert, local),
    data: {
      alerta: { codigo: alertCode, nombre: alert.name, tipo: alert.typeName ?? alert.type ?? '' },
      empresa: { codigo: tenant.code, nombre: tenant.name },
      ocurrencia: local.toString({ smallestUnit: 'second', timeZoneName: 'never' }),
    },
  };
}

export function queryPlan(query: AlertQuery | null): Pick<Plan, 'query' | 'perPerson'> {
  return { query, perPerson: query !== null && usesParameter(query.sql, '@persona') };
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

function end({ ending }: { ending: Ending }): Planning {
  return { kind: 'end', ending };
}
