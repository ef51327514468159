import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import type { AlertRow } from '../../../src/domain/alert.ts';
import type { ScanPorts } from '../../../src/scan/scan-due-alerts.ts';
import { daily, listed, weekly } from '../../support/alert-rows.ts';
import { scanWorld, type ScanWorld } from '../../support/scan-world.ts';

/*
 * Alerts for 10:00 that are edited by plain SQL at some moment of the scan of 09:58, which is the one that claims them.
 * What comes of it depends on the edit alone, not on the moment.
 */

const day = '2026-03-02';

interface Edit {
  /** Absent: daily at 10:00. */
  before?: AlertRow;
  after: AlertRow;
  outcome: string[];
}

/** Each kind of edit with what comes of the alert, when the edit is seen before the execution was opened. */
const edits: Record<string, Edit> = {
  LATER: { after: daily('12:30:00'), outcome: [`${day} ENVIADA 12:30:00`] },
  SOONER: { after: daily('09:59:30'), outcome: [`${day} ENVIADA 09:59:30`] },
  PAST: { after: daily('09:30:00'), outcome: ['- CANCELADA 10:00:00 alerta_editada'] },
  OTHER: { after: weekly('2', '10:00:00'), outcome: ['- CANCELADA 10:00:00 alerta_editada'] },
  OFF: { after: daily('10:00:00', { active: false }), outcome: ['- CANCELADA 10:00:00 alerta_desactivada'] },
  BROKEN: {
    after: daily('10:00:00', { frequency: 'A VECES' }),
    outcome: ['- CANCELADA 10:00:00 configuracion_invalida'],
  },
  LIST: {
    before: listed(`${day} 10:00, ${day} 12:00`),
    after: listed(`${day} 10:05, ${day} 12:00`),
    outcome: [
      '- CANCELADA 10:00:00 alerta_editada',
      `${day}T10:05:00 ENVIADA 10:05:00`,
      `${day}T12:00:00 ENVIADA 12:00:00`,
    ],
  },
  // Written, but not in a column that time depends on.
  SAME: { after: daily('10:00:00', { catchUpMinutes: 90 }), outcome: [`${day} ENVIADA 10:00:00`] },
};

/** Does the edit at that moment of a scan. */
type Moment = (edit: () => Promise<void>, ports: ScanPorts) => Partial<ScanPorts>;

const before = <Args extends unknown[], Result>(
  edit: () => Promise<void>,
  step: (...args: Args) => Promise<Result>,
) => {
  return async (...args: Args): Promise<Result> => {
    await edit();
    return await step(...args);
  };
};

const unclaimed: [string, Moment][] = [
  ['before the refresh', (edit, ports) => ({ refreshAgenda: before(edit, ports.refreshAgenda) })],
  [
    'between refresh and select',
    (edit, ports) => ({ selectCandidates: before(edit, ports.selectCandidates) }),
  ],
];
const claimed: [string, Moment][] = [
  ['between select and claim', (edit, ports) => ({ claimOccurrences: before(edit, ports.claimOccurrences) })],
  [
    'between claim and enqueue',
    (edit, ports) => ({ enqueueExecutions: before(edit, ports.enqueueExecutions) }),
  ],
  ['after the scan', (edit, ports) => ({ recordCycle: before(edit, ports.recordCycle) })],
];

test.each(unclaimed)('an edit %s counts as if it had always been so', async (_, moment) => {
  const world = await scannedWithEdit(moment, editAll);
  await scanUntil(world, '12:31');
  const expected = linesOf(({ outcome }) => outcome).filter((line) => !line.includes('CANCELADA'));
  expect(await outcomes(world)).toEqual(expected);
});

test.each(claimed)('an edit %s moves or cancels what was claimed', async (_, moment) => {
  const world = await scannedWithEdit(moment, editAll);
  await scanUntil(world, '12:31');
  expect(await outcomes(world)).toEqual(linesOf(({ outcome }) => outcome));
});

test.each([...unclaimed, ...claimed])(
  'an edit %s that is taken back a minute later leaves what was before it, unless it was sent meanwhile',
  async (_, moment) => {
    const world = await scannedWithEdit(moment, editAll);
    await world.clock.moveBy({ minutes: 1 });
    await world.scan();
    for (const [code, { before: row = daily('10:00:00') }] of Object.entries(edits))
      await world.edit({ ...row, code });
    await scanUntil(world, '12:31');
    const sent = (await outcomes(world)).filter((line) => line.includes('ENVIADA'));
    expect(sent).toEqual(
      linesOf(({ before: row, after }) => {
        if (row !== undefined)
          return [`${day}T10:00:00 ENVIADA 10:00:00`, `${day}T12:00:00 ENVIADA 12:00:00`];
        return [`${day} ENVIADA ${after.sendTime === '09:59:30' ? after.sendTime : '10:00:00'}`];
      }),
    );
  },
);

