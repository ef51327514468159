import { channels, type ChannelCode } from '../../domain/channel.ts';
import { jsonOf } from '../../core/json-of.ts';
import { liquidEngine } from './liquid-engine.ts';
import { columnNames, renderText, scopeOf, textFault, type TemplateData } from './render-template.ts';

/** whk_Formato: our own event, or the gateway's own shape in whk_Cuerpo. */
export type WebhookFormat = { kind: 'cloudevents' } | { kind: 'plantilla'; body: string };

/** Everything a body is made of. All of it is stored before the first attempt, so that each attempt posts the same bytes. */
export interface DeliveryContent {
  /** msg_Uuid: the event's id and the `webhook-id`. */
  webhookId: string;
  executionId: number;
  deliveryId: number;
  channel: ChannelCode;
  /** pla_PlantillaWhatsApp: the name of the gateway's own template. */
  whatsappTemplate: string | null;
  data: TemplateData;
  message: { subject: string | null; text: string };
}

export type ComposedBody =
  { kind: 'composed'; body: string; contentType: string } | { kind: 'invalid'; detail: string };

const json = liquidEngine((text) => JSON.stringify(text).slice(1, -1), { jsonIsRaw: true });

/** The exact text to post: the same content always gives the same bytes. docs/webhook.md has the schema. */
export async function composeBody(format: WebhookFormat, content: DeliveryContent): Promise<ComposedBody> {
  return format.kind === 'cloudevents'
    ? {
        kind: 'composed',
        body: JSON.stringify(eventOf(content)),
        contentType: 'application/cloudevents+json; charset=utf-8',
      }
    : ownShape(format.body, content);
}

export type ComposeBody = typeof composeBody;

/** What is wrong with whk_Cuerpo whatever its data are, in Spanish. */
export function bodyFault(format: WebhookFormat): string | null {
  const fault = format.kind === 'plantilla' ? textFault(json, format.body) : null;
  return fault === null ? null : `whk_Cuerpo: ${fault}`;
}

/** CloudEvents 1.0, structured mode. */
function eventOf({ data, message, channel, ...content }: DeliveryContent): object {
  const { codigo, nombre, contacto } = data.destinatario;
  return {
    specversion: '1.0',
    id: content.webhookId,
    source: `/tenants/${encodeURIComponent(data.empresa.codigo.toWellFormed())}`,
    type: 'vigia.alert.delivery.v1',
    subject: data.alerta.codigo,
    time: data.ocurrencia,
    datacontenttype: 'application/json',
    data: {
      alert: { code: data.alerta.codigo, name: data.alerta.nombre, type: data.alerta.tipo },
      channel: { code: channel, name: channels[channel] },
      tenant: { code: data.empresa.codigo, name: data.empresa.nombre },
      recipient: { code: codigo, name: nombre, [channel === '0002' ? 'email' : 'phone']: contacto },
      message: { subject: message.subject, text: message.text, whatsappTemplate: content.whatsappTemplate },
      occurrence: data.ocurrencia,
      query: {
        columns: data.filas.columns.map(({ name }) => name),
        rows: data.filas.rows,
        truncated: data.filas.truncated,
      },
      executionId: content.executionId,
      deliveryId: content.deliveryId,
      ...(data.prueba && { test: true }),
    },
  };
}

/** whk_Cuerpo: Liquid over the data of templates and the finished message, every value escaped for a JSON text. */
async function ownShape(body: string, content: DeliveryContent): Promise<ComposedBody> {
  const scope = {
    ...scopeOf(content.data),
    canal: { codigo: content.channel, nombre: channels[content.channel] },
    mensaje: { asunto: content.message.subject, texto: content.message.text },
    plantilla_whatsapp: content.whatsappTemplate,
    webhook_id: content.webhookId,
    ejecucion: content.executionId,
    entrega: content.deliveryId,
  };
  const rendered = await renderText(json, body, scope, columnNames(content.data));
  if (rendered.kind === 'invalid') return { kind: 'invalid', detail: `whk_Cuerpo: ${rendered.detail}` };
  if (jsonOf(rendered.text) === undefined) {
    return {
      kind: 'invalid',
      detail: 'whk_Cuerpo: el resultado no es JSON; revise comillas, comas y valores vacíos.',
    };
  }
  return { kind: 'composed', body: rendered.text, contentType: 'application/json; charset=utf-8' };
}
