import { z } from 'zod';
import { isChannelCode, type ChannelCode } from '../../domain/channel.ts';
import type { DeliveryContent, WebhookFormat } from './compose-body.ts';
import type { TemplateData } from './render-template.ts';
import type { QueryRows, Row } from '../prepare/run-query.ts';
import type { TakenDelivery } from '../deliver/take-deliveries.ts';

/** What all deliveries of an execution share. Stored before the first one, so that every attempt posts the same. */
export interface Payload {
  tenant: string;
  webhook: string;
  channel: ChannelCode;
  whatsappTemplate: string | null;
  format: WebhookFormat;
  data: Omit<TemplateData, 'destinatario'>;
  /** plan-fingerprint.ts: what its deliveries were made from. */
  plan?: string;
}

/** Kept rows are cut to this many bytes of JSON. */
export const rowBytes = 64 * 1024;

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const rowsSchema = z.object({
  columns: z.array(z.object({ name: z.string(), scale: z.int().exactOptional() })),
  rows: z.array(z.record(z.string(), cell)),
  truncated: z.boolean(),
});
const schema = z.object({
  tenant: z.string(),
  webhook: z.string(),
  channel: z.string().refine(isChannelCode),
  whatsappTemplate: z.string().nullable(),
  format: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('cloudevents') }),
    z.object({ kind: z.literal('plantilla'), body: z.string() }),
  ]),
  data: z.object({
    alerta: z.object({ codigo: z.string(), nombre: z.string(), tipo: z.string() }),
    empresa: z.object({ codigo: z.string(), nombre: z.string() }),
    ocurrencia: z.string(),
    prueba: z.literal(true).exactOptional(),
    filas: rowsSchema,
  }),
  plan: z.string().exactOptional(),
});

/** For sch_PayloadJson. Only ASCII, because that column is VARCHAR at older customers. */
export function payloadText(payload: Payload): string {
  return asciiJson({ ...payload, data: { ...payload.data, filas: keptRows(payload.data.filas) } });
}

/** Throws when the text is not one of payloadText. */
export function parsePayload(text: string): Payload {
  return schema.parse(JSON.parse(text));
}

/** For msg_FilasJson. */
export function rowsText(rows: QueryRows): string {
  return asciiJson(keptRows(rows));
}

/** Of msg_FilasJson. Throws when the text is not one of rowsText. */
export function rowsOfText(text: string): QueryRows {
  return rowsSchema.parse(JSON.parse(text));
}

/** What one delivery posts: the payload with the delivery's own recipient, message and, where it has them, rows. */
export function contentOf(payload: Payload, executionId: number, delivery: TakenDelivery): DeliveryContent {
  const { person: codigo, personName: nombre, destination: contacto } = delivery;
  const filas = delivery.rows === null ? payload.data.filas : rowsOfText(delivery.rows);
  return {
    webhookId: delivery.webhookId,
    ...(delivery.repeats ?? { executionId, deliveryId: delivery.id }),
    channel: payload.channel,
    whatsappTemplate: payload.whatsappTemplate,
    data: { ...payload.data, filas, destinatario: { codigo, nombre, contacto } },
    message: { subject: delivery.subject, text: delivery.text },
  };
}

/** The first rows that fit what is kept, `truncated` when some did not. */
export function keptRows(rows: QueryRows): QueryRows {
  const kept: Row[] = [];
  let bytes = 0;
  for (const row of rows.rows) {
    bytes += asciiJson(row).length + 1;
    if (bytes > rowBytes) return { ...rows, rows: kept, truncated: true };
    kept.push(row);
  }
  return rows;
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
