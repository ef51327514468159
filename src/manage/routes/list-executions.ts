import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import { type Execution, ExecutionList, executionState } from '../contract/executions.ts';
import { alertCode, cursor, instant, limit } from '../contract/values.ts';
import type { ManageApi } from '../manage-api.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';

interface ExecutionFilter {
  alert?: string | undefined;
  tenant?: string | undefined;
  state?: string | undefined;
  reason?: string | undefined;
  /** Of the occurrence: from inclusive, to exclusive. */
  from?: Temporal.Instant | undefined;
  to?: Temporal.Instant | undefined;
  /** Only ids below. */
  below?: number | undefined;
  limit: number;
}

/** Newest first. */
export type FindExecutions = (filter: ExecutionFilter) => Promise<readonly z.output<typeof Execution>[]>;

const route = createRoute({
  method: 'get',
  path: '/executions',
  operationId: 'listExecutions',
  tags: ['executions'],
  summary: 'What ran, newest first',
  request: {
    query: z.strictObject({
      alert: alertCode.optional(),
      tenant: z.string().min(1).max(50).optional().openapi({ description: 'emp_Cod', example: 'E01' }),
      state: executionState.optional(),
      reason: z.string().min(1).max(40).optional().openapi({ description: 'A code of docs/errors.md.' }),
      from: instant.optional().openapi({ description: 'Of the occurrence, inclusive.' }),
      to: instant.optional().openapi({ description: 'Of the occurrence, exclusive.' }),
      cursor: cursor.optional(),
      limit,
    }),
  },
  responses: { 200: jsonAnswer(ExecutionList, 'A page of executions.'), ...problemAnswers },
});

export function listExecutions(api: ManageApi, { findExecutions }: { findExecutions: FindExecutions }): void {
  api.openapi(route, async (context) => {
    const { limit: most, cursor: below, ...filter } = context.req.valid('query');
    const found = await findExecutions({ ...filter, below, limit: most + 1 });
    const executions = found.slice(0, most);
    const next = found.length > most ? String(executions.at(-1)?.id) : null;
    return context.json({ executions, next }, 200);
  });
}
