import { z } from 'zod';
import { jsonOf } from '../../core/json-of.ts';
import type { ParameterValue } from './run-query.ts';

export type QueryParameters =
  | { kind: 'parameters'; parameters: Readonly<Record<string, ParameterValue>> }
  | { kind: 'invalid'; detail: string };

/** What the system gives, without @. */
export const builtinParameters: ReadonlySet<string> = new Set([
  'empresa',
  'alerta',
  'fecha',
  'ocurrencia',
  'persona',
  'perfil',
]);
const nameForm = /^[\p{L}_][\p{L}\p{N}_$#@]{0,126}$/u;
const stored = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** qry_Parametros: a JSON object of names (with or without @) and plain values. */
export function readQueryParameters(text: string | null): QueryParameters {
  if (text === null || text.trim() === '') return { kind: 'parameters', parameters: {} };
  const parsed = stored.safeParse(jsonOf(text));
  if (!parsed.success) {
    return invalid('qry_Parametros debe ser un objeto JSON de nombres y valores simples, como {"dias": 30}.');
  }
  const parameters = new Map<string, ParameterValue>();
  const seen = new Set<string>();
  for (const [given, value] of Object.entries(parsed.data)) {
    const name = given.replace(/^@/, '');
    const shown = `«${given.slice(0, 60)}»`;
    if (!nameForm.test(name)) return invalid(`qry_Parametros: ${shown} no es un nombre de parámetro.`);
    if (builtinParameters.has(name.toLowerCase()))
      return invalid(`qry_Parametros: ${shown} ya lo da el sistema; use otro nombre.`);
    if (seen.has(name.toLowerCase())) return invalid(`qry_Parametros: ${shown} está dos veces.`);
    // JSON holds digits that a number of ours has lost: another value than the one written must not reach the query.
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
      return invalid(
        `qry_Parametros: ${shown} tiene más dígitos de los que admite un número; póngalo entre comillas.`,
      );
    seen.add(name.toLowerCase());
    parameters.set(name, value);
  }
  return { kind: 'parameters', parameters: Object.fromEntries(parameters) };
}

function invalid(detail: string): QueryParameters {
  return { kind: 'invalid', detail };
}
