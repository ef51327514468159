import { Temporal } from 'temporal-polyfill';
import { CommandEnd, exitCodes } from './command-end.ts';

const fromToday: Readonly<Record<string, number>> = { hoy: 0, ayer: -1, anteayer: -2, mañana: 1, manana: 1 };

/**
 * A date as operators write it. null: it follows from today, and today is not given. Throws CommandEnd for what is no date.
 */
export function readDate(text: string, today: Temporal.PlainDate | null): Temporal.PlainDate | null {
  const word = text.trim().toLowerCase();
  const days = fromToday[word];
  if (days !== undefined) return today?.add({ days }) ?? null;
  const [, day, month, year] = /^(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?$/.exec(word) ?? [];
  if (day !== undefined && month !== undefined && year === undefined && today === null) return null;
  const iso =
    day === undefined ? word : `${year ?? today?.year}-${month?.padStart(2, '0')}-${day.padStart(2, '0')}`;
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(iso)) return Temporal.PlainDate.from(iso);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new CommandEnd(
    exitCodes.usage,
    `«${text}» no es una fecha: escriba hoy, ayer, mañana, 2026-03-02, 02/03/2026 o 02/03.`,
  );
}
