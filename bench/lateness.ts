import { slots } from '../src/wiring/build-dispatch.ts';
import { atMost, information, quantile, type Figure } from './figure.ts';
import { alertOf, openSendingWorld, type Sent } from './sending-world.ts';

const recipients = 5;

/** How late the first delivery of each alert arrives, with alerts of 50 companies at one second. */
export async function measureLateness(): Promise<Figure[]> {
  await using world = await openSendingWorld({
    tenants: 50,
    hosts: 'each',
    profiles: [recipients],
    receiverDelayMs: 20,
  });
  const host = world.startHost();
  try {
    await host.ready;
    await world.send({ alerts: 200, recipients }); // the first dispatches load and compile what they use
    const few: number[] = [];
    for (let times = 0; times < 4; times++)
      few.push(...firstsOf(await world.send({ alerts: 200, recipients })));
    const many = firstsOf(await world.send({ alerts: 500, recipients }));
    return [
      atMost('lateness of 200 alerts at one second, p50', quantile(few, 0.5), 'ms', 10),
      atMost('lateness of 200 alerts at one second, p99', quantile(few, 0.99), 'ms', 50),
      information('lateness of 500 alerts at one second, p50', quantile(many, 0.5), 'ms'),
      atMost('lateness of 500 alerts at one second, p99', quantile(many, 0.99), 'ms', 600),
    ];
  } finally {
    await host.close();
  }
}

/** For information: more alerts than an instance has places to wait in. */
export function latenessOfBurst(sent: Sent): Figure[] {
  const firsts = firstsOf(sent);
  const name = `lateness of ${firsts.length} alerts at one second in ${slots} slots`;
  return [
    information(`${name}, p50`, quantile(firsts, 0.5), 'ms'),
    information(`${name}, p99`, quantile(firsts, 0.99), 'ms'),
  ];
}

/** ms after the second, by the receiver's clock, of the first delivery of each alert. */
function firstsOf({ due, arrivals }: Sent): number[] {
  const firsts = new Map<string, number>();
  for (const arrival of arrivals) {
    const alert = alertOf(arrival);
    if (!firsts.has(alert)) firsts.set(alert, arrival.at - due);
  }
  return [...firsts.values()];
}
