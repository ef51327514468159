import { createRoute, z } from '@hono/zod-openapi';
import { actOf, logAct, type Act, type ActPorts } from '../act.ts';
import { Fault, faultId } from '../contract/faults.ts';
import { why } from '../contract/values.ts';
import { operatorHeader } from '../contract/acts.ts';
import type { ManageApi } from '../manage-api.ts';
import { Problem } from '../problem.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';
import type { FindFaults } from './list-faults.ts';
import { knownFault } from './retry-fault.ts';

/** Takes a fault that waits for its mail out of the outbox. False: none waits under that number. */
export type DiscardFault = (id: number, why: string, act: Act) => Promise<boolean>;

export interface DiscardFaultPorts extends ActPorts {
  findFaults: FindFaults;
  discardFault: DiscardFault;
}

/** The reason stands in the address: a body of a DELETE is dropped on many ways. */
const route = createRoute({
  method: 'delete',
  path: '/faults/{id}',
  operationId: 'discardFault',
  tags: ['faults'],
  summary: 'Discard a fault before anybody is told of it',
  description: 'Its row stays, with who discarded it and why. Repeated, it changes nothing.',
  request: {
    params: z.strictObject({ id: faultId }),
    query: z.strictObject({ why: why.openapi({ description: 'For those who read it later.' }) }),
    headers: operatorHeader,
  },
  responses: { 200: jsonAnswer(Fault, 'The fault, discarded.'), ...problemAnswers },
});

export function discardFault(api: ManageApi, ports: DiscardFaultPorts): void {
  const { log, findFaults } = ports;
  api.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const { why: reason } = context.req.valid('query');
    const what = { act: 'fault.discard', on: `fault ${id}`, detail: { why: reason } };
    const act = actOf(context.req.raw.headers, what, ports);
    if (await ports.discardFault(id, reason, act)) logAct(act, log);
    const fault = await knownFault(id, findFaults);
    if (fault.state === 'reported')
      throw new Problem('fault_reported', `Fault ${id} was reported at ${fault.reportedAt}.`);
    return context.json(fault, 200);
  });
}
