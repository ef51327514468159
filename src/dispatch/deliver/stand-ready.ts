import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { DispatchPolicy } from '../dispatch-policy.ts';
import type { ComposeBody } from '../message/compose-body.ts';
import { composeCall, type CallJob, type ComposedCall } from './compose-call.ts';
import type { ConnectAhead, SignAhead } from './deliver-webhook.ts';
import type { TakenDelivery } from './take-deliveries.ts';

export interface ReadyPorts {
  clock: Clock;
  connectAhead: ConnectAhead;
  signAhead: SignAhead;
  composeBody: ComposeBody;
  policy: Pick<DispatchPolicy, 'callsAtOnce'>;
}

interface ReadyJob extends CallJob {
  deliveries: readonly TakenDelivery[];
}

/** By delivery. */
export type ReadyCalls = ReadonlyMap<number, ComposedCall>;

/** So long before the instant connections are opened: time for a slow one, and not so much that they are closed again. */
const lead = { seconds: 2 };

/**
 * Until shortly before the instant: then the connections are open and the first call is composed and signed, so that
 * nothing is left to do at the instant but to post. Only the first: the bodies of everybody who waits would fill the memory.
 */
export async function standReady(
  { clock, connectAhead, signAhead, composeBody, policy }: ReadyPorts,
  { deliveries, ...job }: ReadyJob,
  instant: Temporal.Instant,
): Promise<ReadyCalls> {
  const [first] = deliveries;
  if (first === undefined || clock.now().epochMilliseconds >= instant.epochMilliseconds) return new Map();
  await clock.waitUntil(instant.subtract(lead));
  connectAhead(job.target.url, Math.min(deliveries.length, policy.callsAtOnce));
  const composed = await composeCall(composeBody, job, first);
  if (composed.kind === 'invalid') return new Map([[first.id, composed]]);
  return new Map([[first.id, { kind: 'call', call: signAhead(composed.call, instant) }]]);
}
