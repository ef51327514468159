import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { News } from './news.ts';
import type { NewsCounts } from './record-news.ts';

interface EarlyNews {
  id: string;
  news: News;
}

/** Gives some of what waits and is about a delivery that is known by now. */
export type ReadEarlyNews = () => Promise<readonly EarlyNews[]>;

/** Forgets some of what was received before and is about no delivery that is known. Gives how many. */
export type ForgetForeignNews = (receivedBefore: Temporal.Instant) => Promise<number>;

export type ForgetNews = (ids: readonly string[]) => Promise<void>;

export interface EarlyNewsPorts {
  clock: Clock;
  forgetForeignNews: ForgetForeignNews;
  readEarlyNews: ReadEarlyNews;
  forgetNews: ForgetNews;
  recordNews: (news: readonly News[], now: Temporal.Instant) => Promise<NewsCounts>;
}

/** Longer than any answer of a gateway takes to be stored, a retried one included; then it was somebody else's message. */
const kept = { hours: 1 };

/** The next scan goes on. */
const patience = { seconds: 2 };

/**
 * Gives news that came before the answer which made their message known to its delivery, and forgets what turned out to be of
 * others, for two seconds at most. Gives how many had a delivery.
 */
export function raiseEarlyNews(ports: EarlyNewsPorts) {
  const { clock, forgetForeignNews } = ports;
  return async (now: Temporal.Instant): Promise<number> => {
    const deadline = now.add(patience).epochMilliseconds;
    for (let sum = 0; ;) {
      const foreign = await forgetForeignNews(now.subtract(kept));
      const raised = await raiseSome(ports, now);
      sum += raised;
      if (foreign + raised === 0 || clock.now().epochMilliseconds >= deadline) return sum;
    }
  };
}

async function raiseSome(
  { readEarlyNews, forgetNews, recordNews }: Omit<EarlyNewsPorts, 'clock' | 'forgetForeignNews'>,
  now: Temporal.Instant,
): Promise<number> {
  const early = await readEarlyNews();
  if (early.length === 0) return 0;
  await recordNews(
    early.map(({ news }) => news),
    now,
  );
  await forgetNews(early.map(({ id }) => id));
  return early.length;
}
