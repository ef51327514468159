import { atLeast, information, type Figure } from './figure.ts';
import { latenessOfBurst } from './lateness.ts';
import { sendOneByOne } from './one-by-one.ts';
import { openSendingWorld } from './sending-world.ts';

const alerts = 1_000;
const recipients = 10;
const tenants = 50;
/** Of the sequential way; the rest is reckoned from it. */
const sample = 20;

/** 1,000 alerts of 10 recipients at one second, against the same work done one after the other. */
export async function measureBurst(): Promise<Figure[]> {
  await using world = await openSendingWorld({
    tenants,
    hosts: 'each',
    profiles: [recipients],
    receiverDelayMs: 20,
  });
  const host = world.startHost();
  try {
    await host.ready;
    await world.send({ alerts: 100, recipients });
    const sent = await world.send({ alerts, recipients });
    await host.close();
    const oneByOne = (await sendOneByOne(world, sample, tenants)) * (alerts / sample);
    return [
      ...latenessOfBurst(sent),
      information('burst: 1,000 alerts of 10 recipients, all on record', sent.doneMs / 1_000, 's'),
      information(`burst: one after the other, from ${sample} alerts`, oneByOne / 1_000, 's'),
      atLeast('burst: one after the other / stack', oneByOne / sent.doneMs, '', 20),
    ];
  } finally {
    await host.close();
  }
}
