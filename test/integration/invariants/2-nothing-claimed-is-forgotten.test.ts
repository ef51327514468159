// Invariant 2: nothing claimed is forgotten, whatever stops a scan, and even when the message is gone for good.
import { beforeAll, describe, expect, test } from 'vitest';
import { openControlDatabase } from '../../../src/adapters/mssql/control-database.ts';
import { scanDueAlerts } from '../../../src/scan/scan-due-alerts.ts';
import { daily } from '../../support/alert-rows.ts';
import { scanWorld, type ScanWorld } from '../../support/scan-world.ts';
import { sqlFaults } from '../../support/sql-faults.ts';
import { sqlProxy } from '../../support/sql-proxy.ts';
import { afterABadHour, interrupted, outcomeOf, scanOver, type Interruption } from './interrupted-scan.ts';

const at0950 = '2026-03-02T09:50:00-03:00';
const at0958 = '2026-03-02T09:58:00-03:00';
const claimed = '2026-03-02 PENDIENTE - 2026-03-02T13:00:00.000Z';
const fiveBefore = '2026-03-02T12:59:55Z';

describe('a scan that is stopped at any of its calls leaves nothing undone and does nothing twice', () => {
  let expected: Awaited<ReturnType<typeof outcomeOf>>;
  let calls: string[];

  beforeAll(async () => {
    const world = await afterABadHour();
    const whole = interrupted(world);
    await scanOver(world, whole.reach);
    calls = whole.calls;
    expected = await outcomeOf(world);
  });

  test('when nothing stops it, everything ends as it must', () => {
    expect(calls.length).toBeGreaterThan(30);
    expect(expected.executions).toEqual([
      'BROKEN - PERDIDA editada_en_corte 2026-03-02T12:20:00Z final',
      'DUE 2026-03-02 PENDIENTE - 2026-03-02T13:00:00Z enqueued, looked after',
      'ENDED - CANCELADA alerta_desactivada 2026-03-02T12:01:00Z final',
      'GONE - PERDIDA editada_en_corte 2026-03-02T12:20:00Z final',
      'LATE 2026-03-02 PENDIENTE - 2026-03-02T12:40:00Z enqueued, looked after',
      'LIST 2026-03-02T09:10:00 PERDIDA no_ejecutada 2026-03-02T12:10:00Z final',
      'LIST 2026-03-02T10:00:30 PENDIENTE - 2026-03-02T13:00:30Z enqueued, looked after',
      'LOST 2026-03-02 PERDIDA abierta_tarde 2026-03-02T12:01:00Z final',
      'MISSED 2026-03-02 PERDIDA no_ejecutada 2026-03-02T12:30:00Z final',
      'MOVED 2026-03-02 PENDIENTE - 2026-03-02T13:30:00Z enqueued, looked after',
      'NEW 2026-03-02 PERDIDA vista_tarde 2026-03-02T12:30:00Z final',
      'SWEPT 2026-03-02 PENDIENTE - 2026-03-02T12:01:00Z enqueued, looked after',
    ]);
  });

  test.each<[Interruption, RegExp]>([
    ['dies', /^/],
    ['fails', /^/],
    // Within a transaction it is rolled back, as when the call fails.
    [
      'loses its answer',
      /^(message|UPDATE s SET sch_Revisar|UPDATE CT_Scheduler_Estado|INSERT INTO CT_Scheduler_Ciclos)/,
    ],
  ])(
    'when a call %s',
    async (kind, which) => {
      const struck = calls.flatMap((name, index) => (which.test(name) ? [index + 1] : []));
      expect(struck.length).toBeGreaterThan(7);
      for (const at of struck) {
        const world = await afterABadHour();
        await scanOver(world, interrupted(world, { at, kind }).reach);
        expect(await outcomeOf(world), `call ${at}, ${calls[at - 1]}`).toEqual(expected);
      }
    },
    120_000,
  );
});

test('claims whose commit is not answered are enqueued by the next scan, and not made again', async () => {
  const world = await scanWorld(at0950);
  await world.withAlert(daily('10:00:00'));
  await world.scan();
  await world.clock.moveTo(at0958);
  {
    await using faults = sqlFaults(world.connection);
    await faults.add({ kind: 'drop', statement: 'COMMIT', when: 'after', count: 1 });
    expect(await world.scan()).toMatchObject({ claimed: 0, finished: false });
  }
  expect(await world.executions()).toEqual([claimed]);
  expect(world.messages).toEqual([]);
  await world.clock.moveBy({ minutes: 1 });
  expect(await world.scan()).toMatchObject({ claimed: 0, swept: 1, finished: true });
  expect(await world.executions()).toEqual([claimed]);
  expect(visibleTimes(world)).toEqual([fiveBefore]);
});

