import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { reached } from '../reached.ts';
import type { Outcome, Recording, RecordOutcomes } from './record-outcomes.ts';
import type { Tally } from '../end/tally.ts';

const setSize = 500;
const setAge = { seconds: 1 };
const retryPause = { seconds: 2 };

export interface Recorded {
  tally: Tally;
  /** The last set closed the execution. */
  finished: boolean;
}

export interface OutcomeRecorder {
  /** Stored together with others, within a second. */
  add(outcome: Outcome): void;
  /** Resolves when something new may start: at once, except while outcomes cannot be stored. */
  ready(): Promise<void>;
  /** Stores what is left; null when there was never anything. Throws when it could not be stored in time. */
  drain(): Promise<Recorded | null>;
}

export interface RecorderOptions {
  executionId: number;
  /** No attempt to store is made after it. */
  giveUpAt: Temporal.Instant;
}

/** Collects outcomes and stores them in sets: at 500, or a second after the first. One set is stored at a time. */
export function outcomeRecorder(
  options: RecorderOptions,
  ports: { clock: Clock; recordOutcomes: RecordOutcomes },
): OutcomeRecorder {
  const { clock } = ports;
  const waiting: Outcome[] = [];
  let timer = new AbortController();
  let storing = Promise.resolve();
  let stall: PromiseWithResolvers<void> | null = null;
  let recorded: Recorded | null = null;
  let fault: { cause: unknown } | null = null;

  const onStall = () => {
    stall ??= Promise.withResolvers<void>();
  };
  const storeWaiting = async () => {
    if (fault !== null) return;
    try {
      while (waiting.length > 0) {
        const set = waiting.splice(0, setSize);
        recorded = (await storeSet(set, options, ports, onStall)) ?? recorded;
        stall?.resolve();
        stall = null;
      }
    } catch (cause) {
      fault = { cause };
      stall?.resolve();
    }
  };
  const flush = () => {
    timer.abort();
    storing = storing.then(storeWaiting);
    return storing;
  };
  const throwFault = () => {
    if (fault !== null)
      throw new Error('The outcomes of deliveries could not be stored.', { cause: fault.cause });
  };

  return {
    add(outcome) {
      waiting.push(outcome);
      if (waiting.length >= setSize) return void flush();
      if (waiting.length > 1) return;
      timer = new AbortController();
      void reached(clock, clock.now().add(setAge), timer.signal).then((due) => (due ? flush() : undefined));
    },
    async ready() {
      await stall?.promise;
      throwFault();
    },
    async drain() {
      await flush();
      throwFault();
      return recorded;
    },
  };
}

type Ports = { clock: Clock; recordOutcomes: RecordOutcomes };

/** A set with a value that does not fit is stored one by one, and the one with the value without what came from outside. */
async function storeSet(
  outcomes: readonly Outcome[],
  options: RecorderOptions,
  ports: Ports,
  onStall: () => void,
): Promise<Recorded | null> {
  const recording = await recordInTime(outcomes, options, ports, onStall);
  if (recording.kind === 'recorded') return recording;
  const [single] = outcomes;
  if (outcomes.length === 1 && single !== undefined) {
    const bare = withoutForeignValues(single, recording.detail);
    if (single.reason === bare.reason) throw new Error(`An outcome cannot be stored: ${recording.detail}`);
    return await storeSet([bare], options, ports, onStall);
  }
  let last: Recorded | null = null;
  for (const outcome of outcomes) last = await storeSet([outcome], options, ports, onStall);
  return last;
}

async function recordInTime(
  outcomes: readonly Outcome[],
  { executionId, giveUpAt }: RecorderOptions,
  { clock, recordOutcomes }: Ports,
  onStall: () => void,
): Promise<Exclude<Recording, { kind: 'unavailable' }>> {
  for (;;) {
    const recording = await recordOutcomes({ executionId, outcomes, now: clock.now() });
    if (recording.kind !== 'unavailable') return recording;
    onStall();
    const again = clock.now().add(retryPause);
    if (again.epochMilliseconds > giveUpAt.epochMilliseconds) throw recording.cause;
    await clock.waitUntil(again);
  }
}

function withoutForeignValues(outcome: Outcome, detail: string): Outcome {
  return { ...outcome, wamid: null, answer: null, reason: 'dato_cortado', detail };
}
