import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { Status } from '../contract/status.ts';
import type { ManageApi } from '../manage-api.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';

type Shown = z.output<typeof Status>;

/** What the control database knows of it. */
export type ReadStatus = (now: Temporal.Instant) => Promise<Omit<Shown, 'version' | 'now' | 'queues'>>;
/** How many messages each queue holds, about. Throws when the storage is away. */
type CountMessages = () => Promise<NonNullable<Shown['queues']>>;

export interface StatusPorts {
  clock: Clock;
  log: Logger;
  version: string;
  readStatus: ReadStatus;
  countMessages: CountMessages;
}

const route = createRoute({
  method: 'get',
  path: '/status',
  operationId: 'showStatus',
  tags: ['status'],
  summary: 'How it is going',
  request: { query: z.strictObject({}) },
  responses: { 200: jsonAnswer(Status, 'As of now.'), ...problemAnswers },
});

/** So long the storage may take. */
const patience = { seconds: 4 };

export function showStatus(api: ManageApi, ports: StatusPorts): void {
  const { clock, version, readStatus } = ports;
  api.openapi(route, async (context) => {
    const now = clock.now();
    const [known, queues] = await Promise.all([readStatus(now), countedBy(now.add(patience), ports)]);
    return context.json({ version, now: now.toString(), queues, ...known }, 200);
  });
}

/** Whoever asks how it is going while the storage is away is told all the rest. */
async function countedBy(
  until: Temporal.Instant,
  { clock, log, countMessages }: StatusPorts,
): Promise<Shown['queues']> {
  const counted = new AbortController();
  const tooLong = clock.waitUntil(until, counted.signal).then(() => {
    throw new Error(`No answer within ${patience.seconds} s.`);
  });
  try {
    return await Promise.race([countMessages(), tooLong]);
  } catch (cause) {
    log.warn('status.queues-unknown', { error: String(cause) });
    return null;
  } finally {
    counted.abort();
  }
}
