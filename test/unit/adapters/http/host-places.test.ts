import { expect, test } from 'vitest';
import { hostPlaces } from '../../../../src/adapters/http/host-places.ts';

const never = new AbortController().signal;

/** Enters for each name and gives the order in which places were had; every holder leaves when the next is wanted. */
async function orderOf(places: number, tenants: readonly string[]): Promise<string[]> {
  const enter = hostPlaces(places);
  const order: string[] = [];
  await Promise.all(
    tenants.map(async (tenant) => {
      const leave = await enter('h', tenant, never);
      order.push(tenant);
      await new Promise(setImmediate);
      leave?.();
    }),
  );
  return order;
}

test('a host serves only so many at a time', async () => {
  const enter = hostPlaces(2);
  const first = await enter('h', 'a', never);
  await enter('h', 'a', never);
  let had = false;
  const third = enter('h', 'b', never).then((leave) => {
    had = true;
    return leave;
  });
  await new Promise(setImmediate);
  expect(had).toBe(false);
  first?.();
  await third;
  expect(had).toBe(true);
});

test('another host is not held back', async () => {
  const enter = hostPlaces(1);
  await enter('busy', 'a', never);
  expect(await enter('free', 'a', never)).not.toBeNull();
});

test('those that wait are served in turn between tenants', async () => {
  const order = await orderOf(1, ['a', 'a', 'a', 'a', 'b', 'b', 'c']);
  expect(order).toEqual(['a', 'a', 'b', 'c', 'a', 'b', 'a']);
});

test('an abort ends the wait of that call alone', async () => {
  const enter = hostPlaces(1);
  const leave = await enter('h', 'a', never);
  const stop = new AbortController();
  const given = enter('h', 'b', stop.signal);
  const other = enter('h', 'c', never);
  stop.abort();
  expect(await given).toBeNull();
  leave?.();
  expect(await other).not.toBeNull();
});

test('a call that comes after its abort takes no place', async () => {
  const enter = hostPlaces(1);
  expect(await enter('h', 'a', AbortSignal.abort())).toBeNull();
  expect(await enter('h', 'a', never)).not.toBeNull();
});
