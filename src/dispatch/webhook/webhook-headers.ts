import { z } from 'zod';
import { jsonOf } from '../../core/json-of.ts';
import type { GetSecret } from './webhook-secrets.ts';

export type WebhookHeaders =
  { kind: 'headers'; headers: Readonly<Record<string, string>> } | { kind: 'invalid'; detail: string };

/** Set by the connection, or by us for every call. */
const ours =
  /^(?:host|content-length|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|webhook-.*|x-signature)$/;
const nameForm = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const valueForm = /^[\t\x20-\x7e\x80-\xff]*$/;

const stored = z.record(z.string(), z.string());

/**
 * whk_Cabeceras: a JSON object of names and texts (`env:NAME` takes the value from that setting). Names come back in
 * lower case. Headers that belong to the connection or to the signatures are refused by name; values are never shown.
 */
export function readWebhookHeaders(text: string | null, getSecret: GetSecret): WebhookHeaders {
  if (text === null || text.trim() === '') return { kind: 'headers', headers: {} };
  const parsed = stored.safeParse(jsonOf(text));
  if (!parsed.success) {
    return invalid(
      'whk_Cabeceras debe ser un objeto JSON de nombres y textos, como {"Authorization": "Bearer …"}.',
    );
  }
  const headers: Record<string, string> = {};
  for (const [given, value] of Object.entries(parsed.data)) {
    const name = given.toLowerCase();
    const [, setting] = /^env:(\S+)$/.exec(value) ?? [];
    const actual = setting === undefined ? value : getSecret(setting);
    const shown = `«${given.slice(0, 60)}»`;
    if (!nameForm.test(name)) return invalid(`whk_Cabeceras: ${shown} no es un nombre de cabecera.`);
    if (ours.test(name)) return invalid(`whk_Cabeceras: la cabecera ${shown} la pone el sistema; quítela.`);
    if (name in headers) return invalid(`whk_Cabeceras: la cabecera ${shown} está dos veces.`);
    if (actual === undefined)
      return invalid(`whk_Cabeceras: ${shown} nombra una variable que no está definida.`);
    if (!valueForm.test(actual))
      return invalid(`whk_Cabeceras: el valor de ${shown} tiene caracteres no permitidos.`);
    headers[name] = actual;
  }
  return { kind: 'headers', headers };
}

function invalid(detail: string): WebhookHeaders {
  return { kind: 'invalid', detail };
}
