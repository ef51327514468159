import { expect, test, vi } from 'vitest';
import { RuleRefused, whileLetIn, type Firewall } from '../../../src/adapters/azure/while-let-in.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { forbidden, resourceManager, rulePath, serverId } from '../../support/resource-manager.ts';

const refusal = new Error('Client with IP address is not allowed');

/** The firewall of a server that Azure knows, with what was told; `given` says what is otherwise. */
async function aFirewall(given: Partial<Firewall> = {}) {
  const azure = await resourceManager();
  const told: string[] = [];
  const clock = clockAt('2026-03-02T15:49:00Z');
  const firewall: Firewall = {
    ...{ serverId, clock, address: '203.0.113.7', management: azure.address },
    isRefused: (error) => error === refusal,
    tell: (line) => told.push(line),
    askForToken: async () => 'token.of.ana',
    ...given,
  };
  return { azure, told, clock, firewall, [Symbol.dispose]: azure[Symbol.dispose] };
}

const methods = (azure: { asked: { method: string }[] }) => azure.asked.map(({ method }) => method);

test('the rule lets the one address in, and is gone when the work has ended', async () => {
  using world = await aFirewall();
  const during: string[] = [];
  const listeners = process.listenerCount('SIGTERM');
  const result = await whileLetIn(world.firewall, async () => {
    during.push(...methods(world.azure));
    return 'done';
  });
  expect({ result, during }).toEqual({ result: 'done', during: ['PUT'] });
  const authorization = 'Bearer token.of.ana';
  const properties = { startIpAddress: '203.0.113.7', endIpAddress: '203.0.113.7' };
  expect(world.azure.asked).toEqual([
    { method: 'PUT', path: rulePath, authorization, body: { properties } },
    { method: 'DELETE', path: rulePath, authorization, body: null },
  ]);
  expect(world.told).toEqual([
    expect.stringMatching(/^The server's firewall does not let 203\.0\.113\.7 in: .*five minutes/),
    'The rule prepare-database is gone again.',
  ]);
  expect(process.listenerCount('SIGTERM')).toBe(listeners);
});

test('the work is tried again until the rule counts', async () => {
  using world = await aFirewall();
  let tries = 0;
  const working = whileLetIn(world.firewall, async () => {
    if (++tries < 3) throw refusal;
  });
  for (const wanted of [1, 2]) {
    await vi.waitFor(() =>
      expect({ tries, waiting: world.clock.waiting }).toEqual({ tries: wanted, waiting: 1 }),
    );
    await world.clock.moveBy({ seconds: 2 });
  }
  await working;
  expect({ tries, methods: methods(world.azure) }).toEqual({ tries: 3, methods: ['PUT', 'DELETE'] });
});

test('the rule is gone when the work fails', async () => {
  using world = await aFirewall();
  const work = async () => Promise.reject(new Error('No table.'));
  await expect(whileLetIn(world.firewall, work)).rejects.toThrow('No table.');
  expect(methods(world.azure)).toEqual(['PUT', 'DELETE']);
});

test('after six minutes without effect it is over, and the rule is gone', async () => {
  using world = await aFirewall();
  const ended = expect(whileLetIn(world.firewall, async () => Promise.reject(refusal))).rejects.toBe(refusal);
  await vi.waitFor(() => expect(world.clock.waiting).toBe(1));
  await world.clock.moveBy({ minutes: 6 });
  await ended;
  expect(methods(world.azure)).toEqual(['PUT', 'DELETE']);
});

test('who may not make rules is told so, and nothing is tried', async () => {
  using world = await aFirewall();
  world.azure.answers.PUT = forbidden;
  const failing = whileLetIn(world.firewall, async () => expect.fail('It is not let in.'));
  await expect(failing).rejects.toThrow(
    new RuleRefused(
      'The rule prepare-database cannot be made: 403 AuthorizationFailed: No role over the scope.',
    ),
  );
  expect(methods(world.azure)).toEqual(['PUT']);
});

test('a rule that cannot be taken away is named, with the command for it', async () => {
  using world = await aFirewall();
  world.azure.answers.DELETE = { status: 409, body: { error: { code: 'ScopeLocked', message: 'A lock.' } } };
  await whileLetIn(world.firewall, async () => undefined);
  expect(world.told.at(-1)).toBe(
    `The rule prepare-database still lets 203.0.113.7 in (409 ScopeLocked: A lock.): az sql server firewall-rule delete --ids ${serverId}/firewallRules/prepare-database`,
  );
});

test('a rule that Azure may have made all the same is taken away', async () => {
  using world = await aFirewall();
  world.azure.answers.PUT = { status: 307 };
  await expect(whileLetIn(world.firewall, async () => undefined)).rejects.toThrow(RuleRefused);
  expect(methods(world.azure)).toEqual(['PUT', 'DELETE']);
});

test.each([
  [{ serverId: '@elsewhere.example.com/x' }, /is not the id of an Azure SQL server/],
  [{ serverId: `.example.com${serverId}` }, /is not the id of an Azure SQL server/],
  // All of Azure.
  [{ address: '0.0.0.0' }, /is not an address that can be let in/],
  [{ address: '203.0.113.0/24' }, /is not an address that can be let in/],
  [
    { askForToken: async () => Promise.reject(new Error('Please run az login.')) },
    /^The rule prepare-database cannot be made: Please run az login\.$/,
  ],
])('with %j no rule is asked for, and no token shown', async (given, sentence) => {
  using world = await aFirewall(given);
  const failing = whileLetIn(world.firewall, async () => expect.fail('It is not let in.'));
  await expect(failing).rejects.toThrow(RuleRefused);
  await expect(failing).rejects.toThrow(sentence);
  expect(world.azure.asked).toEqual([]);
});
