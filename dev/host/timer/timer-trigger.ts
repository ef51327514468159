import { BindingData } from '../bindings/binding-data.ts';
import type { HostFunction } from '../function-table.ts';
import type { TimerTrigger } from '../trigger.ts';
import type { HostClock } from '../host-clock.ts';
import type { HostConsole } from '../host-console.ts';
import type { Invoker, Occasion } from '../invoker.ts';
import { checkStatus, statusDocument, type ScheduleMonitor, type ScheduleStatus } from './schedule-status.ts';

export interface TimerOptions {
  readonly invoker: Invoker;
  readonly clock: HostClock;
  readonly console: HostConsole;
  /** Undefined when no function of the app needs one. */
  readonly monitor: ScheduleMonitor | undefined;
}

type TimerFunction = HostFunction & { readonly trigger: TimerTrigger };

/**
 * Runs a timer function on its schedule until the signal is aborted; never two runs at once. Ticks missed while the
 * host was down make one run at start, ticks missed by a long run make one run right after it.
 */
export async function runTimer(
  timer: TimerFunction,
  options: TimerOptions,
  signal: AbortSignal,
): Promise<void> {
  const { schedule, useMonitor, runOnStartup } = timer.trigger;
  const { clock } = options;
  const monitor = useMonitor ? options.monitor : undefined;
  const start = await startStatus(timer, options, monitor, signal);
  let status = start.status;
  let unscheduled: 'past-due' | 'startup' | undefined = start.isPastDue
    ? 'past-due'
    : runOnStartup
      ? 'startup'
      : undefined;
  for (;;) {
    if (unscheduled === undefined) await clock.wait(Math.max(0, status.next - clock.now()), signal);
    if (signal.aborted) return;
    const now = clock.now();
    const isPastDue = unscheduled === 'past-due';
    await options.invoker.invoke(timer, occasionOf(timer, monitor && status, isPastDue, now));
    // Fired early by some milliseconds: count from the instant that was meant, or it would fire twice.
    const ran = unscheduled === undefined && status.next > now ? status.next : now;
    status = { last: ran, next: schedule.next(ran), lastUpdated: ran };
    await monitor?.write(timer.name, status).catch((fault: unknown) => tellFailure(timer, options, fault));
    unscheduled = undefined;
  }
}

/** What a timer function gets when it is run by hand: the stored status, never past due. */
export async function manualTimerOccasion(timer: TimerFunction, options: TimerOptions): Promise<Occasion> {
  const monitor = timer.trigger.useMonitor ? options.monitor : undefined;
  const status = await monitor?.read(timer.name);
  return occasionOf(timer, status, false, options.clock.now());
}

/** Reads and corrects the stored status, patiently: storage may come up later than the host. */
async function startStatus(
  timer: TimerFunction,
  options: TimerOptions,
  monitor: ScheduleMonitor | undefined,
  signal: AbortSignal,
): Promise<{ status: ScheduleStatus; isPastDue: boolean }> {
  const { clock } = options;
  const { schedule } = timer.trigger;
  for (let delay = 1000; !signal.aborted; delay = Math.min(delay * 2, 60_000)) {
    try {
      const stored = await monitor?.read(timer.name);
      const checked = checkStatus(stored, schedule, clock.now());
      if (checked.changed) await monitor?.write(timer.name, checked.status);
      if (stored !== undefined) return checked;
      break;
    } catch (fault) {
      tellFailure(timer, options, fault);
      await clock.wait(delay, signal);
    }
  }
  return {
    status: { last: undefined, next: schedule.next(clock.now()), lastUpdated: undefined },
    isPastDue: false,
  };
}

function tellFailure({ name }: TimerFunction, { console }: TimerOptions, fault: unknown): void {
  const why = fault instanceof Error ? fault.message : String(fault);
  console.log(
    'error',
    `Function.${name}`,
    `The schedule status of '${name}' cannot be read or written: ${why}`,
  );
}

function occasionOf(
  timer: TimerFunction,
  status: ScheduleStatus | undefined,
  isPastDue: boolean,
  now: number,
): Occasion {
  const timerInfo = {
    Schedule: { AdjustForDST: timer.trigger.schedule.adjustForDst },
    ScheduleStatus: status === undefined ? null : statusDocument(status),
    IsPastDue: isPastDue,
  };
  return {
    reason: `Timer fired at ${new Date(now).toISOString()}`,
    input: { json: JSON.stringify(timerInfo) },
    bindingData: new BindingData().setText('TimerTrigger', new Date(now).toISOString()),
  };
}
