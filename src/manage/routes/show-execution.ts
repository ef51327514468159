import { createRoute, z } from '@hono/zod-openapi';
import { ExecutionDetails, executionId } from '../contract/executions.ts';
import { cursor, limit } from '../contract/values.ts';
import type { ManageApi } from '../manage-api.ts';
import { pageOf } from '../page.ts';
import { noRow } from '../no-row.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';

type Shown = z.output<typeof ExecutionDetails>;

/** null = there is no such execution. */
export type ReadExecution = (id: number) => Promise<Omit<Shown, 'deliveries' | 'next'> | null>;

/** Of an execution, those after that id, in the order of their ids. */
export type ReadDeliveries = (
  id: number,
  page: { after: number; limit: number },
) => Promise<readonly Shown['deliveries'][number][]>;

export interface ExecutionPorts {
  readExecution: ReadExecution;
  readDeliveries: ReadDeliveries;
}

const route = createRoute({
  method: 'get',
  path: '/executions/{id}',
  operationId: 'showExecution',
  tags: ['executions'],
  summary: 'One execution with its deliveries, what they said and what became of them',
  request: {
    params: z.strictObject({ id: executionId }),
    query: z.strictObject({ cursor: cursor.optional(), limit }),
  },
  responses: { 200: jsonAnswer(ExecutionDetails, 'The execution.'), ...problemAnswers },
});

export function showExecution(api: ManageApi, { readExecution, readDeliveries }: ExecutionPorts): void {
  api.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const { cursor: after = 0, limit: most } = context.req.valid('query');
    const found = await readExecution(id);
    if (found === null) throw noRow('execution', id);
    const read = (size: number) => readDeliveries(id, { after, limit: size });
    const { items: deliveries, next } = await pageOf(most, read, (delivery) => delivery.id);
    return context.json({ ...found, deliveries, next }, 200);
  });
}
