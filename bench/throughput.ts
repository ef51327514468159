import { Agent, request } from 'undici';
import { atLeast, information, type Figure } from './figure.ts';
import { openSendingWorld, type SendingWorld } from './sending-world.ts';

const alerts = 100;
const recipients = 100;
const deliveries = alerts * recipients;
/** Of one host, in the product. */
const connections = 100;

/**
 * 100 alerts of 100 recipients at one second to one gateway, until the last outcome is on record, against a bare loop that
 * posts the same bodies to the same gateway and records nothing.
 */
export async function measureThroughput(): Promise<Figure[]> {
  await using world = await openSendingWorld({
    tenants: 10,
    hosts: 'one',
    profiles: [recipients],
    receiverDelayMs: 0,
  });
  const host = world.startHost();
  try {
    await host.ready;
    await world.send({ alerts: 20, recipients });
    const fast = await compared(world);
    await world.receiver.delay(20);
    const slow = await compared(world);
    const perSecond = (ms: number) => (1_000 * deliveries) / ms;
    return [
      information('deliveries/s on record, gateway that answers at once', perSecond(fast.stackMs), '/s'),
      information('deliveries/s of a bare loop', perSecond(fast.bareMs), '/s'),
      atLeast('stack / bare loop, gateway that answers at once', fast.bareMs / fast.stackMs, '', 0.5),
      information('deliveries/s on record, gateway of 20 ms', perSecond(slow.stackMs), '/s'),
      atLeast('stack / bare loop, gateway of 20 ms', slow.bareMs / slow.stackMs, '', 0.5),
    ];
  } finally {
    await host.close();
  }
}

async function compared(world: SendingWorld): Promise<{ stackMs: number; bareMs: number }> {
  const { doneMs, arrivals } = await world.send({ alerts, recipients });
  const bareMs = await sendBare(
    world,
    arrivals.map(({ body }) => body),
  );
  await world.receiver.take();
  return { stackMs: doneMs, bareMs };
}

async function sendBare({ receiver }: SendingWorld, bodies: readonly string[]): Promise<number> {
  const agent = new Agent({ connections });
  const queue = [...bodies];
  const url = `http://127.0.0.1:${receiver.ports[0]}/email`;
  const worker = async () => {
    for (let body = queue.pop(); body !== undefined; body = queue.pop()) {
      const headers = { 'content-type': 'application/json' };
      const answer = await request(url, { method: 'POST', body, dispatcher: agent, headers });
      await answer.body.dump();
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, worker));
  const took = performance.now() - began;
  await agent.close();
  return took;
}
