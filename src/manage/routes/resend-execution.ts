import { createRoute, z } from '@hono/zod-openapi';
import type { ExecutionRequest } from '../../domain/execution-request.ts';
import { actOf, logAct, type Act, type ActPorts } from '../act.ts';
import {
  addressOf,
  keyOf,
  problemOf,
  type EnqueueExecutions,
  type Made,
  type Obstacle,
} from '../asked-execution.ts';
import { idempotencyKey, Resent, ResendRequest } from '../contract/acts.ts';
import { executionId } from '../contract/executions.ts';
import type { ManageApi } from '../manage-api.ts';
import { noRow } from '../no-row.ts';
import { Problem } from '../problem.ts';
import { jsonAnswer, optionalJsonBody, problemAnswers } from './answers.ts';

export interface AskedResend {
  id: number;
  /** sch_Clave */
  key: string;
  request: Pick<ExecutionRequest, 'persons' | 'confirmRecipients' | 'everyone'>;
}

type Refused =
  | { kind: 'unknown' }
  /** Of the system before us, or a trial. */
  | { kind: 'foreign' }
  | { kind: 'trial'; alert: string }
  | { kind: 'open'; state: string }
  /** It was never prepared, and that execution has prepared it anew since. */
  | { kind: 'already-resent'; executionId: number }
  | { kind: 'nothing'; leftOut: z.output<typeof Resent>['leftOut'] };

/** Stores an execution that sends another one again, with its audit entry, unless something stands against it. */
export type ResendExecution = (
  asked: AskedResend,
  act: Act,
) => Promise<Made<z.output<typeof Resent>> | (Obstacle & { alert: string }) | Refused>;

export interface ResendPorts extends ActPorts {
  resendExecution: ResendExecution;
  enqueueExecutions: EnqueueExecutions;
}

const route = createRoute({
  method: 'post',
  path: '/executions/{id}/resend',
  operationId: 'resendExecution',
  tags: ['executions'],
  summary: 'Send an execution again to those who did not get it',
  description:
    'A new execution, linked to this one. What was prepared is sent as it was: same texts and rows, and to those whom nothing was accepted for the same bytes under the same `webhook-id`. What was never prepared is prepared anew with the occurrence of this one.',
  request: {
    params: z.strictObject({ id: executionId }),
    query: z.strictObject({}),
    headers: idempotencyKey,
    body: optionalJsonBody(ResendRequest),
  },
  responses: {
    201: jsonAnswer(Resent, 'The new execution, and who is left out.'),
    200: jsonAnswer(Resent, 'What the same request with the same key made before.'),
    ...problemAnswers,
  },
});

export function resendExecution(api: ManageApi, ports: ResendPorts): void {
  api.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const { recipients, persons, confirmRecipients } = context.req.valid('json');
    const key = keyOf(context.req.valid('header')['idempotency-key']);
    const request = {
      ...(persons && { persons }),
      ...(confirmRecipients !== undefined && { confirmRecipients }),
      ...(recipients === 'all' && { everyone: true as const }),
    };
    const what = { act: 'resend', on: `execution ${id}`, detail: request };
    const act = actOf(context.req.raw.headers, what, ports);
    const made = await ports.resendExecution({ id, key, request }, act);
    if (made.kind === 'repeated') return context.json(made.execution, 200, addressOf(made.execution));
    if (made.kind !== 'made') throw refusal(made, id);
    await ports.enqueueExecutions([made.toEnqueue]);
    logAct(act, ports.log);
    return context.json(made.execution, 201, addressOf(made.execution));
  });
}

function refusal(refused: Refused | (Obstacle & { alert: string }), id: number): Problem {
  switch (refused.kind) {
    case 'unknown':
      return noRow('execution', id);
    case 'foreign':
      return new Problem(
        'foreign_execution',
        `Execution ${id} was written by the system before Vigía, which keeps nothing that could be sent again. Use POST alerts/{code}/run.`,
      );
    case 'trial':
      return new Problem(
        'nothing_to_resend',
        `Execution ${id} was a test. Send another one with POST alerts/${refused.alert}/test.`,
      );
    case 'open':
      return new Problem(
        'execution_open',
        `Execution ${id} is ${refused.state}: it may still reach its recipients by itself. Wait for its end, or cancel it with POST executions/${id}/cancel.`,
      );
    case 'already-resent':
      return new Problem(
        'already_resent',
        `Execution ${id} was prepared anew as execution ${refused.executionId}. Send that one again, or this one with "recipients": "all".`,
      );
    case 'nothing':
      return new Problem('nothing_to_resend', nothingDetail(id, refused.leftOut));
    case 'alert-inactive':
    case 'tenant-inactive':
    case 'paused':
    case 'under-way':
    case 'key-used':
      return problemOf(refused, refused.alert);
  }
}

const reasons = {
  accepted: 'accepted already ("recipients": "all" sends it once more)',
  no_contact: 'without a usable contact (mend it, then POST alerts/{code}/run with "persons")',
  duplicate: 'the same destination and text as another one',
  not_a_recipient: 'not among its recipients',
} as const;

function nothingDetail(id: number, leftOut: z.output<typeof Resent>['leftOut']): string {
  const counts = Object.entries(reasons).flatMap(([why, words]) => {
    const those = leftOut.filter((each) => each.why === why);
    const names = those.slice(0, 5).map(({ person }) => person);
    const more = those.length > names.length ? '…' : '';
    return those.length === 0 ? [] : [`${those.length} ${words}: ${names.join(', ')}${more}`];
  });
  return `Execution ${id} has nobody to be sent to again${counts.length === 0 ? '' : `: ${counts.join('; ')}`}.`;
}
