import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import type { AlertRow, TimeSettings } from '../../../src/domain/alert.ts';
import type { Occurrence } from '../../../src/domain/occurrence.ts';
import { parseAlert } from '../../../src/domain/parse-alert.ts';
import { nextOccurrence, occurrenceOfKey, occurrencesBetween } from '../../../src/domain/recurrence.ts';
import type { Schedule } from '../../../src/domain/schedule.ts';
import { daily, listed, monthly, weekly, yearly } from '../../support/alert-rows.ts';
import {
  oracleListed,
  oracleOccurrences,
  type OracleOccurrence,
  type OracleRule,
} from './recurrence-oracle.ts';

/** Where clocks were or will be set, the local date of it, and what is special about it. */
const shifts: readonly (readonly [zone: string, date: string])[] = [
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Europe/Dublin', '2026-10-25'],
  // Gaps at midnight: the day begins at 01:00.
  ['America/Sao_Paulo', '2018-11-04'],
  ['America/Asuncion', '2023-10-01'],
  ['America/Santiago', '2026-09-06'],
  ['America/Havana', '2026-03-08'],
  ['Asia/Beirut', '2026-03-29'],
  ['Africa/Cairo', '2014-05-16'],
  ['Africa/Cairo', '2026-04-24'],
  ['Asia/Tehran', '2022-03-22'],
  // Folds at midnight: 23:00 to 24:00 comes twice.
  ['America/Sao_Paulo', '2018-02-17'],
  ['America/Asuncion', '2024-03-23'],
  ['Africa/Cairo', '2026-10-29'],
  ['America/Havana', '2026-11-01'],
  ['Asia/Beirut', '2026-10-24'],
  // Half an hour, two hours, three quarters past, on the evening before, twice in a month.
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Antarctica/Troll', '2026-03-29'],
  ['Antarctica/Troll', '2026-10-25'],
  ['Pacific/Chatham', '2026-09-27'],
  ['America/Nuuk', '2026-03-28'],
  ['Africa/Casablanca', '2018-05-13'],
  ['Africa/Cairo', '2014-07-31'],
  // Days that no calendar of theirs has, and one that came twice.
  ['Pacific/Apia', '2011-12-30'],
  ['Pacific/Kwajalein', '1993-08-21'],
  ['Pacific/Kiritimati', '1994-12-31'],
  ['America/Juneau', '1983-10-30'],
  // New standard times: by half an hour, and by 44 minutes 30 seconds.
  ['America/Caracas', '2007-12-09'],
  ['Asia/Pyongyang', '2018-05-05'],
  ['Africa/Monrovia', '1972-01-07'],
  // None at all.
  ['UTC', '2024-02-29'],
  ['America/Argentina/Buenos_Aires', '2027-12-31'],
];

const two = (n: number): string => String(n).padStart(2, '0');
const number = (min: number, max: number) => fc.integer({ min, max });

const time = fc
  .tuple(
    fc.oneof(number(0, 3), number(22, 23), number(0, 23)),
    fc.oneof(fc.constantFrom(0, 30), number(0, 59)),
    fc.constantFrom(0, 0, 59),
  )
  .map((parts) => parts.map(two).join(':'));

/** As operators write lists: out of order, with repetitions, blanks and a trailing comma. */
const written = fc.tuple(fc.constantFrom(',', ', ', ' , ', ',\t'), fc.constantFrom('', ',', ' ')).map(
  ([comma, end]) =>
    (items: readonly (string | number)[]): string =>
      items.join(comma) + end,
);
const some = (max: number) => fc.array(number(1, max), { minLength: 1, maxLength: 6 });
/** With days that some months lack more often than chance has them. */
const monthDays = fc.oneof(some(31), fc.subarray([1, 28, 29, 30, 31], { minLength: 1 }));
const dated = fc.array(fc.tuple(fc.oneof(number(1, 31), number(29, 31)), number(1, 12)), {
  minLength: 1,
  maxLength: 5,
});

interface Case {
  row: AlertRow;
  weekStartsOn: TimeSettings['weekStartsOn'];
  rule: OracleRule;
}

const week = fc.constantFrom<TimeSettings['weekStartsOn'][]>('monday', 'sunday');

