import { Temporal } from 'temporal-polyfill';
import { runVigia } from '../../../src/cli/run-vigia.ts';
import type { Surroundings } from '../../../src/cli/surroundings.ts';
import type { ManageWorld } from '../manage/manage-world.ts';

export interface Said {
  code: number;
  out: string;
  error: string;
}

/** Runs the command line against the manage API of that world, as a person without a terminal. */
export function cliOver(world: ManageWorld, more: Partial<Surroundings> = {}) {
  const requests: Request[] = [];
  const vigia = async (...args: string[]): Promise<Said> => {
    const said: Said = { code: 0, out: '', error: '' };
    said.code = await runVigia(args, {
      environment: { VIGIA_URL: 'http://vigia.test' },
      fetch: (address, init) => {
        requests.push(new Request(address, init));
        return world.send(address.replace('http://vigia.test/api/', ''), init);
      },
      write: (text) => void (said.out += text),
      writeError: (text) => void (said.error += text),
      colours: false,
      columns: null,
      ask: null,
      user: 'ana',
      zone: 'America/Argentina/Buenos_Aires',
      now: () => Temporal.Instant.from(world.clock.now().toString()),
      ...more,
    });
    return said;
  };
  return { vigia, requests };
}
