import { expect, test } from 'vitest';
import { heartbeat } from '../../../src/adapters/http/heartbeat.ts';
import { keptLog } from '../../support/kept-log.ts';
import { aMonitor } from './a-monitor.ts';

/** The machine may be busy. */
const soon = { timeout: 10_000 };

test('each beat calls the address once, with GET', async () => {
  await using monitor = await aMonitor();
  const log = keptLog();
  const heart = heartbeat(monitor.url, log);
  heart.beat();
  await expect.poll(() => monitor.answered, soon).toBe(1);
  await expect.poll(() => (heart.beat(), monitor.answered), soon).toBe(2);
  await heart.close();
  expect(monitor.calls[0]).toBe('GET /ping/una-clave');
  expect(log.events).toEqual([]);
});

test('while a call is under way no other is made', async () => {
  await using monitor = await aMonitor();
  monitor.status = null;
  const heart = heartbeat(monitor.url, keptLog());
  heart.beat();
  await expect.poll(() => monitor.calls.length, soon).toBe(1);
  heart.beat();
  heart.beat();
  monitor.release();
  await expect.poll(() => monitor.answered, soon).toBe(1);
  await expect.poll(() => (heart.beat(), monitor.answered), soon).toBe(2);
  expect(monitor.calls).toHaveLength(2);
  await heart.close();
});

test('the end of the program ends a call, and that is no failure', async () => {
  await using monitor = await aMonitor();
  monitor.status = null;
  const log = keptLog();
  const heart = heartbeat(monitor.url, log);
  heart.beat();
  await expect.poll(() => monitor.calls.length, soon).toBe(1);
  await heart.close();
  expect(log.events).toEqual([]);
});

test.each([
  ['an error', 500, 'status 500'],
  ['a redirect', 302, 'status 302'],
  ['no answer in time', null, 'TimeoutError'],
])('%s is logged once, without the address, and so is its end', async (_, status, why) => {
  await using monitor = await aMonitor();
  monitor.status = status;
  const log = keptLog();
  const heart = heartbeat(monitor.url, log, 200);
  const beats = async (count: number) => {
    for (let beat = 0; beat < count; beat++) {
      const before = monitor.calls.length;
      await expect.poll(() => (heart.beat(), monitor.calls.length), soon).toBeGreaterThan(before);
    }
  };
  await beats(3);
  monitor.status = 200;
  await expect.poll(() => (heart.beat(), log.events.at(-1)?.event), soon).toBe('heartbeat.recovered');
  await beats(2);
  await heart.close();
  expect(log.events).toEqual([
    { event: 'heartbeat.failed', fields: { why } },
    { event: 'heartbeat.recovered', fields: {} },
  ]);
});

test('a monitor that is not there is told by the code of the error', async () => {
  const log = keptLog();
  const heart = heartbeat('http://127.0.0.1:1/una-clave', log);
  heart.beat();
  await expect
    .poll(() => log.events, soon)
    .toEqual([{ event: 'heartbeat.failed', fields: { why: 'ECONNREFUSED' } }]);
  await heart.close();
});
