import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import { type Execution, ExecutionList, executionState } from '../contract/executions.ts';
import { alertCode, cursor, instant, limit, reasonCode, tenantCode } from '../contract/values.ts';
import type { ManageApi } from '../manage-api.ts';
import { pageOf } from '../page.ts';
import { requireNamed } from '../require-named.ts';
import { refuseEmptySpan } from '../refuse-empty-span.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';
import type { FindNamed } from './pause.ts';

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
      tenant: tenantCode.optional(),
      state: executionState.optional(),
      reason: reasonCode.optional(),
      from: instant.optional().openapi({ description: 'Of the occurrence, inclusive.' }),
      to: instant.optional().openapi({ description: 'Of the occurrence, exclusive.' }),
      cursor: cursor.optional(),
      limit,
    }),
  },
  responses: { 200: jsonAnswer(ExecutionList, 'A page of executions.'), ...problemAnswers },
});

export function listExecutions(
  api: ManageApi,
  { findExecutions, findNamed }: { findExecutions: FindExecutions; findNamed: FindNamed },
): void {
  api.openapi(route, async (context) => {
    const { limit: most, cursor: below, ...filter } = context.req.valid('query');
    refuseEmptySpan(filter);
    const read = (size: number) => findExecutions({ ...filter, below, limit: size });
    const { items: executions, next } = await pageOf(most, read, ({ id }) => id);
    if (executions.length === 0) await requireNamed(filter, findNamed);
    return context.json({ executions, next }, 200);
  });
}
