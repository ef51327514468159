import { z } from 'zod';
import { escapeHtml, page, table, timeOfDay } from './page.ts';
import type { ReceivedRequest } from './webhook-receiver.ts';

const shown = 200;
const signatureWords = { valid: 'válida', invalid: 'inválida', unsigned: 'sin firma' } as const;

/** What Vigía's CloudEvents carry for people; other bodies are shown as they are. */
const event = z.object({
  subject: z.string(),
  data: z.object({ recipient: z.object({ name: z.string() }), message: z.object({ text: z.string() }) }),
});

/** The newest requests, and how each gateway answers. */
export function requestsPage(
  received: readonly ReceivedRequest[],
  gateways: Readonly<Record<string, { says: string }>>,
): string {
  const rows = received
    .slice(-shown)
    .toReversed()
    .map((one) => [
      `<a href="/requests/${one.id}">${timeOfDay(one.at)}</a>`,
      `<code>${escapeHtml(one.path)}</code>`,
      status(one),
      signature(one),
      ...message(one.body),
    ]);
  const list =
    rows.length === 0
      ? '<p class="quiet">Todavía no llegó ninguno.</p>'
      : table(['Hora', 'Ruta', 'Respuesta', 'Firma', 'Alerta', 'Para', 'Texto'], rows);
  const answers = Object.entries(gateways).map(([path, { says }]) => [
    `<code>${path}</code>`,
    escapeHtml(says),
  ]);
  return page(
    'Webhooks recibidos',
    `${list}<h2>Qué responde cada ruta</h2>${table(['Ruta', 'Responde'], answers)}`,
    {
      follow: true,
    },
  );
}

export function requestPage(one: ReceivedRequest): string {
  const headers = Object.entries(one.headers).map(([name, value]) => [escapeHtml(name), escapeHtml(value)]);
  return page(
    `${one.method} ${one.path}`,
    `<p><a href="/">← todos</a></p>
<p>${timeOfDay(one.at)}, respuesta ${status(one)}, firma ${signature(one)}</p>
<h2>Cuerpo</h2><pre>${escapeHtml(indented(one.body))}</pre>
<h2>Encabezados</h2>${table(['Nombre', 'Valor'], headers)}`,
  );
}

function message(body: string): [string, string, string] {
  const read = event.safeParse(jsonOf(body));
  if (!read.success) return ['', '', `<pre>${escapeHtml(body.slice(0, 2_000))}</pre>`];
  const { subject, data } = read.data;
  return [
    escapeHtml(subject),
    escapeHtml(data.recipient.name),
    `<pre>${escapeHtml(data.message.text.slice(0, 2_000))}</pre>`,
  ];
}

function status({ status: code }: ReceivedRequest): string {
  return `<span class="${code >= 200 && code < 300 ? 'good' : 'bad'}">${code || 'sin respuesta'}</span>`;
}

function signature({ signature: verdict }: ReceivedRequest): string {
  return `<span class="${verdict === 'valid' ? 'good' : 'bad'}">${signatureWords[verdict]}</span>`;
}

function indented(body: string): string {
  const value = jsonOf(body);
  return value === undefined ? body : JSON.stringify(value, undefined, 2);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
