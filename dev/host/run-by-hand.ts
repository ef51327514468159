import type { HostFunction } from './function-table.ts';
import { manualQueueOccasion } from './queue/queue-occasion.ts';
import { manualTimerOccasion, type TimerOptions } from './timer/timer-trigger.ts';

/** Runs a function as POST /admin/functions/<name> asks. What cannot be run that way fails in the log, as really. */
export async function runByHand(
  target: HostFunction,
  input: string | undefined,
  options: TimerOptions,
): Promise<void> {
  const { invoker, console, clock } = options;
  try {
    if (isTimer(target)) await invoker.invoke(target, await manualTimerOccasion(target, options));
    else if (isQueue(target)) await invoker.invoke(target, queueOccasion(target, input, clock.now()));
    else throw new Error('An HttpRequest is required');
  } catch (fault) {
    const why = `Exception while executing function: Functions.${target.name}. ${(fault as Error).message}`;
    console.log('error', `Function.${target.name}`, why);
  }
}

type TimerFunction = Parameters<typeof manualTimerOccasion>[0];
type QueueFunction = Parameters<typeof manualQueueOccasion>[0];

function isTimer(target: HostFunction): target is TimerFunction {
  return target.trigger.kind === 'timer';
}

function isQueue(target: HostFunction): target is QueueFunction {
  return target.trigger.kind === 'queue';
}

function queueOccasion(target: QueueFunction, input: string | undefined, now: number) {
  if (input === undefined) throw new Error('Unable to convert trigger to IStorageQueueMessage.');
  return manualQueueOccasion(target, input, now);
}
