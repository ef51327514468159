import { Option } from 'commander';
import { collect, whole } from './option-values.ts';

// Of lists.
export const alertOption = new Option('--alert <código>', 'solo lo de esta alerta');
export const tenantOption = new Option('--tenant <código>', 'solo lo de esta empresa');
export const reasonOption = new Option('--reason <código>', 'solo lo de este motivo (docs/errors.md)');
export const fromOption = new Option('--from <hora>', 'desde cuándo, como 2026-03-02T12:00:00-03:00');
export const toOption = new Option('--to <hora>', 'hasta cuándo, sin incluirlo');
export const cursorOption = new Option('--cursor <marca>', 'dónde seguir, como lo dice la página anterior');

/** What a list ends with that goes on. */
export function more(next: string | null): string {
  return next === null ? '' : `Hay más: --cursor ${next}\n`;
}

// Of acts.
export const yesOption = new Option('--yes', 'sin preguntar');
export const keyOption = new Option(
  '--idempotency-key <clave>',
  'el mismo pedido con la misma clave se hace una sola vez',
);
export const personsOption = new Option(
  '--person <código>',
  'solo a esta persona; se puede repetir',
).argParser(collect);
export const confirmOption = new Option(
  '--confirm-recipients <cantidad>',
  'hasta tantos destinatarios, aunque el límite sea menor',
).argParser(whole);
