import { expect, test } from 'vitest';
import { raiseEarlyNews, type EarlyNewsPorts } from '../../../src/manage/callbacks/raise-early-news.ts';
import { clockAt } from '../../support/moved-clock.ts';

const start = '2026-03-02T15:49:00Z';

/** So many foreign news, of which each batch takes 1,000 and this long. */
function aStore(foreign: number, secondsEach = 0) {
  const clock = clockAt(start);
  const ports: EarlyNewsPorts = {
    clock,
    forgetForeignNews: async () => {
      await clock.moveBy({ seconds: secondsEach });
      const taken = Math.min(1000, foreign);
      foreign -= taken;
      return taken;
    },
    readEarlyNews: async () => [],
    forgetNews: async () => undefined,
    recordNews: async () => expect.unreachable(),
  };
  return { raise: () => raiseEarlyNews(ports)(clock.now()), left: () => foreign };
}

test('news of others are forgotten until none is left', async () => {
  const store = aStore(5500);
  expect(await store.raise()).toBe(0);
  expect(store.left()).toBe(0);
});

test('for two seconds at most: the next scan goes on', async () => {
  const store = aStore(5500, 1);
  await store.raise();
  expect(store.left()).toBe(3500);
  await store.raise();
  expect(store.left()).toBe(1500);
});
