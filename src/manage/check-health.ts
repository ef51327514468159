import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';

/** Now of the last finished scan; null = none yet. Throws when the control database is away. */
export type ReadLastScan = () => Promise<Temporal.Instant | null>;
/** Throws when the queue cannot be reached. */
type ReachQueue = () => Promise<void>;

export interface HealthPorts {
  clock: Clock;
  log: Logger;
  readLastScan: ReadLastScan;
  reachQueue: ReachQueue;
}

export type Health = 'healthy' | 'failing';

/** So old an answer may be: whoever asks often asks the servers no oftener. */
const kept = { seconds: 5 };
/** So long the servers may take. */
const patience = { seconds: 4 };
const longestWithoutScan = { minutes: 3 };

/** Whether alerts go out: control database and queue can be reached, and scans finish. */
export function checkHealth(ports: HealthPorts): () => Promise<Health> {
  let last: { until: Temporal.Instant; health: Promise<Health> } | undefined;
  return () => {
    const now = ports.clock.now();
    if (last === undefined || last.until.epochMilliseconds <= now.epochMilliseconds)
      last = { until: now.add(kept), health: look(ports, now) };
    return last.health;
  };
}

async function look(
  { clock, log, readLastScan, reachQueue }: HealthPorts,
  now: Temporal.Instant,
): Promise<Health> {
  const answered = new AbortController();
  const tooLong = clock.waitUntil(now.add(patience), answered.signal).then(() => {
    throw new Error(`No answer within ${patience.seconds} s.`);
  });
  // Each tells its own: whoever mends one need not find out about the other afterwards.
  const fail = (cause: unknown) => {
    log.error('health.failing', {}, cause);
    return 'failing' as const;
  };
  const asked = Promise.all([readLastScan().catch(fail), reachQueue().catch(fail)]);
  const answers = await Promise.race([asked, tooLong]).catch(fail);
  answered.abort();
  if (answers === 'failing') return 'failing';
  const [lastScan, queue] = answers;
  if (lastScan === 'failing' || queue === 'failing') return 'failing';
  if (lastScan !== null && lastScan.epochMilliseconds > now.subtract(longestWithoutScan).epochMilliseconds)
    return 'healthy';
  log.warn('health.no-scan', { lastScan: lastScan?.toString() ?? 'never' });
  return 'failing';
}