test.each([...unclaimed, ...claimed])(
  'an edit %s whose transaction lasts an hour counts from its end: nothing is lost, nothing goes twice that day',
  async (_, moment) => {
    const [begun, ended] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    let session = Promise.resolve();
    const world = await scannedWithEdit(moment, async (own) => {
      session = own.db.transaction().execute(async (trx) => {
        for (const [code, { after }] of Object.entries(edits)) await own.edit({ ...after, code }, trx);
        begun.resolve(undefined);
        await ended.promise;
      });
      await begun.promise;
    });
    await scanUntil(world, '10:58');
    ended.resolve(undefined);
    await session;
    await scanUntil(world, '12:31');
    const lines = await outcomes(world);
    for (const code of Object.keys(edits)) {
      const own = lines.filter((line) => line.startsWith(code));
      const atTen = own.filter((line) => / (ENVIADA 10:00:00|PERDIDA 10:00:00 editada_en_corte)$/.test(line));
      expect(atTen, code).toHaveLength(1);
      const sent = own.filter(
        (line) => line.includes(`${day} ENVIADA`) || line.includes('T10:00:00 ENVIADA'),
      );
      expect(sent.length, code).toBeLessThanOrEqual(1);
    }
    expect(lines).toContain(`LIST ${day}T12:00:00 ENVIADA 12:00:00`);
  },
);

test.each([
  [
    'cancelled',
    sql`sch_Estado = 'CANCELADA', sch_Motivo = 'alerta_editada', sch_Clave = NULL, sch_Revisar = NULL`,
  ],
  ['moved', sql`sch_Ocurrencia = '2026-03-02T12:30:00-03:00', sch_Revisar = '2026-03-02T12:59:59'`],
])(
  'what an opening has %s for an edit that no scan saw, because it was taken back, is sent after all',
  async (_, done) => {
    const world = await scanWorld(`${day}T09:58:00-03:00`);
    await world.withAlert(daily('10:00:00'));
    await world.scan();
    await world.clock.moveTo(`${day}T09:59:00-03:00`);
    await world.scan();
    await world.edit(daily('12:30:00'));
    await sql`UPDATE CT_Scheduler_Alertas SET ${done}`.execute(world.db);
    await world.edit(daily('10:00:00'));
    await world.clock.moveTo(`${day}T10:00:00-03:00`);
    await world.scan();
    expect(await world.executions()).toContain(`${day} PENDIENTE - 2026-03-02T13:00:00.000Z`);
    expect(world.messages.filter((message) => message.endsWith('@2026-03-02T12:59:55Z'))).toHaveLength(2);
    expect(await world.pointer()).toBe('2026-03-03T13:00:00.000Z');
  },
);

/** The scan of 09:58, with the edit at that moment of it. */
async function scannedWithEdit(
  moment: Moment,
  edit: (world: ScanWorld) => Promise<void>,
): Promise<ScanWorld> {
  const world = await scanWorld(`${day}T09:50:00-03:00`);
  for (const [code, { before: row = daily('10:00:00') }] of Object.entries(edits))
    await world.withAlert({ ...row, code });
  await world.scan();
  await world.clock.moveTo(`${day}T09:58:00-03:00`);
  let times = 0;
  const once = async () => {
    if (times++ === 0) await edit(world);
  };
  expect(await world.scanWith(moment(once, world.portsOver({})))).toMatchObject({ failures: [] });
  expect(times).toBeGreaterThan(0);
  return world;
}

async function editAll(world: ScanWorld): Promise<void> {
  for (const [code, { after }] of Object.entries(edits)) await world.edit({ ...after, code });
}

/** Scans at these minutes as far as then; what was due before each of them has been sent. */
async function scanUntil(world: ScanWorld, end: string): Promise<void> {
  for (const minute of [
    '09:59',
    '10:00',
    '10:01',
    '10:04',
    '10:30',
    '10:58',
    '11:59',
    '12:01',
    '12:29',
    '12:31',
  ]) {
    const at = Temporal.Instant.from(`${day}T${minute}:00-03:00`);
    if (minute > end || Temporal.Instant.compare(at, world.clock.now()) <= 0) continue;
    await world.clock.moveTo(at.toString());
    await sql`
      UPDATE CT_Scheduler_Alertas SET sch_Estado = 'ENVIADA', sch_Revisar = NULL
      WHERE sch_Estado = 'PENDIENTE' AND sch_Ocurrencia < CAST(${`${day}T${minute}:00-03:00`} AS DATETIMEOFFSET(0))`.execute(
      world.db,
    );
    expect(await world.scan()).toMatchObject({ failures: [] });
  }
}

/** `alert key state time reason`, in order. */
async function outcomes(world: ScanWorld): Promise<string[]> {
  const { rows } = await sql<{
    alert: string;
    clave: string | null;
    estado: string;
    motivo: string | null;
    at: Date;
  }>`
    SELECT schcfg_Cod AS alert, sch_Clave AS clave, sch_Estado AS estado, sch_Motivo AS motivo, sch_Ocurrencia AS at
    FROM CT_Scheduler_Alertas`.execute(world.db);
  return rows
    .map(({ alert, clave, estado, motivo, at }) => {
      const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO('-03:00');
      const time = local.toPlainTime().toString({ smallestUnit: 'second' });
      return [alert, clave ?? '-', estado, time, ...(motivo === null ? [] : [motivo])].join(' ');
    })
    .toSorted();
}

function linesOf(lines: (edit: Edit) => readonly string[]): string[] {
  return Object.entries(edits)
    .flatMap(([code, edit]) => lines(edit).map((line) => `${code} ${line}`))
    .toSorted();
}
