import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Arrival, ReceiverOrder, ReceiverSays } from './receiver.ts';

/** The gateways of a bench, in a process of their own. */
export interface Receiver extends AsyncDisposable {
  /** One for each host. */
  ports: readonly number[];
  /** From now on every answer takes that long. */
  delay(ms: number): Promise<void>;
  count(): Promise<number>;
  /** All that arrived since the last time. */
  take(): Promise<Arrival[]>;
}

export async function startReceiver(hosts: number): Promise<Receiver> {
  const program = fileURLToPath(new URL('./receiver.ts', import.meta.url));
  const child = fork(program, [String(hosts)], { serialization: 'advanced' });
  const heard = async () => (await once(child, 'message'))[0] as ReceiverSays;
  const ask = async (order: ReceiverOrder) => {
    child.send(order);
    return await heard();
  };
  const first = await heard();
  if (!('ports' in first)) throw new Error('The receiver did not name its ports.');
  return {
    ports: first.ports,
    delay: async (ms) => void (await ask(ms)),
    async count() {
      const said = await ask('count');
      return 'count' in said ? said.count : 0;
    },
    async take() {
      const said = await ask('take');
      return 'arrivals' in said ? said.arrivals : [];
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
