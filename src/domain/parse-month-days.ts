import type { AlertRow } from './alert.ts';
import type { ConfigFault } from './config-fault.ts';
import { itemsOf, numberIn, numbersOf } from './parse-numbers.ts';
import type { DaysByMonth } from './schedule.ts';

const ALL_MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const LAST_DAY = 31;

/**
 * cfg_DiasMes of MENSUAL and ANUAL. A plain day counts in every month of MENSUAL, in those of cfg_Meses of ANUAL; a day
 * `DD/MM`, of ANUAL alone, names its own month. cfg_UltimoDiaMes without any day means the last day of those months.
 */
export function parseMonthDays(
  row: AlertRow,
  { yearly }: { yearly: boolean },
  faults: ConfigFault[],
): DaysByMonth {
  const items = itemsOf(row.monthDays);
  const dated = yearly ? items.filter((item) => item.includes('/')) : [];
  const plain = items.filter((item) => !dated.includes(item));
  const daysByMonth: number[][] = ALL_MONTHS.map(() => []);

  for (const item of dated) {
    const [day, month] = datedDay(item);
    if (day !== null && month !== null) daysByMonth[month - 1]?.push(day);
    else faults.push({ column: 'cfg_DiasMes', value: item, allowed: 'una fecha DD/MM' });
  }
  if (dated.length === 0 || plain.length > 0) {
    const days = plainDays(row, plain, yearly, faults);
    for (const month of yearly ? monthsOf(row.months, faults) : ALL_MONTHS) {
      daysByMonth[month - 1]?.push(...days);
    }
  }
  return daysByMonth.map((days) => [...new Set(days)].sort((a, b) => a - b));
}

function plainDays(
  row: AlertRow,
  items: readonly string[],
  yearly: boolean,
  faults: ConfigFault[],
): readonly number[] {
  if (items.length === 0 && row.lastDayOfMonth) return [LAST_DAY];
  return numbersOf(items.length === 0 ? row.monthDays : items.join(','), {
    column: 'cfg_DiasMes',
    from: 1,
    to: LAST_DAY,
    allowed: yearly
      ? 'días del 1 al 31 o fechas DD/MM, separados por comas'
      : 'días del 1 al 31, separados por comas',
    faults,
  });
}

function monthsOf(text: string | null, faults: ConfigFault[]): readonly number[] {
  return numbersOf(text, {
    column: 'cfg_Meses',
    from: 1,
    to: 12,
    allowed: 'meses del 1 al 12, separados por comas (o los días de cfg_DiasMes como DD/MM)',
    faults,
  });
}

/** A day that no such month ever has (31/04) is no fault here: cfg_UltimoDiaMes may give it a meaning. */
function datedDay(item: string): [number | null, number | null] {
  const [day = '', month = '', ...rest] = item.split('/', 3);
  if (rest.length > 0) return [null, null];
  return [numberIn(day.trim(), 1, LAST_DAY), numberIn(month.trim(), 1, 12)];
}
