import type { Temporal } from 'temporal-polyfill';
import type { Schedule } from '../../domain/schedule.ts';
import { listed, spoken, timeText, together, wallText, type Spoken } from './spoken.ts';

const weekdays = {
  es: ['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábados', 'domingos'],
  en: ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'],
} as const;
const months = {
  es: [
    ...['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto'],
    ...['septiembre', 'octubre', 'noviembre', 'diciembre'],
  ],
  en: [
    ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August'],
    ...['September', 'October', 'November', 'December'],
  ],
} as const;

/** More listed times than these are counted, not told. */
const mostTold = 3;

/** When an alert fires, as the end of "it goes out …": `los lunes y jueves a las 12:49`. */
export function scheduleInWords(schedule: Schedule): Spoken {
  switch (schedule.kind) {
    case 'daily':
      return at(spoken('todos los días', 'every day'), schedule.time);
    case 'weekly':
      return at(onWeekdays(schedule.weekdays), schedule.time);
    case 'calendar':
      return at(onCalendar(schedule), schedule.time);
    case 'listed':
      return onList(schedule.entries);
  }
}

function at(days: Spoken, time: Temporal.PlainTime): Spoken {
  return spoken(`${days.es} a las ${timeText(time)}`, `${days.en} at ${timeText(time)}`);
}

function onWeekdays(days: readonly number[]): Spoken {
  const es = days.map((day) => weekdays.es[day - 1] ?? '');
  const en = days.map((day) => weekdays.en[day - 1] ?? '');
  return spoken(`los ${listed(es, 'y')}`, `on ${listed(en, 'and')}`);
}

/** Months that have the same days are told together. */
function onCalendar({ daysByMonth, lastDayInstead }: Extract<Schedule, { kind: 'calendar' }>): Spoken {
  const groups = new Map<string, number[]>();
  for (const [month, days] of daysByMonth.entries()) {
    if (days.length === 0) continue;
    const same = days.join(' ');
    groups.set(same, [...(groups.get(same) ?? []), month]);
  }
  const parts = [...groups].map(([days, of]) => inMonths(days.split(' '), of));
  const days = spoken(
    listed(
      parts.map(({ es }) => es),
      'y',
    ),
    listed(
      parts.map(({ en }) => en),
      'and',
    ),
  );
  const instead = spoken(
    ' (o el último día del mes que no lo tenga)',
    ' (or the last day of a month that lacks it)',
  );
  return lastDayInstead ? together([days, instead]) : days;
}

function inMonths(days: readonly string[], of: readonly number[]): Spoken {
  const [theDay, onTheDay] = days.length === 1 ? ['el', 'on day'] : ['los días', 'on days'];
  const inSpanish =
    of.length === 12
      ? 'cada mes'
      : listed(
          of.map((month) => months.es[month] ?? ''),
          'y',
        );
  const inEnglish =
    of.length === 12
      ? 'every month'
      : listed(
          of.map((month) => months.en[month] ?? ''),
          'and',
        );
  return spoken(
    `${theDay} ${listed(days, 'y')} de ${inSpanish}`,
    `${onTheDay} ${listed(days, 'and')} of ${inEnglish}`,
  );
}

function onList(entries: readonly Temporal.PlainDateTime[]): Spoken {
  if (entries.length > mostTold)
    return spoken(`en ${entries.length} fechas puntuales`, `at ${entries.length} listed times`);
  const es = entries.map((entry) => wallText(entry));
  const en = entries.map((entry) => `${entry.toPlainDate().toString()} ${timeText(entry.toPlainTime())}`);
  return spoken(`solo el ${listed(es, 'y')}`, `only at ${listed(en, 'and')}`);
}