const cases: fc.Arbitrary<Case> = fc.oneof(
  fc.tuple(time, week).map(([at, weekStartsOn]) => ({ row: daily(at), weekStartsOn, rule: { time: at } })),
  fc.tuple(some(7), time, written, week).map(([days, at, list, weekStartsOn]) => ({
    row: weekly(list(days), at),
    weekStartsOn,
    rule: {
      time: at,
      weekdays: weekStartsOn === 'monday' ? days : days.map((day) => [0, 7, 1, 2, 3, 4, 5, 6][day] ?? 0),
    },
  })),
  fc
    .tuple(monthDays, time, fc.boolean(), written, week)
    .map(([days, at, lastDayOfMonth, list, weekStartsOn]) => ({
      row: monthly(list(days), at, { lastDayOfMonth }),
      weekStartsOn,
      rule: { time: at, days: days.map((day) => [day] as const), lastDayOfMonth },
    })),
  fc.tuple(time, week).map(([at, weekStartsOn]) => ({
    row: monthly('', at, { lastDayOfMonth: true }),
    weekStartsOn,
    rule: { time: at, days: [[31] as const], lastDayOfMonth: true },
  })),
  fc
    .tuple(monthDays, some(12), time, fc.boolean(), written, week)
    .map(([days, months, at, lastDayOfMonth, list, weekStartsOn]) => ({
      row: yearly(list(days), list(months), at, { lastDayOfMonth }),
      weekStartsOn,
      rule: { time: at, days: days.map((day) => [day] as const), months, lastDayOfMonth },
    })),
  fc.tuple(some(12), time, written, week).map(([months, at, list, weekStartsOn]) => ({
    row: yearly('', list(months), at, { lastDayOfMonth: true }),
    weekStartsOn,
    rule: { time: at, days: [[31] as const], months, lastDayOfMonth: true },
  })),
  fc
    .tuple(dated, fc.array(number(1, 31), { maxLength: 2 }), some(12), time, fc.boolean(), written, week)
    .map(([dates, plain, months, at, lastDayOfMonth, list, weekStartsOn]) => ({
      row: yearly(
        list([...dates.map(([day, month]) => `${two(day)}/${two(month)}`), ...plain]),
        list(months),
        at,
        { lastDayOfMonth },
      ),
      weekStartsOn,
      rule: {
        time: at,
        days: [
          ...dates,
          ...plain.flatMap((day) => months.map((month): readonly [number, number] => [day, month])),
        ],
        lastDayOfMonth,
      },
    })),
);

/** A window around a shift: of no length, of minutes, across midnight, over months, over a leap year. */
const windows = fc
  .tuple(fc.constantFrom(...shifts), number(-4 * 86_400, 4 * 86_400), number(-4, 4))
  .chain(([[zone, date], seconds, years]) =>
    fc
      .oneof(
        fc.constant(0),
        number(0, 300),
        number(0, 2 * 86_400),
        number(0, 45 * 86_400),
        fc.constantFrom(3_600, 7_200, 86_400, 366 * 86_400),
      )
      .map((length) => {
        const shift = Temporal.PlainDate.from(date).add({ years: length > 86_400 ? years : 0 });
        const from = shift.toZonedDateTime(zone).toInstant().add({ seconds });
        return { zone, from, to: from.add({ seconds: length }) };
      }),
  );

function scheduleOf(row: AlertRow, weekStartsOn: TimeSettings['weekStartsOn']): Schedule | null {
  const parse = parseAlert(row, { timeZone: 'UTC', weekStartsOn });
  return parse.kind === 'valid' && parse.faults.length === 0 ? parse.alert.schedule : null;
}

function asOracle({ key, at }: Occurrence): OracleOccurrence {
  return [key, at.epochMilliseconds];
}

