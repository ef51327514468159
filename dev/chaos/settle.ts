import { setTimeout as sleep } from 'node:timers/promises';
import type { Life } from './host-lives.ts';
import { countMessages, drained, sendLateMessages } from './late-messages.ts';
import { live, type Run } from './one-life.ts';
import { countExecutions, readRecords } from './records.ts';

/** How a run ended, once nothing was planned any more. */
export interface Settled {
  settleSeconds: number;
  /** Every execution is on record and final. */
  isSettled: boolean;
  /** Requests that came after further messages for executions that had ended. */
  afterLateMessages: number;
  /** Whether those messages were all dealt with, and with `drain` every other one. */
  isEmptied: boolean;
  /** Messages, those included that are hidden because a killed process had received them. */
  left: { alerts: number; poison: number };
}

const limitMs = 400_000;
const lookEveryMs = 250;

/** Starts the host until every execution is final, however often a fatal alert still kills; then sends late messages. */
export async function settle(run: Run): Promise<Settled> {
  const began = performance.now();
  const settled: Settled[] = [];
  const work = async (life: Life): Promise<void> => {
    const isSettled = await untilFinal(run, life, began + limitMs);
    if (life.over.aborted) return;
    const settleSeconds = (performance.now() - began) / 1_000;
    const late = isSettled ? await comeLate(run) : { isEmptied: false, afterLateMessages: 0 };
    settled.push({ settleSeconds, isSettled, ...late, left: await countMessages(run.ports) });
  };
  for (;;) {
    await live(run, work, null);
    const [end] = settled;
    if (end !== undefined) return end;
  }
}

async function untilFinal({ control, expected }: Run, { over }: Life, giveUp: number): Promise<boolean> {
  const last = Math.max(...expected.map(({ at }) => at.epochMilliseconds));
  while (!over.aborted && performance.now() < giveUp) {
    const { all, open } = await countExecutions(control);
    if (Date.now() > last && open === 0 && all >= expected.length) return true;
    await sleep(lookEveryMs);
  }
  return false;
}

async function comeLate({
  control,
  ports,
  receiver,
  options,
}: Run): Promise<Pick<Settled, 'isEmptied' | 'afterLateMessages'>> {
  const before = receiver.arrivals.length;
  const { executions } = await readRecords(control);
  const ids = executions.map(({ id }) => id);
  const isEmptied = (await sendLateMessages(ports, ids)) && (!options.drain || (await drained(ports)));
  return { isEmptied, afterLateMessages: receiver.arrivals.length - before };
}
