import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { within } from '../../core/within.ts';
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

/** Seconds that the storage may take. */
const patience = 4;

export function showStatus(api: ManageApi, ports: StatusPorts): void {
  const { clock, version, readStatus } = ports;
  api.openapi(route, async (context) => {
    const now = clock.now();
    const [known, queues] = await Promise.all([readStatus(now), countedInTime(ports)]);
    return context.json({ version, now: now.toString(), queues, ...known }, 200);
  });
}

/** Whoever asks how it is going while the storage is away is told all the rest. */
async function countedInTime({ clock, log, countMessages }: StatusPorts): Promise<Shown['queues']> {
  try {
    return await within(patience, countMessages(), clock);
  } catch (cause) {
    log.warn('status.queues-unknown', { error: String(cause) });
    return null;
  }
}
