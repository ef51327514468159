import type { Temporal } from 'temporal-polyfill';
import type { News } from './news.ts';
import type { NewsCounts } from './record-news.ts';

interface EarlyNews {
  id: string;
  news: News;
}

/** Gives what waits and is about a delivery that is known by now. Of the rest, what was received before is forgotten. */
export type ReadEarlyNews = (receivedBefore: Temporal.Instant) => Promise<readonly EarlyNews[]>;

export type ForgetNews = (ids: readonly string[]) => Promise<void>;

export interface EarlyNewsPorts {
  readEarlyNews: ReadEarlyNews;
  forgetNews: ForgetNews;
  recordNews: (news: readonly News[], now: Temporal.Instant) => Promise<NewsCounts>;
}

/** Longer than any answer of a gateway takes to be stored, a retried one included; then it was somebody else's message. */
const kept = { hours: 1 };

/** Gives news that came before the answer which made their message known to its delivery. Gives how many there were. */
export function raiseEarlyNews({ readEarlyNews, forgetNews, recordNews }: EarlyNewsPorts) {
  return async (now: Temporal.Instant): Promise<number> => {
    const early = await readEarlyNews(now.subtract(kept));
    if (early.length === 0) return 0;
    await recordNews(
      early.map(({ news }) => news),
      now,
    );
    await forgetNews(early.map(({ id }) => id));
    return early.length;
  };
}
