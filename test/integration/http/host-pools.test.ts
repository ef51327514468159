import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { hostPools } from '../../../src/adapters/http/host-pools.ts';
import { client, call, listen, never, receiver } from './a-receiver.ts';

test('a host keeps its pool; beyond the most that are kept, those asked for longest ago go, unless they are connected', async () => {
  const { url } = await receiver((_, response) => void response.end('ok'));
  const pools = hostPools({ placesPerHost: 2, most: 3 });
  const poolOf = (host: string) => pools.poolOf(new URL(host));
  const busy = poolOf(url);
  const answer = await busy.request({ path: '/', method: 'GET' });
  await answer.body.dump();
  const [older, newer] = [poolOf('http://older.test'), poolOf('http://newer.test')];
  expect(poolOf('http://older.test/another/path')).toBe(older);
  poolOf('http://one-more.test');
  expect(poolOf(url)).toBe(busy);
  expect(poolOf('http://older.test')).toBe(older);
  expect(poolOf('http://newer.test')).not.toBe(newer);
  await pools.close();
});

test('a pool whose call has not reached its host yet is not forgotten', async () => {
  const sockets: Socket[] = [];
  const port = await listen(createServer((socket) => void sockets.push(socket)));
  const pools = hostPools({ placesPerHost: 1, most: 1 });
  const waiting = pools.poolOf(new URL(`http://127.0.0.1:${port}`));
  const asked = waiting.request({ path: '/', method: 'GET' });
  pools.poolOf(new URL('http://another.test'));
  expect(pools.poolOf(new URL(`http://127.0.0.1:${port}`))).toBe(waiting);
  await pools.close();
  await expect(asked).rejects.toThrow();
});

test('closing the client fails the call under way, and those to whatever host after it', async () => {
  const hanging = await receiver(() => undefined);
  const other = await receiver((_, response) => void response.end('ok'));
  const made = client();
  const underWay = made.deliverWebhook(call(hanging.url), never);
  await expect.poll(() => hanging.received.length).toBe(1);
  await made.close();
  expect(await underWay).toMatchObject({ kind: 'failed' });
  expect(await made.deliverWebhook(call(other.url), never)).toMatchObject({ kind: 'failed' });
  expect(other.received).toEqual([]);
});
