import { existsSync, readFileSync } from 'node:fs';
import { atMost, information, type Figure } from './figure.ts';
import { openSendingWorld } from './sending-world.ts';

const recipients = 10_000;
const pageBytes = 4_096;
const everyMs = 50;

/** As little as it can do with. Without it V8 leaves garbage lie as long as the machine has memory to spare. */
const heapOfHost = '--max-old-space-size=160 --max-semi-space-size=2';

/** Memory of the host's process while one alert goes to 10,000 recipients. Linux only (/proc). */
export async function measureMemory(): Promise<Figure[]> {
  if (!existsSync('/proc/self/statm')) return [];
  await using world = await openSendingWorld({
    tenants: 1,
    hosts: 'each',
    profiles: [100, recipients],
    receiverDelayMs: 20,
  });
  const host = world.startHost({ NODE_OPTIONS: heapOfHost });
  try {
    await host.ready;
    await world.send({ alerts: 10, recipients: 100 });
    const samples: { at: number; megabytes: number }[] = [];
    const sampling = setInterval(() => {
      samples.push({ at: Date.now(), megabytes: residentMegabytes(host.pid) });
    }, everyMs);
    const { due, doneMs } = await world.send({ alerts: 1, recipients });
    clearInterval(sampling);
    const most = (from: number, to: number) =>
      Math.max(...samples.filter(({ at }) => at >= from && at <= to).map(({ megabytes }) => megabytes));
    const half = due + doneMs / 2;
    const growth = most(half, Infinity) - most(due, half);
    return [
      information('10,000 recipients: delivered and on record after', doneMs / 1_000, 's'),
      atMost('10,000 recipients: memory of the host, at most', most(0, Infinity), 'MB', 250),
      atMost('10,000 recipients: growth in the second half', growth, 'MB', 5),
    ];
  } finally {
    await host.close();
  }
}

function residentMegabytes(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return (pages * pageBytes) / 2 ** 20;
}
