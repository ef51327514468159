import type { Temporal } from 'temporal-polyfill';
import { isReason, reasons } from '../../domain/reason.ts';
import { reasonSentence, withinSentence } from '../../domain/reason-in-spanish.ts';

/** The same in Spanish, for operators and their customers, and in English. */
export interface Spoken {
  es: string;
  en: string;
}

export function spoken(es: string, en: string): Spoken {
  return { es, en };
}

/** `template` for each language, with the parts in it. */
export function together(parts: readonly Spoken[], separator = ''): Spoken {
  return spoken(parts.map(({ es }) => es).join(separator), parts.map(({ en }) => en).join(separator));
}

/** `el 02/03/2026 a las 12:49`, `on 2026-03-02 at 12:49`; seconds where there are any. */
export function onDayAt(at: Temporal.Instant, zone: string): Spoken {
  const wall = at.toZonedDateTimeISO(zone).toPlainDateTime();
  const day = onDay(wall.toPlainDate());
  const time = timeText(wall.toPlainTime());
  return spoken(`${day.es} a las ${time}`, `${day.en} at ${time}`);
}

/** `el 02/03/2026`, `on 2026-03-02` */
export function onDay(date: Temporal.PlainDate): Spoken {
  return spoken(`el ${dateText(date)}`, `on ${date.toString()}`);
}

/** `02/03/2026 12:49` */
export function momentText(at: Temporal.Instant, zone: string): string {
  return wallText(at.toZonedDateTimeISO(zone).toPlainDateTime());
}

/** `02/03/2026 12:49` */
export function wallText(wall: Temporal.PlainDateTime): string {
  return `${dateText(wall.toPlainDate())} ${timeText(wall.toPlainTime())}`;
}

/** `12:49`, or `12:49:30` */
export function timeText(time: Temporal.PlainTime): string {
  return time.toString({ smallestUnit: time.second === 0 ? 'minute' : 'second' });
}

export function dateText(date: Temporal.PlainDate): string {
  const [year = '', month = '', day = ''] = date.toString().split('-');
  return `${day}/${month}/${year}`;
}

/** A reason as it is stored, `code: sentence`: the sentence in Spanish, the meaning of the code in English. */
export function reasonSpoken(stored: string): Spoken {
  const [code = ''] = stored.split(':');
  const meaning = isReason(code) ? reasons[code] : stored;
  const english = /^[A-Z][a-z]* /.test(meaning)
    ? meaning.charAt(0).toLowerCase() + meaning.slice(1)
    : meaning;
  return spoken(reasonSentence(stored).replace(/\.$/, ''), english.replace(/\.$/, ''));
}

/** Of an execution: what its detail says, else what its reason stands for. */
export function endSpoken(reason: string | null, detail: string | null): Spoken {
  const known = reasonSpoken(reason ?? '');
  return detail === null || detail.trim() === '' ? known : spoken(withinSentence(detail), known.en);
}

/** `a, b y c`; `a, b and c` */
export function listed(words: readonly string[], and: string): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`;
}

const stateWords: Readonly<Record<string, Spoken>> = {
  PENDIENTE: spoken('por salir', 'to go out'),
  EN_PROCESO: spoken('en curso', 'under way'),
  REINTENTO: spoken('por reintentar', 'to be tried again'),
  ENVIADA: spoken('enviada', 'sent'),
  PARCIAL: spoken('enviada en parte', 'sent in part'),
  OMITIDA: spoken('omitida', 'left out'),
  PERDIDA: spoken('perdida', 'missed'),
  CANCELADA: spoken('cancelada', 'cancelled'),
  ERROR: spoken('con error', 'failed'),
  SIN_CONTACTO: spoken('sin contacto', 'without a contact'),
  DUPLICADO: spoken('duplicado', 'a duplicate'),
  RECHAZADO: spoken('rechazado', 'refused'),
  ENVIADO: spoken('aceptado por el webhook', 'accepted by the webhook'),
  ENTREGADO: spoken('entregado', 'delivered'),
  LEIDO: spoken('leído', 'read'),
  RESPONDIDO: spoken('respondido', 'answered'),
  FALLIDO: spoken('no se pudo entregar', 'could not be delivered'),
};

/** sch_Estado or msg_Estado in words that can be read out. */
export function stateSpoken(state: string | null): Spoken {
  return stateWords[state ?? ''] ?? spoken(state ?? '', state ?? '');
}

/** Stored texts name columns of tenants; nobody reads those out to a customer. */
export function readAloud({ es, en }: Spoken): Spoken {
  return spoken(es.replaceAll('Tcon_Celular', 'celular').replaceAll('Tcon_Email', 'correo'), en);
}

/** `1 entrega`, `3 entregas` */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** So much later than planned is worth a word. */
const lateSeconds = 5;

/** ` a las 12:50:10`, when that is more than a few seconds after the planned time; with the day, when it is another one. */
export function lateSpoken(planned: Temporal.PlainDateTime, actual: Temporal.PlainDateTime): Spoken {
  if (planned.until(actual).total('seconds') <= lateSeconds) return spoken('', '');
  const time = timeText(actual.toPlainTime());
  const sameDay = planned.toPlainDate().equals(actual.toPlainDate());
  const day = sameDay ? spoken('', '') : onDay(actual.toPlainDate());
  return spoken(`${day.es} a las ${time}`.trimStart(), `${day.en} at ${time}`.trimStart());
}
