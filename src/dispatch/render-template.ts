import type { ChannelCode } from '../domain/channel.ts';
import type { QueryRows } from './run-query.ts';

/** A CT_Alertas_Plantillas row. */
export interface MessageTemplate {
  subject: string | null;
  body: string;
}

/** What a template may use, under the names that it uses. The first row's columns are added at top level. */
export interface TemplateData {
  alerta: { codigo: string; nombre: string; tipo: string };
  empresa: { codigo: string; nombre: string };
  /** `contacto`: the phone number or mail address that the delivery goes to. */
  destinatario: { codigo: string; nombre: string; contacto: string };
  /** Local time with its offset: `2026-03-02T12:49:00-03:00`. */
  ocurrencia: string;
  filas: QueryRows;
}

/** `detail`: a Spanish sentence that names the placeholder or the place. */
export type RenderedMessage =
  { kind: 'rendered'; subject: string | null; text: string } | { kind: 'invalid'; detail: string };

/** Values are escaped as HTML for e-mail (not in the subject), and stand as they are for the other channels. */
export type RenderMessage = (
  template: MessageTemplate,
  channel: ChannelCode,
  data: TemplateData,
) => Promise<RenderedMessage>;