test('a claim that the control database never answers ends after its time limit, and the next scan makes it', async () => {
  const world = await scanWorld(at0950);
  await world.withAlert(daily('10:00:00'));
  await world.scan();
  await world.clock.moveTo(at0958);
  await using db = openControlDatabase({ connection: world.connection, requestTimeoutMs: 500 });
  await using faults = sqlFaults(world.connection);
  await faults.add({ kind: 'silence', statement: 'UPDATE a SET age_Proxima', count: 1 });
  const scan = scanDueAlerts(world.portsOver({ db }));
  expect(await scan()).toMatchObject({
    claimed: 0,
    finished: false,
    failures: [expect.stringMatching(/^claim: /)],
  });
  await world.clock.moveBy({ minutes: 1 });
  expect(await world.scan()).toMatchObject({ claimed: 1, finished: true, failures: [] });
  expect(await world.executions()).toEqual([claimed]);
});

test.each([
  [1205, 'a deadlock'],
  [1222, 'a lock that is held for long'],
])('claims that meet error %i, %s, are made by the same scan', async (number) => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('10:00:00'));
  await using faults = sqlFaults(world.connection);
  for (const statement of ['INSERT INTO CT_Scheduler_Agenda', 'UPDATE a SET age_Proxima', 'SET sch_Cod'])
    await faults.add({ kind: 'fail', statement, number, message: 'another session won', count: 1 });
  expect(await world.scan()).toMatchObject({ claimed: 1, failures: [], finished: true });
  expect(await world.executions()).toEqual([claimed]);
  expect(visibleTimes(world)).toEqual([fiveBefore]);
});

test('a control database that is away for ten minutes delays what is due, and what may no longer go is recorded', async () => {
  const world = await scanWorld(at0950);
  await using proxy = await sqlProxy(world.connection);
  await using db = openControlDatabase({ connection: proxy.connection });
  const scan = scanDueAlerts(world.portsOver({ db }));
  await world.withAlert(daily('10:00:00'));
  await world.withAlert(daily('09:59:00', { code: '000002', catchUpMinutes: 5 }));
  await world.withAlert(daily('09:51:00', { code: '000003' }));
  expect(await scan()).toMatchObject({ claimed: 1, failures: [] });
  await proxy.goAway();
  for (let minute = 51; minute <= 59; minute += 2) {
    await world.clock.moveTo(`2026-03-02T09:${minute}:00-03:00`);
    const { failures, finished } = await scan();
    expect(failures.length).toBeGreaterThan(3);
    expect(finished).toBe(false);
  }
  proxy.comeBack();
  await world.clock.moveTo('2026-03-02T10:06:00-03:00');
  expect(await scan()).toMatchObject({ claimed: 1, missed: 1, swept: 1, failures: [], finished: true });
  expect((await world.executions()).toSorted()).toEqual([
    '2026-03-02 PENDIENTE - 2026-03-02T12:51:00.000Z',
    claimed,
    '2026-03-02 PERDIDA no_ejecutada 2026-03-02T12:59:00.000Z',
  ]);
  expect(visibleTimes(world)).toEqual(['2026-03-02T12:50:55Z', '2026-03-02T12:50:55Z', fiveBefore]);
});

test('a queue that is down for an hour leaves what it may still send to the sweep, and the rest on record', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('10:00:00'));
  await world.withAlert(daily('10:00:00', { code: '000002', catchUpMinutes: 120 }));
  world.breakQueue(true);
  expect(await world.scan()).toMatchObject({ claimed: 2, failures: [], finished: true });
  for (let times = 0; times < 6; times++) {
    await world.clock.moveBy({ minutes: 10 });
    await world.scan();
  }
  world.breakQueue(false);
  await world.clock.moveBy({ minutes: 2 });
  await world.scan();
  expect(await world.executions()).toEqual([
    '2026-03-02 PERDIDA abierta_tarde 2026-03-02T13:00:00.000Z',
    claimed,
  ]);
  expect(await world.faults()).toEqual(['abierta_tarde 000001 0001']);
  expect(visibleTimes(world)).toEqual([fiveBefore]);
});

/** When the messages sent so far become visible. */
function visibleTimes(world: ScanWorld): string[] {
  return world.messages.map((message) => message.split('@')[1] ?? '').toSorted();
}
