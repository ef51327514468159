import { whileLetIn } from '../../src/adapters/azure/while-let-in.ts';
import { systemClock } from '../../src/adapters/clock/system-clock.ts';

/** A process whose work has no end. */
const [, , management = '', serverId = ''] = process.argv;
setInterval(() => undefined, 1_000);
await whileLetIn(
  {
    ...{ serverId, management, address: '203.0.113.7', clock: systemClock },
    isRefused: () => true,
    tell: () => undefined,
    askForToken: async () => 'token',
  },
  () => {
    console.log('working');
    return new Promise(() => undefined);
  },
);
