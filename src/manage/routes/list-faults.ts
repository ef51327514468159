import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import { type Fault, FaultList, faultStates } from '../contract/faults.ts';
import { alertCode, instant, limit, longCursor, reasonCode, tenantCode } from '../contract/values.ts';
import type { ManageApi } from '../manage-api.ts';
import { pageOf } from '../page.ts';
import { requireNamed } from '../require-named.ts';
import { refuseEmptySpan } from '../refuse-empty-span.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';
import type { FindNamed } from './pause.ts';

interface FaultFilter {
  id?: number | undefined;
  state?: (typeof faultStates)[number] | undefined;
  alert?: string | undefined;
  tenant?: string | undefined;
  reason?: string | undefined;
  /** From inclusive, to exclusive. */
  from?: Temporal.Instant | undefined;
  to?: Temporal.Instant | undefined;
  /** Only ids below. */
  below?: number | undefined;
  limit: number;
}

/** Newest first. */
export type FindFaults = (filter: FaultFilter) => Promise<readonly z.output<typeof Fault>[]>;

const route = createRoute({
  method: 'get',
  path: '/faults',
  operationId: 'listFaults',
  tags: ['faults'],
  summary: 'What the administrators are told, were told, or will not be told, newest first',
  request: {
    query: z.strictObject({
      state: z.enum(faultStates).optional(),
      alert: alertCode.optional(),
      tenant: tenantCode.optional(),
      reason: reasonCode.optional(),
      from: instant.optional().openapi({ description: 'Inclusive.' }),
      to: instant.optional().openapi({ description: 'Exclusive.' }),
      cursor: longCursor.optional(),
      limit,
    }),
  },
  responses: { 200: jsonAnswer(FaultList, 'A page of faults.'), ...problemAnswers },
});

export function listFaults(
  api: ManageApi,
  { findFaults, findNamed }: { findFaults: FindFaults; findNamed: FindNamed },
): void {
  api.openapi(route, async (context) => {
    const { limit: most, cursor: below, ...filter } = context.req.valid('query');
    refuseEmptySpan(filter);
    const read = (size: number) => findFaults({ ...filter, below, limit: size });
    const { items: faults, next } = await pageOf(most, read, ({ id }) => id);
    if (faults.length === 0) await requireNamed(filter, findNamed);
    return context.json({ faults, next }, 200);
  });
}
