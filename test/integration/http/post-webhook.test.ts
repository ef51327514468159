import { Agent, buildConnector } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { postWebhook } from '../../../src/adapters/http/post-webhook.ts';
import { receiver } from './a-receiver.ts';

test('what ran out of time before its connection was open is not sent when it opens', async () => {
  const { url: text, received } = await receiver((_, response) => void response.end());
  const mayConnect = Promise.withResolvers<void>();
  const connect = buildConnector({});
  const agent = new Agent({
    connections: 1,
    connect: (place, callback) => void mayConnect.promise.then(() => connect(place, callback)),
  });
  onTestFinished(() => agent.destroy());
  const url = URL.parse(text) ?? expect.unreachable();
  const post = async (body: string, timeoutMs: number) =>
    await postWebhook(agent, { url, headers: {}, body, timeoutMs });
  expect(await post('late', 1)).toEqual({ kind: 'expired' });
  mayConnect.resolve();
  expect(await post('in time', 5_000)).toMatchObject({ kind: 'answered', status: 200 });
  expect(received.map(({ body }) => body.toString())).toEqual(['in time']);
});
