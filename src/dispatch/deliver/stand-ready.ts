import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { DispatchPolicy } from '../dispatch-policy.ts';
import type { ComposeBody, ComposedBody } from '../message/compose-body.ts';
import { contentOf, type Payload } from '../message/payload.ts';
import type { WebhookTarget } from '../webhook/read-webhook.ts';
import type { ConnectAhead } from './deliver-webhook.ts';
import type { TakenDelivery } from './take-deliveries.ts';

export interface ReadyPorts {
  clock: Clock;
  connectAhead: ConnectAhead;
  composeBody: ComposeBody;
  policy: Pick<DispatchPolicy, 'callsAtOnce'>;
}

interface ReadyJob {
  executionId: number;
  payload: Payload;
  target: Pick<WebhookTarget, 'url'>;
  deliveries: readonly TakenDelivery[];
}

/** By delivery. */
export type ComposedBodies = ReadonlyMap<number, ComposedBody>;

/** So long before the instant connections are opened: time for a slow one, and not so much that they are closed again. */
const lead = { seconds: 2 };

/**
 * Until shortly before the instant: then the connections are open and the first body is composed, so that nothing is left
 * to do at the instant but to post. Only the first: the bodies of everybody who waits would fill the memory.
 */
export async function standReady(
  { clock, connectAhead, composeBody, policy }: ReadyPorts,
  { executionId, payload, target, deliveries }: ReadyJob,
  instant: Temporal.Instant,
): Promise<ComposedBodies> {
  const [first] = deliveries;
  if (first === undefined || clock.now().epochMilliseconds >= instant.epochMilliseconds) return new Map();
  await clock.waitUntil(instant.subtract(lead));
  connectAhead(target.url, Math.min(deliveries.length, policy.callsAtOnce));
  const body = await composeBody(payload.format, contentOf(payload, executionId, first));
  return new Map([[first.id, body]]);
}
