import type { AlertRow } from '../../src/domain/alert.ts';

const nothing: AlertRow = {
  code: '000001',
  tenant: '0001',
  tenantZone: null,
  active: true,
  trigger: 'PERIODICO',
  frequency: null,
  sendTime: null,
  dates: null,
  weekdays: null,
  monthDays: null,
  months: null,
  lastDayOfMonth: false,
  catchUpMinutes: null,
};

/** Alerts as an operator writes them; `more` overrides any column. */
export function daily(sendTime: string, more: Partial<AlertRow> = {}): AlertRow {
  return { ...nothing, frequency: 'DIARIO', sendTime, ...more };
}

export function weekly(weekdays: string, sendTime: string, more: Partial<AlertRow> = {}): AlertRow {
  return { ...nothing, frequency: 'SEMANAL', weekdays, sendTime, ...more };
}

export function monthly(monthDays: string, sendTime: string, more: Partial<AlertRow> = {}): AlertRow {
  return { ...nothing, frequency: 'MENSUAL', monthDays, sendTime, ...more };
}

export function yearly(
  monthDays: string,
  months: string | null,
  sendTime: string,
  more: Partial<AlertRow> = {},
): AlertRow {
  return { ...nothing, frequency: 'ANUAL', monthDays, months, sendTime, ...more };
}

export function listed(dates: string, more: Partial<AlertRow> = {}): AlertRow {
  return { ...nothing, trigger: 'PUNTUAL', dates, ...more };
}
