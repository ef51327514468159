import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosReceiver } from './chaos-receiver.ts';
import { killers, type Life } from './host-lives.ts';
import type { KillMoment } from './plan-kills.ts';
import { mostRounds } from './records.ts';
import type { Control } from './seed-world.ts';

/** Nothing may come in a life: then it is killed all the same. */
const longestMs = 6_000;

/** An execution is given up after ten openings in a row; so many may be due to our kills. */
const mostOfOurs = 3;
const lookEveryMs = 250;

/**
 * Resolves when the host is to be killed, or the life is over. The moment is put off while an ordinary execution was opened
 * often without an end: given up for our kills, it would be lost as designed.
 */
export async function reachMoment(
  moment: KillMoment,
  life: Life,
  { receiver, control }: { receiver: ChaosReceiver; control: Control },
): Promise<void> {
  while (!life.over.aborted && (await mostRounds(control, killers)) >= mostOfOurs) await sleep(lookEveryMs);
  if (moment.kind !== 'starting') await life.ready;
  const end = AbortSignal.any([life.over, AbortSignal.timeout(longestMs)]);
  await comes(moment, life, receiver, end).catch((cause: unknown) => {
    if (!end.aborted) throw cause;
  });
}

async function comes(
  moment: KillMoment,
  life: Life,
  receiver: ChaosReceiver,
  signal: AbortSignal,
): Promise<void> {
  switch (moment.kind) {
    case 'scan':
      await life.scan();
      return await sleep(moment.after, undefined, { signal });
    case 'request':
      return await receiver.nth('request', moment.count, signal);
    case 'answer':
      await receiver.nth('accepted', moment.count, signal);
      return await sleep(moment.after, undefined, { signal });
    case 'starting':
    case 'any time':
      return await sleep(moment.after, undefined, { signal });
  }
}
