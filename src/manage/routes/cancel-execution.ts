import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import { actOf, logAct, type Act, type ActPorts } from '../act.ts';
import { Cancelled, CancelRequest, operatorHeader } from '../contract/acts.ts';
import { executionId } from '../contract/executions.ts';
import type { ManageApi } from '../manage-api.ts';
import { noRow } from '../no-row.ts';
import { Problem } from '../problem.ts';
import { jsonAnswer, optionalJsonBody, problemAnswers } from './answers.ts';

type Refused =
  | { kind: 'unknown' }
  /** Of the system before us. */
  | { kind: 'foreign' }
  | { kind: 'finished'; state: string }
  /** Nothing of it is open any more, but its end is not stored yet. */
  | { kind: 'ending' }
  /** At the latest then whoever calls the webhook has said what came of it. */
  | { kind: 'calling'; until: Temporal.Instant };

/**
 * Gives an execution its final state, with the audit entry, unless its webhook may be called for it just now. `detail` is
 * a sentence for operators. What was not sent is not sent any more.
 */
export type CancelExecution = (
  asked: { id: number; detail: string },
  act: Act,
) => Promise<{ kind: 'cancelled'; cancelled: z.output<typeof Cancelled> } | Refused>;

export interface CancelPorts extends ActPorts {
  cancelExecution: CancelExecution;
}

const route = createRoute({
  method: 'post',
  path: '/executions/{id}/cancel',
  operationId: 'cancelExecution',
  tags: ['executions'],
  summary: 'Cancel an execution before it goes out, or between retries',
  description:
    'What was not sent becomes final with the reason `cancelada_por_operador`. The occurrence is not claimed again. Refused while the webhook is being called.',
  request: {
    params: z.strictObject({ id: executionId }),
    query: z.strictObject({}),
    headers: operatorHeader,
    body: optionalJsonBody(CancelRequest),
  },
  responses: { 200: jsonAnswer(Cancelled, 'How it has ended.'), ...problemAnswers },
});

export function cancelExecution(api: ManageApi, ports: CancelPorts): void {
  api.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const { why } = context.req.valid('json');
    const what = { act: 'cancel', on: `execution ${id}`, detail: why === undefined ? null : { why } };
    const act = actOf(context.req.raw.headers, what, ports);
    const detail = `La canceló ${act.who === 'unknown' ? 'un operador' : act.who}${why === undefined ? '' : `: ${why}`}.`;
    const done = await ports.cancelExecution({ id, detail }, act);
    if (done.kind !== 'cancelled') throw refusal(done, id);
    logAct(act, ports.log);
    return context.json(done.cancelled, 200);
  });
}

function refusal(refused: Refused, id: number): Problem {
  switch (refused.kind) {
    case 'unknown':
      return noRow('execution', id);
    case 'foreign':
      return new Problem(
        'foreign_execution',
        `Execution ${id} was written by the system before Vigía: cancel it there.`,
      );
    case 'finished':
      return new Problem('execution_finished', `Execution ${id} is ${refused.state} already.`);
    case 'ending':
      return new Problem('execution_finished', `Nothing of execution ${id} is left to cancel: it is ending.`);
    case 'calling':
      return new Problem(
        'call_under_way',
        `The webhook is being called for execution ${id}. Try again when it waits for a retry, at the latest at ${refused.until.toString()}.`,
      );
  }
}
