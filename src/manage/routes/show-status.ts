import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { Status } from '../contract/status.ts';
import type { ManageApi } from '../manage-api.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';

type Shown = z.output<typeof Status>;

/** What the control database knows of it. */
export type ReadStatus = (now: Temporal.Instant) => Promise<Omit<Shown, 'version' | 'now' | 'queues'>>;
/** How many messages each queue holds, about. Throws when the storage is away. */
type CountMessages = () => Promise<Shown['queues']>;

export interface StatusPorts {
  clock: Clock;
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

export function showStatus(api: ManageApi, { clock, version, readStatus, countMessages }: StatusPorts): void {
  api.openapi(route, async (context) => {
    const now = clock.now();
    const [known, queues] = await Promise.all([readStatus(now), countMessages()]);
    return context.json({ version, now: now.toString(), queues, ...known }, 200);
  });
}
