import { expect, test } from 'vitest';
import { dispatchSeats } from '../../../src/dispatch/seats.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { instant } from './dispatch-world.ts';

function someSeats() {
  const clock = clockAt(instant);
  return { clock, seats: dispatchSeats({ slots: 16, tenantSlots: 2 }, clock) };
}

/** How many of twenty get a place. */
const entering = (enter: () => (() => void) | null) =>
  Array.from({ length: 20 }, enter).filter((leave) => leave !== null);

test('one tenant gets three quarters of the places, another still gets one', () => {
  const { seats } = someSeats();
  expect(entering(() => seats.enter('A'))).toHaveLength(12);
  expect(seats.enter('B')).not.toBeNull();
});

test('a place given back can be taken again, and is given back once', () => {
  const { seats } = someSeats();
  const [first] = entering(() => seats.enter('A'));
  first?.();
  first?.();
  expect(entering(() => seats.enter('A'))).toHaveLength(1);
});

test('all tenants in trouble share a quarter', () => {
  const { seats } = someSeats();
  seats.note('A', 'badly');
  seats.note('B', 'badly');
  expect([seats.enter('A'), seats.enter('A'), seats.enter('B'), seats.enter('B')]).not.toContain(null);
  expect([seats.enter('A'), seats.enter('B')]).toEqual([null, null]);
  expect(seats.enter('C')).not.toBeNull();
});

test('a tenant that answers again is out of that quarter', () => {
  const { seats } = someSeats();
  seats.note('A', 'badly');
  seats.note('A', 'well');
  expect(entering(() => seats.enter('A'))).toHaveLength(12);
});

test('few dispatches of a tenant wait for its database, and those of another are not counted', () => {
  const { seats } = someSeats();
  expect(entering(() => seats.enterDatabase('A'))).toHaveLength(2);
  expect(entering(() => seats.enterDatabase('B'))).toHaveLength(2);
});

test('a webhook host is limited for a minute after it timed out, for the tenant that met that', async () => {
  const { seats, clock } = someSeats();
  const enter = () => seats.enterHost('A', 'gateway.test');
  entering(enter).forEach((leave) => leave());
  seats.noteTimeout('A', 'gateway.test');
  expect(entering(enter)).toHaveLength(2);
  expect(seats.enterHost('A', 'other.test')).not.toBeNull();
  expect(entering(() => seats.enterHost('B', 'gateway.test'))).toHaveLength(20);
  await clock.moveBy({ seconds: 60 });
  expect(entering(enter)).toHaveLength(20);
});
