import { composeCall, type CallJob } from '../deliver/compose-call.ts';
import { failed, type Obstacle } from '../end/ending.ts';
import type { ComposeBody } from '../message/compose-body.ts';
import { parsePayload, payloadText, rowsOfText } from '../message/payload.ts';
import { endingOf } from '../prepare/find-recipients.ts';
import type { Person } from '../prepare/lookup-recipients.ts';
import { payloadOf } from '../prepare/payload-of.ts';
import type { Plan } from '../prepare/plan-preparation.ts';
import type { Parts } from '../prepare/read-parts.ts';
import { rowsFor } from '../prepare/read-rows.ts';
import type { QueryRows, RunQuery } from '../prepare/run-query.ts';
import type { NewDelivery } from '../prepare/store-deliveries.ts';
import { deliveryWriter, type Written, type WriterPorts } from '../prepare/write-delivery.ts';
import type { WebhookTarget } from '../webhook/read-webhook.ts';
import type { Audience } from './gather-audience.ts';
import type { PreviewedDelivery, PreviewedRows } from './preview.ts';

export interface PreviewerPorts extends Omit<WriterPorts, 'newId'> {
  runQuery: RunQuery;
  composeBody: ComposeBody;
  /** As its columns hold it: what is posted is what was kept. */
  fitDelivery: (delivery: NewDelivery) => NewDelivery;
  /** What a body repeats of the webhook's secrets and header values is not shown. */
  strikeBody: (text: string, webhook: Pick<WebhookTarget, 'headers' | 'secrets'>) => string;
}

interface PreviewerJob {
  parts: Parts;
  plan: Plan | null;
  audience: Audience;
  signal: AbortSignal;
}

export interface DeliveryPreview {
  /** null: the database gave no answer, and would give the others none. */
  delivery: PreviewedDelivery | null;
  /** What ends the whole execution. */
  obstacle: Obstacle | null;
}

/** For what is given when it is sent: msg_Uuid, sch_id, msg_id. */
const nil = { uuid: '00000000-0000-0000-0000-000000000000', id: 0 };

/**
 * Previews one delivery after the other, as they would be written; a body is composed for the shown ones, and for the first
 * that would go out: one that cannot be composed ends the execution.
 */
export function deliveryPreviewer(ports: PreviewerPorts, job: PreviewerJob) {
  const { asked, shared } = job.audience;
  const write = writerOf(ports, job);
  const call = callJobOf(job);
  let composed = false;

  return async (person: Person, isShown: boolean): Promise<DeliveryPreview> => {
    const blank = undecided(person);
    if (asked === null || shared === null || write === null)
      return { delivery: await reach(ports, job, person, blank), obstacle: null };
    const rows = await rowsFor(ports.runQuery, asked, { person, shared }, job.signal);
    if (rows.kind === 'none') return { delivery: withoutRows(blank), obstacle: null };
    if (rows.kind !== 'answer') return { delivery: null, obstacle: endingOf(rows) };
    const written = await write(person, rows.value);
    if (written.kind === 'invalid') return faulty(blank, written, true);
    const kept = ports.fitDelivery(written.delivery);
    const delivery = shown(blank, kept);
    if (delivery.outcome !== 'deliver' || call === null || (composed && !isShown))
      return { delivery, obstacle: null };
    const isFirst = !composed;
    composed = true;
    const taken = { ...kept, id: nil.id, text: kept.text ?? '', attempts: 0 };
    const posted = await composeCall(ports.composeBody, call, taken);
    if (posted.kind === 'invalid')
      return faulty(delivery, { reason: 'plantilla_invalida', detail: posted.detail }, isFirst);
    const { contentType, body } = posted.call;
    const text = ports.strikeBody(body, call.target);
    return { delivery: { ...delivery, body: { contentType, text } }, obstacle: null };
  };
}

/** null: there is nothing to write texts from. */
function writerOf(
  ports: PreviewerPorts,
  { parts: { channel, template }, audience: { asked } }: PreviewerJob,
) {
  if (asked === null || channel.kind === 'fault' || template.kind === 'fault') return null;
  const { subject, body } = template.value;
  const plan = { ...asked, channel: channel.value, template: { subject, body } };
  return deliveryWriter({ ...ports, newId: () => nil.uuid }, plan, []);
}

/** With the rows as they would be kept: the webhook carries exactly those. */
function callJobOf({ plan, audience: { shared } }: PreviewerJob): CallJob | null {
  if (plan === null || shared === null) return null;
  const payload = parsePayload(payloadText(payloadOf(plan, shared)));
  return { executionId: nil.id, tenant: plan.tenant, payload, target: plan.webhook };
}

/** No text can be written: the contact alone is looked at. */
async function reach(
  { chooseContact }: PreviewerPorts,
  { parts: { alert, channel } }: PreviewerJob,
  person: Person,
  blank: PreviewedDelivery,
): Promise<PreviewedDelivery> {
  if (alert.kind === 'fault' || channel.kind === 'fault') return blank;
  const { tenant, alert: row } = alert.value;
  const contact = await chooseContact(person, channel.value, row.contact, tenant.country);
  switch (contact.kind) {
    case 'usable':
      return { ...blank, destination: contact.destination };
    case 'unusable':
      return { ...blank, outcome: 'no_contact', reason: contact.reason, detail: contact.detail };
    case 'misconfigured':
      return { ...blank, detail: contact.detail };
  }
}

function undecided({ code, name }: Person): PreviewedDelivery {
  const nothing = { destination: null, reason: null, detail: null, subject: null, text: null, rows: null };
  return { person: code, name, outcome: 'undecided', ...nothing, body: null };
}

function withoutRows(blank: PreviewedDelivery): PreviewedDelivery {
  return {
    ...blank,
    outcome: 'no_rows',
    reason: 'sin_filas',
    detail: 'La consulta no dio filas para esta persona.',
  };
}

function faulty(
  delivery: PreviewedDelivery,
  { reason, detail }: Pick<Extract<Written, { kind: 'invalid' }>, 'reason' | 'detail'>,
  endsAll: boolean,
): DeliveryPreview {
  return {
    delivery: { ...delivery, outcome: 'fault', reason, detail },
    obstacle: endsAll ? failed(reason, detail) : null,
  };
}

const outcomes = { PENDIENTE: 'deliver', SIN_CONTACTO: 'no_contact', DUPLICADO: 'duplicate' } as const;

function shown(blank: PreviewedDelivery, kept: NewDelivery): PreviewedDelivery {
  const { personName: name, destination, state, subject, text, rows, error } = kept;
  const [, reason = null, detail = null] = /^(\w+): (.*)$/s.exec(error ?? '') ?? [];
  return {
    ...blank,
    name,
    destination: destination === '' ? null : destination,
    outcome: outcomes[state],
    reason,
    detail,
    subject,
    text,
    rows: rows === null ? null : shownRows(rowsOfText(rows)),
  };
}

export function shownRows({ columns, rows, truncated }: QueryRows): PreviewedRows {
  return { columns: columns.map(({ name }) => name), rows: [...rows], truncated };
}
