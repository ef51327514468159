import { Temporal } from 'temporal-polyfill';
import type { AlertRow } from './alert.ts';
import type { ConfigFault } from './config-fault.ts';
import { parseDates } from './parse-dates.ts';
import { parseMonthDays } from './parse-month-days.ts';
import { numbersOf } from './parse-numbers.ts';
import type { IsoWeekday, Schedule } from './schedule.ts';

export type ScheduleParse =
  | { kind: 'valid'; schedule: Schedule; faults: readonly ConfigFault[] }
  | { kind: 'invalid'; faults: readonly ConfigFault[] };

/** Reads the columns of the alert's kind and ignores those of the other kinds. */
export function parseSchedule(row: AlertRow, weekStartsOn: 'monday' | 'sunday'): ScheduleParse {
  switch (codeWord(row.trigger)) {
    case 'PERIODICO':
      return parsePeriodic(row, weekStartsOn);
    case 'PUNTUAL':
      return parseListed(row.dates);
    default:
      return invalid([{ column: 'cfg_TipoDisparo', value: row.trigger, allowed: 'PERIODICO o PUNTUAL' }]);
  }
}

function parseListed(dates: string | null): ScheduleParse {
  const { entries, faults } = parseDates(dates);
  if (entries.length === 0) return invalid(faults);
  return { kind: 'valid', schedule: { kind: 'listed', entries }, faults };
}

function parsePeriodic(row: AlertRow, weekStartsOn: 'monday' | 'sunday'): ScheduleParse {
  const faults: ConfigFault[] = [];
  const time = parseTime(row.sendTime, faults);
  const schedule = parseFrequency(row, time, weekStartsOn, faults);
  return faults.length > 0 ? invalid(faults) : { kind: 'valid', schedule, faults: [] };
}

function parseFrequency(
  row: AlertRow,
  time: Temporal.PlainTime,
  weekStartsOn: 'monday' | 'sunday',
  faults: ConfigFault[],
): Schedule {
  const frequency = codeWord(row.frequency);
  switch (frequency) {
    case 'SEMANAL':
      return { kind: 'weekly', time, weekdays: parseWeekdays(row.weekdays, weekStartsOn, faults) };
    case 'MENSUAL':
    case 'ANUAL': {
      const daysByMonth = parseMonthDays(row, { yearly: frequency === 'ANUAL' }, faults);
      const schedule = { kind: 'calendar' as const, time, daysByMonth, lastDayInstead: row.lastDayOfMonth };
      if (faults.length === 0 && !everOccurs(schedule)) faults.push(neverOccurs(row));
      return schedule;
    }
    case 'DIARIO':
      break;
    default:
      faults.push({
        column: 'cfg_Frecuencia',
        value: row.frequency,
        allowed: 'DIARIO, SEMANAL, MENSUAL o ANUAL',
      });
  }
  return { kind: 'daily', time };
}

function parseWeekdays(
  text: string | null,
  weekStartsOn: 'monday' | 'sunday',
  faults: ConfigFault[],
): readonly IsoWeekday[] {
  const first = weekStartsOn === 'monday' ? 'lunes' : 'domingo';
  const days = numbersOf(text, {
    column: 'cfg_DiasSemana',
    from: 1,
    to: 7,
    allowed: `días de la semana del 1 (${first}) al 7, separados por comas`,
    faults,
  });
  const iso = weekStartsOn === 'monday' ? days : days.map((day) => (day === 1 ? 7 : day - 1));
  return [...iso].sort((a, b) => a - b);
}

function parseTime(text: string | null, faults: ConfigFault[]): Temporal.PlainTime {
  const trimmed = text?.trim() ?? '';
  if (/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(trimmed)) return Temporal.PlainTime.from(trimmed);
  faults.push({ column: 'cfg_HoraEnvio', value: text, allowed: 'una hora entre 00:00:00 y 23:59:59' });
  return new Temporal.PlainTime();
}

/** As the months of a leap year are. */
function everOccurs({ daysByMonth, lastDayInstead }: Extract<Schedule, { kind: 'calendar' }>): boolean {
  return daysByMonth.some((days, index) => {
    const { daysInMonth } = Temporal.PlainYearMonth.from({ year: 2024, month: index + 1 });
    return days.some((day) => lastDayInstead || day <= daysInMonth);
  });
}

function neverOccurs(row: AlertRow): ConfigFault {
  return {
    column: 'cfg_DiasMes',
    value: row.monthDays,
    allowed: 'un día que exista en alguno de sus meses, o cfg_UltimoDiaMes en 1',
  };
}

/** Codes are read as SQL Server compares them: whatever their case, with blanks around them. */
function codeWord(text: string | null): string {
  return text?.trim().toUpperCase() ?? '';
}

function invalid(faults: readonly ConfigFault[]): ScheduleParse {
  return { kind: 'invalid', faults };
}
