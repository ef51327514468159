import { createRoute, z } from '@hono/zod-openapi';
import { ExecutionDetails, executionId } from '../contract/executions.ts';
import { cursor, limit } from '../contract/values.ts';
import type { ManageApi } from '../manage-api.ts';
import { Problem } from '../problem.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';

type Shown = Omit<z.output<typeof ExecutionDetails>, 'next'>;

/** With the deliveries after that id, in the order of their ids; null = there is no such execution. */
export type ReadExecution = (
  id: number,
  deliveries: { after: number; limit: number },
) => Promise<Shown | null>;

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

export function showExecution(api: ManageApi, { readExecution }: { readExecution: ReadExecution }): void {
  api.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const { cursor: after = 0, limit: most } = context.req.valid('query');
    const found = await readExecution(id, { after, limit: most + 1 });
    if (found === null) throw new Problem('unknown_execution', `CT_Scheduler_Alertas has no row ${id}.`);
    const deliveries = found.deliveries.slice(0, most);
    const next = found.deliveries.length > most ? String(deliveries.at(-1)?.id) : null;
    return context.json({ ...found, deliveries, next }, 200);
  });
}
