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

/** How many of a hundred calls have a place at once. */
async function placesFor(enter: ReturnType<typeof hostPlaces>, tenant: string): Promise<(() => void)[]> {
  const had: (() => void)[] = [];
  for (let each = 0; each < 100; each += 1)
    void enter('h', tenant, never).then((leave) => leave !== null && had.push(leave));
  await new Promise(setImmediate);
  return had;
}

test('a host serves only so many at a time, and of one tenant three quarters', async () => {
  const enter = hostPlaces(20);
  const a = await placesFor(enter, 'a');
  const b = await placesFor(enter, 'b');
  expect([a.length, b.length]).toEqual([15, 5]);
  a[0]?.();
  b[0]?.();
  await new Promise(setImmediate);
  expect(a.length + b.length).toBe(22);
});

test('whoever comes while a tenant holds its whole share is served at once', async () => {
  const enter = hostPlaces(4);
  expect(await placesFor(enter, 'a')).toHaveLength(3);
  expect(await enter('h', 'b', never)).not.toBeNull();
});

test('a place given back goes past the tenant that has its share', async () => {
  const enter = hostPlaces(4);
  const a = await placesFor(enter, 'a');
  const b = await placesFor(enter, 'b');
  const c = await placesFor(enter, 'c');
  for (const round of [0, 1]) {
    b[round]?.();
    await new Promise(setImmediate);
  }
  expect([a.length, b.length, c.length]).toEqual([3, 2, 1]);
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
