import { expect, test } from 'vitest';
import { parseAlert } from '../../../../src/domain/parse-alert.ts';
import { scheduleInWords } from '../../../../src/manage/why/schedule-in-words.ts';
import { daily, listed, monthly, weekly, yearly } from '../../../support/alert-rows.ts';

const settings = { timeZone: 'America/Argentina/Buenos_Aires', weekStartsOn: 'monday' } as const;

test.each([
  [daily('12:49'), 'todos los días a las 12:49', 'every day at 12:49'],
  [daily('12:49:30'), 'todos los días a las 12:49:30', 'every day at 12:49:30'],
  [weekly('1', '09:00'), 'los lunes a las 09:00', 'on Mondays at 09:00'],
  [
    weekly('1,3,6', '09:00'),
    'los lunes, miércoles y sábados a las 09:00',
    'on Mondays, Wednesdays and Saturdays at 09:00',
  ],
  [monthly('1', '09:00'), 'el 1 de cada mes a las 09:00', 'on day 1 of every month at 09:00'],
  [
    monthly('1,15', '09:00'),
    'los días 1 y 15 de cada mes a las 09:00',
    'on days 1 and 15 of every month at 09:00',
  ],
  [
    monthly('31', '09:00', { lastDayOfMonth: true }),
    'el 31 de cada mes (o el último día del mes que no lo tenga) a las 09:00',
    'on day 31 of every month (or the last day of a month that lacks it) at 09:00',
  ],
  [
    yearly('5', '3,10', '09:00'),
    'el 5 de marzo y octubre a las 09:00',
    'on day 5 of March and October at 09:00',
  ],
  [
    yearly('05/03,10/10', null, '09:00'),
    'el 5 de marzo y el 10 de octubre a las 09:00',
    'on day 5 of March and on day 10 of October at 09:00',
  ],
  [
    listed('2026-03-02 09:00, 2026-03-05 10:30'),
    'solo el 02/03/2026 09:00 y 05/03/2026 10:30',
    'only at 2026-03-02 09:00 and 2026-03-05 10:30',
  ],
  [
    listed('2026-03-02 09:00, 2026-03-03 09:00, 2026-03-04 09:00, 2026-03-05 09:00'),
    'en 4 fechas puntuales',
    'at 4 listed times',
  ],
])('%j reads as "%s"', (row, es, en) => {
  const parse = parseAlert(row, settings);
  if (parse.kind === 'invalid') throw new Error('not a schedule');
  expect(scheduleInWords(parse.alert.schedule)).toEqual({ es, en });
});
