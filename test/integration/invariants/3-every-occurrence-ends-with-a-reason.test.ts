// Invariant 3: every occurrence ends in exactly one final state with a reason, whatever outages and edits it meets.
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import type { AlertRow } from '../../../src/domain/alert.ts';
import { daily, weekly } from '../../support/alert-rows.ts';
import { scanWorld, type ScanWorld } from '../../support/scan-world.ts';

const start = '2026-03-02T08:00:00-03:00';

describe('after an outage of half a year', () => {
  const halfAYear = Temporal.ZonedDateTime.from('2026-03-02T08:00:00[America/Argentina/Buenos_Aires]').add({
    months: 6,
  });

  test('what an alert missed before the last seven days is one line, and each of those days has its own', async () => {
    const world = await scanWorld(start);
    await world.withAlert(daily('09:00:00'));
    await world.scan();
    await world.clock.moveTo(halfAYear.toInstant().toString());
    expect(await world.scan()).toMatchObject({ claimed: 0, missed: 8, failures: [] });
    expect(await reasonsByDay(world)).toEqual([
      '2026-03-02 PERDIDA corte_largo',
      ...lastWeekBefore(halfAYear, 'no_ejecutada'),
    ]);
    expect(await world.faults()).toHaveLength(8);
  });

  test('an alert that was created in it was seen late', async () => {
    const world = await scanWorld(start);
    await world.scan();
    await world.withAlert(daily('09:00:00'));
    await world.clock.moveTo(halfAYear.toInstant().toString());
    expect(await world.scan()).toMatchObject({ claimed: 0, missed: 8, failures: [] });
    expect(await reasonsByDay(world)).toEqual([
      '2026-03-02 PERDIDA corte_largo',
      ...lastWeekBefore(halfAYear, 'vista_tarde'),
    ]);
  });

  test('one that was edited in it has both on record: its old time, and its new ones', async () => {
    const world = await scanWorld(start);
    await world.withAlert(daily('09:00:00'));
    await world.scan();
    await world.edit(daily('07:00:00'));
    await world.clock.moveTo(halfAYear.toInstant().toString());
    expect(await world.scan()).toMatchObject({ claimed: 0, missed: 9, failures: [] });
    expect(await reasonsByDay(world)).toEqual([
      '2026-03-02 PERDIDA editada_en_corte',
      '2026-03-03 PERDIDA corte_largo',
      ...lastWeekBefore(halfAYear.add({ days: 1 }), 'vista_tarde'),
    ]);
  });
});

const rows = [daily('09:00:00'), daily('09:30:00'), daily('23:59:00'), weekly('1,4', '09:30:00')];
const versions = [...rows, daily('09:00:00', { active: false })];

/** An edit, or none, then so many seconds, then a scan. */
const steps = fc.array(
  fc.record({
    edit: fc.option(fc.constantFrom(...versions), { freq: 3 }),
    seconds: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 50, max: 70 }) },
      { weight: 3, arbitrary: fc.integer({ min: 60, max: 4 * 3_600 }) },
      { weight: 2, arbitrary: fc.integer({ min: 4 * 3_600, max: 60 * 3_600 }) },
      { weight: 1, arbitrary: fc.integer({ min: 7 * 86_400, max: 20 * 86_400 }) },
    ),
  }),
  { minLength: 4, maxLength: 14 },
);

test('whatever outages and edits there are, each occurrence that a scan knew of is on record, and goes once at most', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...rows), steps, async (first, story) => {
      const world = await scanWorld(start);
      await world.withAlert(first);
      await world.scan();
      const known: string[] = [];
      let row = first;
      for (const { edit, seconds } of story) {
        const before = world.clock.now();
        await world.clock.moveBy({ seconds });
        if (edit === null) known.push(...daysOf(row, before, world.clock.now()));
        else await world.edit((row = edit));
        expect(await world.scan()).toMatchObject({ failures: [], finished: true });
        await sendWhatIsDue(world);
      }
      await expectRecords(world, known);
    }),
    { numRuns: 10 },
  );
}, 120_000);

