import type { ChannelCode } from '../domain/channel.ts';
import type { TemplateData } from './render-template.ts';

/** whk_Formato: our own event, or the gateway's own shape in whk_Cuerpo. */
export type WebhookFormat = { kind: 'cloudevents' } | { kind: 'plantilla'; body: string };

/** Everything a body is made of. All of it is stored before the first attempt, so that each attempt posts the same bytes. */
export interface DeliveryContent {
  /** msg_Id, lower case: the event's id and the `webhook-id`. */
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

/** The exact text to post. */
export type ComposeBody = (format: WebhookFormat, content: DeliveryContent) => Promise<ComposedBody>;
