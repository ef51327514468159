import { LiquidError, type Liquid } from 'liquidjs';
import type { ChannelCode } from '../../domain/channel.ts';
import { Decimal, liquidEngine } from './liquid-engine.ts';
import { parseLiquid, renderLiquid } from './render-liquid.ts';
import type { Column, QueryRows, Row } from '../prepare/run-query.ts';

/** A CT_Alertas_Plantillas row. */
export interface MessageTemplate {
  subject: string | null;
  body: string;
}

/** What a template may use, under the names that it uses. docs/templates.md tells operators. */
export interface TemplateData {
  alerta: { codigo: string; nombre: string; tipo: string };
  empresa: { codigo: string; nombre: string };
  /** `contacto`: the phone number or mail address that the delivery goes to. */
  destinatario: { codigo: string; nombre: string; contacto: string };
  /** Local time with its offset: `2026-03-02T12:49:00-03:00`. */
  ocurrencia: string;
  /** Only of a trial. */
  prueba?: true;
  filas: QueryRows;
}

/** `detail`: a Spanish sentence that names the placeholder or the place. */
export type RenderedMessage =
  { kind: 'rendered'; subject: string | null; text: string } | { kind: 'invalid'; detail: string };

export type RenderedText = { kind: 'text'; text: string } | { kind: 'invalid'; detail: string };

const plain = liquidEngine((text) => text);
const html = liquidEngine(escapeHtml);

/** Values are escaped as HTML in the body of an e-mail, and stand as they are in subjects and the other channels. */
export async function renderMessage(
  template: MessageTemplate,
  channel: ChannelCode,
  data: TemplateData,
): Promise<RenderedMessage> {
  const scope = scopeOf(data);
  const columns = columnNames(data);
  const body = await renderText(channel === '0002' ? html : plain, template.body, scope, columns);
  if (body.kind === 'invalid') return { kind: 'invalid', detail: `pla_Cuerpo: ${body.detail}` };
  if (template.subject === null) return { kind: 'rendered', subject: null, text: body.text };
  const subject = await renderText(plain, template.subject, scope, columns);
  if (subject.kind === 'invalid') return { kind: 'invalid', detail: `pla_Asunto: ${subject.detail}` };
  return { kind: 'rendered', subject: oneLine(subject.text), text: body.text };
}

export type RenderMessage = typeof renderMessage;

/** Renders one text; what is wrong with it is told in Spanish. */
export async function renderText(
  engine: Liquid,
  source: string,
  scope: object,
  columns: ReadonlySet<string>,
): Promise<RenderedText> {
  try {
    return { kind: 'text', text: await renderLiquid(engine, source, scope, columns) };
  } catch (error) {
    return { kind: 'invalid', detail: explained(error, scope) };
  }
}

/** What is wrong with a template whatever its data are, in Spanish. */
export function templateFaults({ subject, body }: MessageTemplate): string[] {
  const faults = { pla_Cuerpo: textFault(html, body), pla_Asunto: textFault(plain, subject ?? '') };
  return Object.entries(faults).flatMap(([column, fault]) => (fault === null ? [] : [`${column}: ${fault}`]));
}

/** The same of one text. */
export function textFault(engine: Liquid, source: string): string | null {
  try {
    parseLiquid(engine, source, new Set());
    return null;
  } catch (error) {
    return explained(error, {});
  }
}

/**
 * The names of templates: the first row's columns at top level, then ours, which no column can take away; but for
 * `prueba`, which is younger than templates that may have such a column.
 */
export function scopeOf({ filas, prueba, ...data }: TemplateData): Record<string, unknown> {
  const rows = filas.rows.map((row) => withDecimals(row, filas.columns));
  const first = rows[0] ?? Object.fromEntries(filas.columns.map(({ name }) => [name, null]));
  return {
    prueba: prueba ?? false,
    ...first,
    ...data,
    fila: first,
    filas: rows,
    filas_cortadas: filas.truncated,
  };
}

export function columnNames({ filas }: TemplateData): ReadonlySet<string> {
  return new Set(filas.columns.map(({ name }) => name));
}

function withDecimals(row: Row, columns: readonly Column[]): Record<string, unknown> {
  return Object.fromEntries(
    columns.map(({ name, scale }) => {
      const value = row[name] ?? null;
      return [name, typeof value === 'number' && scale !== undefined ? new Decimal(value, scale) : value];
    }),
  );
}

/** Liquid's own errors give the line; a name that does not exist is told apart, with those that do. */
function explained(error: unknown, scope: object): string {
  if (!(error instanceof Error)) throw error;
  const place = LiquidError.is(error) ? ` (línea ${error.token.getPosition()[0]})` : '';
  const root = rootOf(error);
  if ('variableName' in root) {
    const known = Object.keys(scope).slice(0, 40).join(', ');
    return `«${String(root.variableName)}» no existe${place}; existen ${known}.`;
  }
  return `${inSpanish(root.message)}${place}.`;
}

/** Liquid's own words for what goes wrong most. */
const liquidWords: readonly (readonly [RegExp, string])[] = [
  [/^undefined filter: (.*)$/, 'el filtro «$1» no existe'],
  [/^tag "(.*)" not found$/, 'la etiqueta «$1» no existe'],
  [/^(?:output|tag|raw) "?(.*?)"? not closed$/s, '«$1» no se cierra'],
  [/^(?:memory alloc limit exceeded|Invalid string length)$/, 'el texto necesita demasiada memoria'],
  [/^Maximum call stack size exceeded$/, 'la plantilla tiene demasiados niveles'],
];

function inSpanish(english: string): string {
  const message = english.replace(/, line:\d+, col:\d+$/, '');
  const [pattern, spanish] = liquidWords.find(([words]) => words.test(message)) ?? [];
  return pattern && spanish ? message.replace(pattern, spanish) : message;
}

function rootOf(error: Error): Error {
  return LiquidError.is(error) && error.originalError ? rootOf(error.originalError) : error;
}

const htmlForms: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => htmlForms[character] ?? character);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
