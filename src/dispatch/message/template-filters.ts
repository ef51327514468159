import { Temporal } from 'temporal-polyfill';

/*
 * The filters that templates have for people in Argentina: 1.234,50 and 02/03/2026. They take the values of queries
 * (numbers, ISO dates) and throw a Spanish sentence for anything else; NULL stays empty.
 */

const locale = 'es-AR';

/** Making one costs more than a hundred uses. There are only so many currencies and digits. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, format);
  return format;
}

/** `{{ total | moneda }}` is $ 1.234,50; `{{ total | moneda: "USD" }}` US$ 1.234,50 (ISO 4217). */
export function moneda(value: unknown, currency: unknown = 'ARS'): string {
  if (isEmpty(value)) return '';
  const code = String(currency).toUpperCase();
  if (!/^[A-Z]{3}$/.test(code)) throw new Error(`moneda: «${shown(currency)}» no es un código de moneda`);
  const format = formatOf(code, { style: 'currency', currency: code });
  return plainSpaces(format.format(numberOf(value, 'moneda')));
}

/** `{{ total | numero }}` is 1.234,5; `{{ total | numero: 2 }}` 1.234,50. */
export function numero(value: unknown, decimals?: unknown): string {
  if (isEmpty(value)) return '';
  const digits = decimals === undefined ? undefined : numberOf(decimals, 'numero');
  if (digits !== undefined && !(Number.isInteger(digits) && digits >= 0 && digits <= 20)) {
    throw new Error('numero: la cantidad de decimales va de 0 a 20');
  }
  const range =
    digits === undefined
      ? { maximumFractionDigits: 20 }
      : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return plainSpaces(formatOf(String(digits), range).format(numberOf(value, 'numero')));
}

const dateForms: Readonly<Record<string, (date: Temporal.PlainDate) => string>> = {
  normal: (date) => `${twoDigits(date.day)}/${twoDigits(date.month)}/${date.year}`,
  corta: (date) => `${twoDigits(date.day)}/${twoDigits(date.month)}`,
  escrita: (date) => date.toLocaleString(locale, { day: 'numeric', month: 'long', year: 'numeric' }),
  larga: (date) =>
    date.toLocaleString(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  mes: (date) => date.toLocaleString(locale, { month: 'long', year: 'numeric' }),
  dia: (date) => date.toLocaleString(locale, { weekday: 'long' }),
};

/** `{{ vence | fecha }}` is 02/03/2026; also "corta", "escrita", "larga", "mes" and "dia". Times with an offset stay in it. */
export function fecha(value: unknown, form: unknown = 'normal'): string {
  if (isEmpty(value)) return '';
  const written = dateForms[String(form)];
  if (written === undefined) {
    throw new Error(`fecha: «${shown(form)}» no es una forma; hay ${Object.keys(dateForms).join(', ')}`);
  }
  const date = read(value, 'fecha', 'una fecha', (text) => Temporal.PlainDate.from(text));
  return plainSpaces(written(date));
}

/** `{{ vence | hora }}` is 12:49; `{{ vence | hora: "segundos" }}` 12:49:05. */
export function hora(value: unknown, form: unknown = 'normal'): string {
  if (isEmpty(value)) return '';
  if (form !== 'normal' && form !== 'segundos') {
    throw new Error(`hora: «${shown(form)}» no es una forma; hay normal, segundos`);
  }
  const time = read(value, 'hora', 'una hora', (text) => Temporal.PlainTime.from(text));
  return time.toString({ smallestUnit: form === 'segundos' ? 'second' : 'minute' });
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

function numberOf(value: unknown, filter: string): number {
  const plain: unknown = typeof value === 'object' && value !== null ? value.valueOf() : value;
  const number = typeof plain === 'string' && plain.trim() !== '' ? Number(plain) : plain;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new Error(`${filter}: «${shown(value)}» no es un número`);
}

function read<T>(value: unknown, filter: string, what: string, from: (text: string) => T): T {
  try {
    return from(String(value));
  } catch (cause) {
    throw new Error(`${filter}: «${shown(value)}» no es ${what} como 2026-03-02 o 2026-03-02T12:49:00`, {
      cause,
    });
  }
}

function shown(value: unknown): string {
  return String(value).slice(0, 40);
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** Intl puts no-break spaces, which would turn an SMS into a twice as expensive one. */
function plainSpaces(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, ' ');
}
