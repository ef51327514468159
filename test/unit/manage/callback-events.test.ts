import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { stateRank, type NewsState } from '../../../src/domain/delivery.ts';
import type { News } from '../../../src/manage/callbacks/news.ts';
import { readOwnEvents } from '../../../src/manage/callbacks/own-events.ts';
import { planRaises, type KnownDelivery } from '../../../src/manage/callbacks/plan-raises.ts';
import { readWhatsappEvents } from '../../../src/manage/callbacks/whatsapp-events.ts';
import { Problem } from '../../../src/manage/problem.ts';

const now = Temporal.Instant.from('2026-03-02T15:49:00Z');

describe('whatever a signed call holds', () => {
  const few = { maxLength: 4 };
  const anything = fc.jsonValue({ maxDepth: 2 });
  /** What is wrong deep inside alone comes far enough to do harm. */
  const odd = fc.oneof(anything, fc.constantFrom('sent', 'read', 'wamid.1', 1, '1772466000', 1e300, -1));
  const event = fc.dictionary(
    fc.constantFrom('webhookId', 'deliveryId', 'wamid', 'event', 'at', 'reason', 'x'),
    odd,
  );
  const status = fc.dictionary(fc.constantFrom('id', 'status', 'timestamp', 'errors', 'context'), odd);
  const value = fc.record({
    statuses: fc.oneof(odd, fc.array(status, few)),
    messages: fc.oneof(odd, fc.array(status, few)),
  });

  test('in our own shape, it is read or refused by name', () => {
    fc.assert(
      fc.property(
        fc.oneof(anything, fc.record({ events: fc.oneof(anything, fc.array(event, few)) })),
        (body) => {
          try {
            expect(readOwnEvents(body, now).length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(Problem);
          }
        },
      ),
    );
  });

  test('in WhatsApp’s shape, every part of it is news or counted', () => {
    const change = fc.record({ field: fc.constant('messages'), value });
    const notification = fc.record({
      object: fc.constant('whatsapp_business_account'),
      entry: fc.array(fc.record({ changes: fc.array(change, few) }), few),
    });
    fc.assert(
      fc.property(fc.oneof(anything, notification), (body) => {
        const { news, ignored } = readWhatsappEvents(body, now);
        expect(ignored).toBeGreaterThanOrEqual(0);
        for (const { at } of news) expect(Temporal.Instant.compare(at, now)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

/** The delivery with a raise stored, as the statement does it. */
function stored(delivery: KnownDelivery, news: readonly News[]): KnownDelivery {
  const [raise] = planRaises(
    news,
    news.map(() => delivery),
    'America/Argentina/Buenos_Aires',
  );
  if (raise === undefined) return delivery;
  const ranks: Readonly<Record<string, number>> = stateRank;
  const { answeredAt } = raise;
  const isEarlier =
    answeredAt !== null &&
    (delivery.answeredAt === null || Temporal.PlainDateTime.compare(answeredAt, delivery.answeredAt) < 0);
  return {
    ...delivery,
    state: stateRank[raise.state] > (ranks[delivery.state] ?? 0) ? raise.state : delivery.state,
    wamid: delivery.wamid ?? raise.wamid,
    answeredAt: isEarlier ? answeredAt : delivery.answeredAt,
  };
}

const states: readonly NewsState[] = ['ENVIADO', 'FALLIDO', 'ENTREGADO', 'LEIDO', 'RESPONDIDO'];
const oneNews = fc
  .record({ state: fc.constantFrom(...states), secondsAgo: fc.nat(86_400) })
  .map(({ state, secondsAgo }): News => ({
    message: { by: 'deliveryId', deliveryId: 1 },
    state,
    at: now.subtract({ seconds: secondsAgo }),
    detail: null,
    wamid: null,
  }));

test('news come to the same in every order, in whatever calls, however often', () => {
  const several = fc.array(oneNews, { maxLength: 8 }).chain((news) =>
    fc.record({
      news: fc.constant(news),
      again: fc.shuffledSubarray([...news, ...news], { minLength: 0 }),
      order: fc.shuffledSubarray(news, { minLength: news.length }),
      first: fc.nat(news.length),
    }),
  );
  const start = fc.constantFrom(
    'PENDIENTE',
    'REINTENTO',
    'ERROR',
    'RECHAZADO',
    'ENVIADO',
    'FALLIDO',
    'LEIDO',
  );
  fc.assert(
    fc.property(several, start, ({ news, again, order, first }, state) => {
      const names = { id: 1, executionId: 1, alert: '000001', person: 'P1', personName: null };
      const delivery: KnownDelivery = { ...names, state, wamid: null, answeredAt: null, zone: null };
      const together = stored(delivery, news);
      const calls = [order.slice(0, first), ...order.slice(first).map((one) => [one]), again];
      const apart = calls.reduce(stored, delivery);
      expect({ ...apart, answeredAt: apart.answeredAt?.toString() }).toEqual({
        ...together,
        answeredAt: together.answeredAt?.toString(),
      });
    }),
  );
});
