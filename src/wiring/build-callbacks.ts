import { verifyMeta, verifyStandard } from '../adapters/http/verify-webhook.ts';
import { forgetForeignNews, forgetNews, keepNews, readEarlyNews } from '../adapters/mssql/early-news.ts';
import { findDeliveries } from '../adapters/mssql/find-deliveries.ts';
import { raiseDeliveries } from '../adapters/mssql/raise-deliveries.ts';
import { raiseEarlyNews } from '../manage/callbacks/raise-early-news.ts';
import { receiveCallbacks, type CallbackSettings } from '../manage/callbacks/receive-callbacks.ts';
import { recordNews } from '../manage/callbacks/record-news.ts';
import type { Parts } from './parts.ts';

type NewsParts = Pick<Parts, 'log' | 'db' | 'strike'>;

/** A fetch handler for what gateways tell of messages. `ready` is waited for before the database is used. */
export function buildCallbacks(
  { timeZone, ...settings }: CallbackSettings & { timeZone: string },
  parts: NewsParts & Pick<Parts, 'clock'>,
  ready: () => Promise<void>,
): (request: Request) => Promise<Response> {
  const { clock, log } = parts;
  const record = newsRecorder(timeZone, parts);
  return receiveCallbacks({
    clock,
    log,
    ...settings,
    verifyStandard,
    verifyMeta,
    recordNews: async (news, now) => {
      await ready();
      return await record(news, now);
    },
  });
}

/** What a scan does for news that came too early. Secrets were struck out of them when they came. */
export function buildEarlyNews(timeZone: string, { clock, log, db }: Pick<Parts, 'clock' | 'log' | 'db'>) {
  return raiseEarlyNews({
    clock,
    forgetForeignNews: forgetForeignNews(db),
    readEarlyNews: readEarlyNews(db),
    forgetNews: forgetNews(db),
    recordNews: newsRecorder(timeZone, { log, db, strike: async (text) => text }),
  });
}

function newsRecorder(timeZone: string, { log, db, strike }: NewsParts) {
  return recordNews({
    log,
    timeZone,
    strike,
    findDeliveries: findDeliveries(db),
    raiseDeliveries: raiseDeliveries(db),
    keepNews: keepNews(db),
  });
}
