import { describe, expect, test } from 'vitest';
import type { RpcTypedData } from '../../../dev/host/app/worker-protocol.ts';
import type { TimerTrigger } from '../../../dev/host/trigger.ts';
import type { ScheduleMonitor, ScheduleStatus } from '../../../dev/host/timer/schedule-status.ts';
import { parseTimerSchedule } from '../../../dev/host/timer/timer-schedule.ts';
import { runTimer } from '../../../dev/host/timer/timer-trigger.ts';
import { hostClockAt, type MovedHostClock } from '../../support/host-clock.ts';
import { aFunction, recordingConsole, recordingInvoker, succeeded } from '../../support/host-functions.ts';

const START = '2026-03-02T12:48:30Z';

function aTimer(schedule: string, more: Partial<TimerTrigger> = {}) {
  const when = parseTimerSchedule(schedule, Date.parse(START));
  const useMonitor = !when.belowOneMinute;
  return aFunction('tick', { kind: 'timer', schedule: when, runOnStartup: false, useMonitor, ...more });
}

function memoryMonitor(stored?: ScheduleStatus): ScheduleMonitor & { stored: ScheduleStatus | undefined } {
  const monitor = {
    stored,
    read: () => Promise.resolve(monitor.stored),
    write: (_name: string, status: ScheduleStatus) => {
      monitor.stored = status;
      return Promise.resolve();
    },
  };
  return monitor;
}

interface World {
  readonly clock: MovedHostClock;
  readonly monitor: ReturnType<typeof memoryMonitor>;
  readonly inputs: () => unknown[];
  readonly stop: () => Promise<void>;
}

function run(timer: ReturnType<typeof aTimer>, stored?: ScheduleStatus, lasting?: number): World {
  const clock = hostClockAt(START);
  const monitor = memoryMonitor(stored);
  const stopping = new AbortController();
  const invoker = recordingInvoker(async () => {
    if (lasting !== undefined) await clock.wait(lasting, stopping.signal);
    return succeeded;
  });
  const ended = runTimer(timer, { clock, monitor, invoker, console: recordingConsole() }, stopping.signal);
  return {
    clock,
    monitor,
    inputs: () => invoker.occasions.map(({ input }) => parsed(input)),
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

function parsed(input: RpcTypedData): unknown {
  return JSON.parse(input.json ?? 'null');
}

describe('a timer function', () => {
  test('runs at its instants, each time with the status of the time before', async () => {
    const world = run(aTimer('0 * * * * *'));
    await world.clock.pass(90_000);
    await world.stop();
    const schedule = { AdjustForDST: true };
    expect(world.inputs()).toEqual([
      {
        Schedule: schedule,
        ScheduleStatus: {
          Last: '0001-01-01T00:00:00+00:00',
          Next: '2026-03-02T12:49:00+00:00',
          LastUpdated: '0001-01-01T00:00:00+00:00',
        },
        IsPastDue: false,
      },
      {
        Schedule: schedule,
        ScheduleStatus: {
          Last: '2026-03-02T12:49:00+00:00',
          Next: '2026-03-02T12:50:00+00:00',
          LastUpdated: '2026-03-02T12:49:00+00:00',
        },
        IsPastDue: false,
      },
    ]);
  });

  test('that fires a little early counts as run at its instant, and not again at it', async () => {
    const clock = hostClockAt(START);
    const early = {
      ...clock,
      wait: (ms: number, signal: AbortSignal) => clock.wait(ms > 5 ? ms - 5 : ms, signal),
    };
    const monitor = memoryMonitor();
    const stopping = new AbortController();
    const invoker = recordingInvoker();
    const options = { clock: early, monitor, invoker, console: recordingConsole() };
    const ended = runTimer(aTimer('0 * * * * *'), options, stopping.signal);
    await clock.pass(40_000);
    stopping.abort();
    await ended;
    expect(invoker.occasions).toHaveLength(1);
    expect(monitor.stored?.last).toBe(Date.parse('2026-03-02T12:49:00Z'));
  });

  test('writes its status before its first run already', async () => {
    const world = run(aTimer('0 * * * * *'));
    await world.clock.pass(1);
    await world.stop();
    expect(world.monitor.stored).toEqual({
      last: undefined,
      next: Date.parse('2026-03-02T12:49:00Z'),
      lastUpdated: Date.parse(START),
    });
  });

  test('that runs more than once a minute gets no status', async () => {
    const world = run(aTimer('*/20 * * * * *'));
    await world.clock.pass(20_000);
    await world.stop();
    expect(world.inputs()).toMatchObject([{ ScheduleStatus: null }]);
    expect(world.monitor.stored).toBeUndefined();
  });

  test('makes up for all that it missed with one run at the start, which is past due', async () => {
    const last = Date.parse('2026-03-02T12:40:00Z');
    const world = run(aTimer('0 * * * * *'), { last, next: last + 60_000, lastUpdated: last });
    await world.clock.pass(29_000);
    await world.stop();
    expect(world.inputs()).toMatchObject([
      { IsPastDue: true, ScheduleStatus: { Next: '2026-03-02T12:41:00+00:00' } },
    ]);
  });

  test('whose schedule was changed meanwhile is not past due', async () => {
    const last = Date.parse('2026-03-02T11:00:00Z');
    const world = run(aTimer('0 * * * * *'), { last, next: last + 3_600_000, lastUpdated: last });
    await world.clock.pass(29_000);
    expect(world.inputs()).toEqual([]);
    await world.clock.pass(1_000);
    await world.stop();
    expect(world.inputs()).toMatchObject([{ IsPastDue: false }]);
  });

  test('that outlasts its minute runs once more right after, not past due, and never overlaps', async () => {
    const world = run(aTimer('0 * * * * *'), undefined, 150_000);
    await world.clock.pass(30_000 + 149_000);
    expect(world.inputs()).toHaveLength(1);
    await world.clock.pass(1_000);
    expect(world.inputs()).toMatchObject([{ IsPastDue: false }, { IsPastDue: false }]);
    await world.stop();
  });

  test('marked runOnStartup runs at once, and then on schedule', async () => {
    const world = run(aTimer('0 * * * * *', { runOnStartup: true }));
    await world.clock.pass(0);
    expect(world.inputs()).toMatchObject([{ IsPastDue: false }]);
    await world.clock.pass(30_000);
    await world.stop();
    expect(world.inputs()).toHaveLength(2);
  });

  test('with a time span runs at that distance', async () => {
    const world = run(aTimer('00:02:00'));
    await world.clock.pass(120_000);
    await world.stop();
    expect(world.inputs()).toMatchObject([{ Schedule: { AdjustForDST: false } }]);
  });

  test('goes on when its storage is away at the start', async () => {
    const clock = hostClockAt(START);
    const monitor = memoryMonitor();
    const answers = [() => Promise.reject(new Error('connection refused')), () => Promise.resolve(undefined)];
    const read = () => (answers.shift() ?? (() => Promise.resolve(undefined)))();
    const stopping = new AbortController();
    const invoker = recordingInvoker();
    const console = recordingConsole();
    const options = { clock, monitor: { ...monitor, read }, invoker, console };
    const ended = runTimer(aTimer('0 * * * * *'), options, stopping.signal);
    await clock.pass(30_000);
    stopping.abort();
    await ended;
    expect(invoker.occasions).toHaveLength(1);
    expect(console.lines).toEqual([expect.stringContaining('connection refused')]);
  });

  test('refuses a schedule that is neither cron nor time span', () => {
    expect(() => aTimer('every minute')).toThrow(
      "The schedule expression 'every minute' was not recognized as a valid cron expression or timespan string.",
    );
  });
});
