import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import type { AlertRow } from '../../../src/domain/alert.ts';
import { parseAlert } from '../../../src/domain/parse-alert.ts';
import { occurrencesBetween } from '../../../src/domain/recurrence.ts';
import { decideOccurrences } from '../../../src/scan/decide-occurrences.ts';
import { restartAlert, type AgendaRow } from '../../../src/scan/restart-alert.ts';
import { spanAround } from '../../../src/scan/span.ts';
import { daily, listed, monthly, weekly } from '../../support/alert-rows.ts';
import { scanPolicy } from '../../support/scan-policy.ts';

/** What a scan would store, without a database: the alert's agenda row and the keys recorded so far. */
function agendaOf(row: AlertRow) {
  let agenda: AgendaRow | null = null;
  let lastScan: Temporal.Instant | null = null;
  const recorded: { key: string | null; outcome: string; lateBy: number }[] = [];
  return {
    recorded,
    tick(now: Temporal.Instant): void {
      const span = spanAround(now, scanPolicy);
      if (agenda === null) {
        const restart = restartAlert({ row, agenda }, span, lastScan, scanPolicy);
        if (restart.kind === 'restart') agenda = restart;
      }
      lastScan = now;
      const pointer = agenda?.pointer ?? null;
      if (
        agenda === null ||
        pointer === null ||
        Temporal.Instant.compare(pointer.toInstant(), span.until) > 0
      )
        return;
      const candidate = { alert: row.code, pointer, fingerprint: agenda.fingerprint, row };
      const decision = decideOccurrences(candidate, span, scanPolicy);
      if (decision.kind !== 'decided') throw new Error(decision.kind);
      for (const { key, at, missed } of decision.executions) {
        const lateBy = at.toInstant().until(now).total('minutes');
        recorded.push({ key, outcome: missed?.reason ?? 'due', lateBy });
      }
      agenda = { ...agenda, pointer: decision.next?.at ?? null };
    },
  };
}

const zoned = (tenantZone: string) => ({ tenantZone });

/** Each alert, and when its scans begin: mostly before the clocks of its zone are set. */
const alerts = fc.constantFrom<[AlertRow, string][]>(
  [daily('00:00:00'), '2026-02-20T00:00:00Z'],
  [daily('23:59:30', zoned('America/New_York')), '2026-03-07T00:00:00Z'],
  [daily('02:30:00', { ...zoned('America/New_York'), catchUpMinutes: 0 }), '2026-03-07T00:00:00Z'],
  [daily('01:30:00', zoned('America/New_York')), '2026-10-31T00:00:00Z'],
  [daily('00:00:00', zoned('Africa/Cairo')), '2026-04-22T20:00:00Z'],
  [daily('00:30:00', zoned('America/Santiago')), '2026-09-05T00:00:00Z'],
  [daily('08:00:00', zoned('Pacific/Apia')), '2011-12-29T00:00:00Z'],
  [weekly('1,3,7', '12:49:00', zoned('Asia/Kolkata')), '2026-12-30T00:00:00Z'],
  [
    monthly('1,15,31', '00:01:00', { lastDayOfMonth: true, ...zoned('Australia/Lord_Howe') }),
    '2026-03-30T00:00:00Z',
  ],
  [
    listed(
      '2026-03-07 10:00, 2026-03-07 10:01, 2026-03-08 00:00, 2026-03-08 02:30, 08/03/2026 03:00, 2026-03-08 03:30',
      zoned('America/New_York'),
    ),
    '2026-03-07T00:00:00Z',
  ],
);

/** Seconds between two scans: mostly a minute, at times an outage of up to six days. */
const gaps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 59, max: 61 }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 7_200 }) },
    { weight: 1, arbitrary: fc.integer({ min: 7_200, max: 6 * 86_400 }) },
  ),
  { minLength: 1, maxLength: 60 },
);

test(
  'whenever scans run, every occurrence is decided once, and due exactly when it is not too late',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(alerts, gaps, ([row, begin], seconds) => {
        const agenda = agendaOf(row);
        const start = Temporal.Instant.from(begin);
        let now = start;
        agenda.tick(now);
        for (const gap of seconds) {
          now = now.add({ seconds: gap });
          agenda.tick(now);
        }
        const parse = parseAlert(row, scanPolicy);
        if (parse.kind !== 'valid') throw new Error('unreadable');
        const { schedule, zone, catchUpMinutes } = parse.alert;
        const window = { minutes: scanPolicy.windowMinutes };
        const expected = occurrencesBetween(schedule, zone, start.subtract(window), now.add(window));
        const keys = (from: readonly { key: string | null }[]) =>
          from.map(({ key }) => key ?? '').sort(inOrder);
        expect(keys(agenda.recorded)).toEqual(keys(expected));
        const limit = Math.max(catchUpMinutes ?? scanPolicy.catchUpMinutes, scanPolicy.windowMinutes);
        for (const { outcome, lateBy } of agenda.recorded) {
          expect(lateBy).toBeGreaterThanOrEqual(-scanPolicy.windowMinutes);
          expect(outcome).toBe(lateBy <= limit ? 'due' : 'no_ejecutada');
        }
      }),
      { numRuns: 300 },
    );
  },
);

function inOrder(a: string, b: string): number {
  return a.localeCompare(b);
}
