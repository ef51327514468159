import { createHash } from 'node:crypto';
import type { Reason } from '../../domain/reason.ts';
import type { ChooseContact } from './choose-contact.ts';
import type { Person } from './lookup-recipients.ts';
import { rowsText } from '../message/payload.ts';
import type { Plan } from './plan-preparation.ts';
import type { RenderMessage } from '../message/render-template.ts';
import type { QueryRows } from './run-query.ts';
import type { NewDelivery, StoredDelivery } from './store-deliveries.ts';

export type Written =
  | { kind: 'delivery'; delivery: NewDelivery }
  | {
      kind: 'invalid';
      reason: Extract<Reason, 'plantilla_invalida' | 'configuracion_invalida'>;
      detail: string;
    };

export interface WriterPorts {
  chooseContact: ChooseContact;
  renderMessage: RenderMessage;
  newId: () => string;
}

/** What a delivery is written from, but for its person and rows. */
type WriterPlan = Pick<Plan, 'tenant' | 'channel' | 'contact' | 'template' | 'perPerson' | 'data'> &
  Partial<Pick<Plan, 'asked'>>;

/** Writes the delivery of one person. The second one with the same destination and text becomes a DUPLICADO. */
export function deliveryWriter(ports: WriterPorts, plan: WriterPlan, stored: readonly StoredDelivery[]) {
  const seen = new Map(stored.map((delivery) => [messageKey(delivery), delivery.person]));

  return async (person: Person, rows: QueryRows): Promise<Written> => {
    const blank = { person: person.code, personName: person.name, webhookId: ports.newId(), rows: null };
    const given = plan.asked?.destination;
    const contact =
      given === undefined
        ? await ports.chooseContact(person, plan.channel, plan.contact, plan.tenant.country)
        : ({ kind: 'usable', destination: given } as const);
    if (contact.kind === 'misconfigured') {
      const detail = `Empresa ${plan.tenant.code}: ${contact.detail}`;
      return { kind: 'invalid', reason: 'configuracion_invalida', detail };
    }
    if (contact.kind === 'unusable') {
      const error = `${contact.reason}: ${contact.detail}`;
      const unsent = { destination: '', subject: null, text: null, state: 'SIN_CONTACTO', error } as const;
      return { kind: 'delivery', delivery: { ...blank, ...unsent } };
    }
    const { destination } = contact;
    const destinatario = { codigo: person.code, nombre: person.name, contacto: destination };
    const data = { ...plan.data, destinatario, filas: rows };
    const message = await ports.renderMessage(plan.template, plan.channel, data);
    if (message.kind === 'invalid') return { ...message, reason: 'plantilla_invalida' };
    const { subject, text } = message;
    const key = messageKey({ destination, subject, text });
    const twin = seen.get(key);
    if (twin === undefined) seen.set(key, person.code);
    const delivery: NewDelivery = {
      ...blank,
      destination,
      subject,
      text,
      rows: plan.perPerson ? rowsText(rows) : null,
      state: twin === undefined ? 'PENDIENTE' : 'DUPLICADO',
      error: twin === undefined ? null : `duplicado: mismo destino y texto que ${twin}.`,
    };
    return { kind: 'delivery', delivery };
  };
}

/** Whoever was named and is not among the recipients: on record, so that nobody takes it for sent. */
export function strangerDelivery(person: string, webhookId: string): NewDelivery {
  const unsent = { destination: '', subject: null, text: null, rows: null, state: 'SIN_CONTACTO' } as const;
  const error = 'sin_destinatarios: No está entre los destinatarios de la alerta.';
  return { person, personName: '', webhookId, ...unsent, error };
}

function messageKey({
  destination,
  subject,
  text,
}: Pick<StoredDelivery, 'destination' | 'subject' | 'text'>): string {
  return createHash('sha256')
    .update(JSON.stringify([destination, subject, text]))
    .digest('base64');
}
