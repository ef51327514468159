import { isIPv4 } from 'node:net';
import { constants } from 'node:os';
import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';

/** Other clouds have other addresses; there nobody is let in. */
const publicAzure = 'https://management.azure.com';
/** https://learn.microsoft.com/rest/api/sql/firewall-rules/create-or-update */
const apiVersion = '2025-01-01';
const ruleName = 'prepare-database';
const serverIdForm =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w.()-]+\/providers\/Microsoft\.Sql\/servers\/[a-z0-9-]+$/i;
/** What stands for all of Azure in a rule. */
const everywhere = '0.0.0.0';
const retryAfter = { seconds: 2 };
/** Azure says that a rule may take five minutes to count. */
const patience = { minutes: 6 };
const answerMs = 60_000;
const longestReason = 300;
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The rule cannot be made. The message says why. */
export class RuleRefused extends Error {}

export interface Firewall {
  /** Of the server, as Azure Resource Manager knows it: /subscriptions/…/servers/NAME. */
  serverId: string;
  /** The one address that is let in, IPv4. */
  address: string;
  clock: Clock;
  /** Whether an error of the work says that the server does not let it in yet. */
  isRefused: (error: unknown) => boolean;
  /** Gets a line for whoever waits. */
  tell: (line: string) => void;
  askForToken?: () => Promise<string>;
  management?: string;
}

/**
 * Lets an address through the firewall of an Azure SQL server, does the work as soon as that counts, and takes the rule
 * away in any case: also when the work fails, or a signal ends the process. Throws RuleRefused where Azure does not let
 * the rule be made, and whatever the work throws.
 */
export async function whileLetIn<Result>(firewall: Firewall, work: () => Promise<Result>): Promise<Result> {
  const rule = ruleOf(firewall);
  const end = (signal: (typeof endings)[number]) =>
    void rule.remove().finally(() => process.exit(128 + constants.signals[signal]));
  for (const ending of endings) process.once(ending, end);
  try {
    await rule.make();
    return await onceLetIn(firewall, work);
  } finally {
    await rule.remove();
    for (const ending of endings) process.off(ending, end);
  }
}

async function onceLetIn<Result>(
  { clock, isRefused }: Firewall,
  work: () => Promise<Result>,
): Promise<Result> {
  const until = clock.now().add(patience);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isRefused(error) || Temporal.Instant.compare(clock.now(), until) >= 0) throw error;
      await clock.waitUntil(clock.now().add(retryAfter));
    }
  }
}

function ruleOf(firewall: Firewall) {
  const {
    serverId,
    address,
    tell,
    askForToken = tokenOfWhoeverIsSignedIn,
    management = publicAzure,
  } = firewall;
  let mayStand = false;
  let making: Promise<void> | undefined;
  let removing: Promise<void> | undefined;

  async function ask(method: 'PUT' | 'DELETE', body?: unknown): Promise<Response> {
    const authorization = `Bearer ${await askForToken()}`;
    mayStand = true;
    return fetch(`${management}${serverId}/firewallRules/${ruleName}?api-version=${apiVersion}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(answerMs),
    });
  }

  async function make(): Promise<void> {
    if (!serverIdForm.test(serverId))
      throw new RuleRefused(`${serverId} is not the id of an Azure SQL server.`);
    if (!isIPv4(address) || address === everywhere)
      throw new RuleRefused(`${address} is not an address that can be let in.`);
    tell(
      `The server's firewall does not let ${address} in: its rule ${ruleName} does so until this is done. Azure may take five minutes to heed it …`,
    );
    const answer = await ask('PUT', { properties: { startIpAddress: address, endIpAddress: address } });
    if (answer.ok) return;
    mayStand = false;
    throw new Error(await reasonOf(answer));
  }

  async function remove(): Promise<void> {
    await making?.catch(() => undefined);
    if (!mayStand) return;
    const why = await ask('DELETE').then(
      async (answer) => (answer.ok || answer.status === 404 ? null : await reasonOf(answer)),
      whyOf,
    );
    tell(
      why === null
        ? `The rule ${ruleName} is gone again.`
        : `The rule ${ruleName} still lets ${address} in (${why}): az sql server firewall-rule delete --ids ${serverId}/firewallRules/${ruleName}`,
    );
  }

  return {
    make: () =>
      (making ??= make().catch((error: unknown) => {
        if (error instanceof RuleRefused) throw error;
        throw new RuleRefused(`The rule ${ruleName} cannot be made: ${whyOf(error)}`, { cause: error });
      })),
    remove: () => (removing ??= remove()),
  };
}

/** Loaded when needed: it takes a while. */
async function tokenOfWhoeverIsSignedIn(): Promise<string> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  const { token } = await new DefaultAzureCredential().getToken(`${publicAzure}/.default`);
  return token;
}

/** `403 AuthorizationFailed: …`. */
async function reasonOf(answer: Response): Promise<string> {
  const said = await answer.text();
  try {
    const { error } = JSON.parse(said);
    return shortened(`${answer.status} ${error.code}: ${error.message}`);
  } catch {
    return shortened(`${answer.status} ${said}`);
  }
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return shortened(String(error));
  const { cause } = error;
  return shortened(cause instanceof Error ? `${error.message}: ${cause.message}` : error.message);
}

function shortened(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, longestReason);
}
