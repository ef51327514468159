import type { Temporal } from 'temporal-polyfill';
import type { Logger } from '../../core/logger.ts';
import type { NewsState } from '../../domain/delivery.ts';
import type { MessageName, News } from './news.ts';
import { planRaises, type KnownDelivery, type Raise } from './plan-raises.ts';

/** The delivery of each name, undefined where Vigía has none. */
export type FindDeliveries = (
  names: readonly MessageName[],
) => Promise<readonly (KnownDelivery | undefined)[]>;

/** Stores what is higher than what stands there, in one transaction. Gives the ids whose state has risen. */
export type RaiseDeliveries = (raises: readonly Raise[]) => Promise<ReadonlySet<number>>;

/** Keeps news of messages that are not known yet, each once. */
export type KeepNews = (news: readonly News[], now: Temporal.Instant) => Promise<void>;

export interface NewsPorts {
  log: Logger;
  /** Of tenants without a zone of their own. */
  timeZone: string;
  findDeliveries: FindDeliveries;
  raiseDeliveries: RaiseDeliveries;
  keepNews: KeepNews;
  /** Strikes out every known secret. */
  strike: (text: string) => Promise<string>;
}

/** How many of the news were about deliveries of ours, how many of these rose, and how many wait for theirs. */
export interface NewsCounts {
  known: number;
  raised: number;
  waiting: number;
}

const setSize = 500;

/** Stores what gateways tell of messages. The same news twice, late, or in another order come to the same. */
export function recordNews(ports: NewsPorts) {
  return async (news: readonly News[], now: Temporal.Instant): Promise<NewsCounts> => {
    const counts = { known: 0, raised: 0, waiting: 0 };
    for (let start = 0; start < news.length; start += setSize) {
      const stored = await recordSet(ports, news.slice(start, start + setSize), now);
      counts.known += stored.known;
      counts.raised += stored.raised;
      counts.waiting += stored.waiting;
    }
    return counts;
  };
}

async function recordSet(
  ports: NewsPorts,
  told: readonly News[],
  now: Temporal.Instant,
): Promise<NewsCounts> {
  const known = await ports.findDeliveries(told.map(({ message }) => message));
  const news = await withoutSecrets(told, ports.strike);
  const raises = planRaises(news, known, ports.timeZone);
  const risen = raises.length === 0 ? new Set<number>() : await ports.raiseDeliveries(raises);
  for (const raise of raises) if (risen.has(raise.delivery.id)) logRaise(ports.log, raise);
  const early = news.filter((one, index) => known[index] === undefined && mayBeEarly(one));
  if (early.length > 0) await ports.keepNews(early, now);
  const ofOurs = known.filter((delivery) => delivery !== undefined).length;
  return { known: ofOurs, raised: risen.size, waiting: early.length };
}

/**
 * A wamid becomes known when the gateway's answer is stored, and news can be faster. By our own ids a delivery is known
 * from before its first attempt on; and that it was sent needs no waiting, since that answer says the same.
 */
function mayBeEarly({ message, state }: News): boolean {
  return message.by === 'wamid' && state !== 'ENVIADO';
}

/** All at once: the secrets are read from the tables. */
async function withoutSecrets(news: readonly News[], strike: NewsPorts['strike']): Promise<readonly News[]> {
  if (news.every(({ detail }) => detail === null)) return news;
  const details = news.map(({ detail }) => (detail ?? '').replaceAll(/\s+/g, ' '));
  const struck = (await strike(details.join('\n'))).split('\n');
  return news.map((one, index) => (one.detail === null ? one : { ...one, detail: struck[index] ?? null }));
}

const events: Readonly<Record<NewsState, string>> = {
  ENVIADO: 'delivery.sent',
  FALLIDO: 'delivery.undelivered',
  ENTREGADO: 'delivery.delivered',
  LEIDO: 'delivery.read',
  RESPONDIDO: 'delivery.answered',
};

/** Without the gateway's words: they may hold a phone number. msg_Error has them. */
function logRaise(log: Logger, { delivery, state }: Raise): void {
  const { id: deliveryId, executionId, alert, person, personName } = delivery;
  const fields = {
    executionId,
    deliveryId,
    alert: alert ?? undefined,
    person: person ?? undefined,
    personName: personName ?? undefined,
  };
  if (state === 'FALLIDO') log.warn(events[state], fields);
  else log.info(events[state], fields);
}