/** Whatever question is put to the rules, and however the window is cut, the answers are the same occurrences. */
function expectSame(
  schedule: Schedule,
  { zone, from, to }: { zone: string; from: Temporal.Instant; to: Temporal.Instant },
  expected: readonly OracleOccurrence[],
): void {
  const found = occurrencesBetween(schedule, zone, from, to);
  expect(found.map(asOracle)).toEqual(expected);
  const next = nextOccurrence(schedule, zone, from);
  if (expected[0] !== undefined) expect(next && asOracle(next)).toEqual(expected[0]);
  else expect(next === null || Temporal.Instant.compare(next.at.toInstant(), to) > 0).toBe(true);

  for (const { key, at } of found.slice(0, 8)) {
    const instant = at.toInstant();
    expect(occurrenceOfKey(schedule, zone, key)?.at.epochNanoseconds).toBe(at.epochNanoseconds);
    const there = found.filter((other) => other.at.epochNanoseconds === at.epochNanoseconds);
    expect(occurrencesBetween(schedule, zone, instant, instant)).toEqual(there);
    const before = occurrencesBetween(schedule, zone, from, instant.subtract({ nanoseconds: 1 }));
    const after = occurrencesBetween(schedule, zone, instant, to);
    expect([...before, ...after].map(asOracle)).toEqual(expected);
  }
}

describe('against an oracle that looks at every single day and asks Intl alone what the clocks show', () => {
  test('every rule, zone and window gives the same occurrences', { timeout: 60_000 }, () => {
    let compared = 0;
    fc.assert(
      fc.property(cases, windows, ({ row, weekStartsOn, rule }, { zone, from, to }) => {
        const expected = oracleOccurrences(rule, zone, from.epochMilliseconds, to.epochMilliseconds);
        const schedule = scheduleOf({ ...row, tenantZone: zone }, weekStartsOn);
        compared += expected.length;
        if (schedule === null) expect(expected).toEqual([]);
        else expectSame(schedule, { zone, from, to }, expected);
      }),
      { numRuns: 600 },
    );
    expect(compared).toBeGreaterThan(1_000);
  });

  test('every listed time fires once, whichever way it is written', { timeout: 60_000 }, () => {
    const styles = [
      (date: string, clock: string) => `${date} ${clock}`,
      (date: string, clock: string) => `${date}T${clock}`,
      (date: string, clock: string) => `${date.split('-').toReversed().join('/')} ${clock}`,
    ];
    const entry = fc.tuple(number(-2 * 86_400, 2 * 86_400), fc.boolean(), number(0, 2));
    fc.assert(
      fc.property(
        fc.constantFrom(...shifts),
        fc.array(entry, { minLength: 1, maxLength: 12 }),
        written,
        number(-86_400, 86_400),
        number(0, 3 * 86_400),
        ([zone, date], entries, list, start, length) => {
          const midnight = Temporal.PlainDate.from(date).toPlainDateTime();
          const walls = entries.map(([seconds, whole]) =>
            midnight
              .add({ seconds: whole ? Math.trunc(seconds / 60) * 60 : seconds })
              .toString({ smallestUnit: 'second' }),
          );
          const texts = walls.map((wall, index) => {
            const clock = wall.endsWith(':00') && index % 2 === 0 ? wall.slice(11, 16) : wall.slice(11);
            return styles[entries[index]?.[2] ?? 0]?.(wall.slice(0, 10), clock) ?? '';
          });
          const schedule = scheduleOf(listed(list([...texts, texts[0] ?? ''])), 'monday');
          if (schedule === null) throw new Error(list(texts));
          const from = midnight.toZonedDateTime('UTC').toInstant().add({ seconds: start });
          const to = from.add({ seconds: length });
          const expected = oracleListed(walls, zone, from.epochMilliseconds, to.epochMilliseconds);
          expectSame(schedule, { zone, from, to }, expected);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('the oracle itself knows what people know of these days', () => {
    const day = (zone: string, date: string, clock: string) => {
      const at = oracleListed([`${date}T${clock}`], zone, -1e15, 1e15)[0]?.[1] ?? 0;
      return new Date(at).toISOString().slice(0, 19);
    };
    expect(day('America/New_York', '2026-03-08', '02:30:00')).toBe('2026-03-08T07:30:00');
    expect(day('America/New_York', '2026-11-01', '01:30:00')).toBe('2026-11-01T05:30:00');
    expect(day('America/Sao_Paulo', '2018-11-04', '00:00:00')).toBe('2018-11-04T03:00:00');
    expect(day('Australia/Lord_Howe', '2026-10-04', '02:15:00')).toBe('2026-10-03T15:45:00');
    expect(day('Pacific/Apia', '2011-12-30', '08:00:00')).toBe('2011-12-30T18:00:00');
  });
});