interface ExecutionRecord {
  day: string;
  at: Date;
  estado: string;
  motivo: string | null;
  detalle: string | null;
  revisar: Date | null;
}

/** In the order of their instants. */
async function recordsOf(world: ScanWorld): Promise<ExecutionRecord[]> {
  const { rows: records } = await sql<ExecutionRecord>`
    SELECT CONVERT(VARCHAR(10), sch_Fecha, 23) AS day, sch_Ocurrencia AS at, sch_Estado AS estado, sch_Motivo AS motivo,
      sch_DetalleError AS detalle, sch_Revisar AS revisar
    FROM CT_Scheduler_Alertas ORDER BY sch_Ocurrencia, sch_id`.execute(world.db);
  return records;
}

async function reasonsByDay(world: ScanWorld): Promise<string[]> {
  const records = await recordsOf(world);
  return records.map(({ day, estado, motivo }) => [day, estado, motivo].join(' '));
}

function lastWeekBefore(end: Temporal.ZonedDateTime, reason: string): string[] {
  return [7, 6, 5, 4, 3, 2, 1].map(
    (days) => `${end.subtract({ days }).toPlainDate().toString()} PERDIDA ${reason}`,
  );
}

/** As a dispatch would: all that stands for a time that has come is sent. */
async function sendWhatIsDue(world: ScanWorld): Promise<void> {
  const now = `${world.clock.now().toString({ smallestUnit: 'second' }).slice(0, -1)}+00:00`;
  await sql`
    UPDATE CT_Scheduler_Alertas SET sch_Estado = 'ENVIADA', sch_Revisar = NULL
    WHERE sch_Estado = 'PENDIENTE' AND sch_Ocurrencia <= CAST(${now} AS DATETIMEOFFSET(0))`.execute(world.db);
}

/** The local days on which the row, unedited, had a time after one scan's window and within the next one's, day by day. */
function daysOf(row: AlertRow, before: Temporal.Instant, now: Temporal.Instant): string[] {
  if (!row.active) return [];
  const from = before.add({ minutes: 2 });
  const until = now.add({ minutes: 2 });
  const days: string[] = [];
  for (let day = Temporal.PlainDate.from('2026-03-01'); ; day = day.add({ days: 1 })) {
    const at = Temporal.Instant.from(`${day.toString()}T${row.sendTime}-03:00`);
    if (Temporal.Instant.compare(at, until) > 0) return days;
    const isOne = row.weekdays === null || row.weekdays.split(',').includes(String(day.dayOfWeek));
    if (isOne && Temporal.Instant.compare(at, from) > 0) days.push(day.toString());
  }
}

async function expectRecords(world: ScanWorld, known: readonly string[]): Promise<void> {
  const records = await recordsOf(world);
  const summed = records.flatMap(({ motivo, detalle }) =>
    motivo === 'corte_largo' ? [/ del (\S+) .* al (\S+) /.exec(detalle ?? '')] : [],
  );
  const isSummed = (day: string) =>
    summed.some((range) => isoDay(range?.[1]) <= day && day <= isoDay(range?.[2]));
  const recorded = new Set(records.map(({ day }) => day));
  expect(known.filter((day) => !recorded.has(day) && !isSummed(day))).toEqual([]);
  for (const { estado, motivo, detalle, revisar } of records) {
    if (estado === 'PENDIENTE') expect(revisar).not.toBeNull();
    else expect(revisar).toBeNull();
    if (estado === 'PERDIDA' || estado === 'CANCELADA') expect(motivo && detalle).toBeTruthy();
  }
  const missed = records.filter(({ estado }) => estado === 'PERDIDA').map(({ at }) => at.toISOString());
  expect(missed).toEqual([...new Set(missed)]);
  const sent = records.filter(({ estado }) => estado === 'ENVIADA').map(({ day }) => day);
  expect(sent).toEqual([...new Set(sent)]);
}

/** Of `02/03/2026`. */
function isoDay(written = ''): string {
  return written.split('/').toReversed().join('-');
}
