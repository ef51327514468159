import { expect, test } from 'vitest';
import { hostPools } from '../../../src/adapters/http/host-pools.ts';
import { receiver } from './a-receiver.ts';

test('a host keeps its pool; beyond the most that are kept, those without a connection are forgotten', async () => {
  const { url } = await receiver((_, response) => void response.end('ok'));
  const pools = hostPools({ placesPerHost: 2, most: 2 });
  const busy = pools.poolOf(new URL(url));
  const answer = await busy.request({ path: '/', method: 'GET' });
  await answer.body.dump();
  const idle = pools.poolOf(new URL('http://one.test'));
  expect(pools.poolOf(new URL('http://one.test/another/path'))).toBe(idle);
  pools.poolOf(new URL('http://two.test'));
  expect(pools.poolOf(new URL(url))).toBe(busy);
  expect(pools.poolOf(new URL('http://one.test'))).not.toBe(idle);
  await pools.close();
});
