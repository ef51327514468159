import { createRoute, z } from '@hono/zod-openapi';
import { Fault, faultId } from '../contract/faults.ts';
import type { ManageApi } from '../manage-api.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';
import type { FindFaults } from './list-faults.ts';
import { knownFault } from './retry-fault.ts';

const route = createRoute({
  method: 'get',
  path: '/faults/{id}',
  operationId: 'showFault',
  tags: ['faults'],
  summary: 'One fault',
  request: { params: z.strictObject({ id: faultId }), query: z.strictObject({}) },
  responses: { 200: jsonAnswer(Fault, 'The fault.'), ...problemAnswers },
});

export function showFault(api: ManageApi, { findFaults }: { findFaults: FindFaults }): void {
  api.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    return context.json(await knownFault(id, findFaults), 200);
  });
}
