import { Temporal } from 'temporal-polyfill';
import { scanPortsOf } from '../../../src/wiring/build-scan.ts';
import type { Breaker } from '../../support/breaking-process.ts';
import { keptLog } from '../../support/kept-log.ts';
import { runClock } from '../../support/run-clock.ts';
import { scanPolicy } from '../../support/scan-policy.ts';
import { startProcess, type LettingGo } from './dispatch-process.ts';
import type { SqlWorld } from './sql-world.ts';

export interface QueueOptions {
  /** Without one nothing breaks. */
  breaker?: Breaker;
  /** Hands each message to so many processes at once. */
  copies?: number;
  /** Hands each message over as soon as it is sent, too, and the later of two first. */
  disorder?: boolean;
  /** Before each call of a webhook. */
  posting?: (webhookId: string) => Promise<void>;
  /** After each move of the clock. */
  moved?: (now: Temporal.Instant) => void;
  /** After a process has let a message go. */
  letGo?: (process: LettingGo) => Promise<void>;
}

interface Message {
  visibleAt: Temporal.Instant;
  /** How often it was handed over. */
  handed: number;
}

/** Of the host: after a failure, before the next try; and how many there are. */
const failurePause = { seconds: 10 };
const mostHandings = 5;
/** An execution that is not final by then never will be. */
const mostEvents = 300;

/**
 * The queue, the host and the scans around the world's execution: its messages are handed over at their time on a moved
 * clock, what fails comes again, what dies with its process is lost for good, and the sweep looks after what is overdue.
 * Resolves when the execution is final and no message is left.
 */
export async function untilItEnds(world: SqlWorld, options: QueueOptions = {}): Promise<void> {
  const { clock } = world;
  const moved = () => options.moved?.(clock.now());
  const messages: Message[] = [{ visibleAt: clock.now(), handed: 0 }];
  const sendDispatch = async (_id: number, visibleAt: Temporal.Instant) => {
    messages.push({ visibleAt, handed: 0 });
    if (options.disorder) messages.unshift({ visibleAt: clock.now(), handed: 0 });
  };
  const sweep = sweepOf(world, sendDispatch);

  for (let event = 0; event < mostEvents; event++) {
    const reviewAt = await reviewTimeOf(world);
    if (reviewAt === 'final' && messages.length === 0) return;
    const times = messages.map(({ visibleAt }) => visibleAt);
    const first = earliest(reviewAt === 'final' ? times : [...times, reviewAt]);
    if (isBefore(clock.now(), first)) await clock.moveTo(first.toString());
    moved();
    if (reviewAt !== 'final' && !isBefore(clock.now(), reviewAt)) await sweep();
    const index = messages.findIndex(({ visibleAt }) => !isBefore(clock.now(), visibleAt));
    const [message] = index < 0 ? [] : messages.splice(index, 1);
    if (
      message &&
      (await hand(world, { ...options, sendDispatch, moved })) === 'failed' &&
      message.handed + 1 < mostHandings
    )
      messages.push({ visibleAt: clock.now().add(failurePause), handed: message.handed + 1 });
  }
  throw new Error(`Not final after ${mostEvents} events.`);
}

type Surroundings = Omit<QueueOptions, 'moved'> & {
  sendDispatch: (executionId: number, visibleAt: Temporal.Instant) => Promise<void>;
  moved: () => void;
};

/** A message in the hands of one process, or of several at once. */
async function hand(world: SqlWorld, surroundings: Surroundings): Promise<'done' | 'failed'> {
  const { copies = 1, moved, letGo } = surroundings;
  const processes = Array.from({ length: copies }, () => startProcess(world, surroundings));
  const ends = Promise.all(processes.map(({ end }) => end));
  await runClock(world.clock, ends, {
    moved,
    isBusy: () => processes.some((process) => process.waitsFor() > 0),
  });
  for (const { end, ids, answered } of processes)
    if ((await end) === 'let go') await letGo?.({ ids, answered });
  return (await ends).includes('failed') ? 'failed' : 'done';
}

/** The sweep of the next scan; while the control database is away, that of the first scan in a later minute. */
function sweepOf(world: SqlWorld, sendDispatch: Surroundings['sendDispatch']) {
  const { clock } = world;
  const queue = { sendDispatch, nudgeReports: async () => undefined };
  const { sweepExecutions } = scanPortsOf(scanPolicy, { clock, log: keptLog(), db: world.reached, queue });
  return async () => {
    const [swept] = await Promise.allSettled([sweepExecutions(clock.now())]);
    if (swept.status === 'rejected') await clock.moveBy({ minutes: 1 });
  };
}

/** sch_Revisar, which every execution has until it is final. */
async function reviewTimeOf(world: SqlWorld): Promise<Temporal.Instant | 'final'> {
  const { sch_Estado, sch_Revisar } = await world.execution();
  if (sch_Estado !== 'PENDIENTE' && sch_Estado !== 'EN_PROCESO') return 'final';
  if (sch_Revisar === null) throw new Error('An open execution is looked after by nobody.');
  return Temporal.Instant.fromEpochMilliseconds(sch_Revisar.getTime());
}

function earliest(times: readonly Temporal.Instant[]): Temporal.Instant {
  const [first] = times.toSorted((a, b) => Temporal.Instant.compare(a, b));
  if (first === undefined) throw new Error('Nothing is left to come.');
  return first;
}

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}
