import { portsAt, requireFreePorts } from './ports.ts';

/** A port offset at which the whole local stack finds room, below the ports that the system gives to outgoing connections. */
export async function freeOffset(): Promise<number> {
  for (let tries = 0; ; tries++) {
    const offset = 15_000 + Math.floor(Math.random() * 3_000);
    try {
      await requireFreePorts(portsAt(offset));
      return offset;
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}
