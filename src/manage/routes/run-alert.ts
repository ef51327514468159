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
import { idempotencyKey, MadeExecution, RunRequest } from '../contract/acts.ts';
import { alertCode } from '../contract/values.ts';
import type { ManageApi } from '../manage-api.ts';
import { noRow } from '../no-row.ts';
import { jsonAnswer, optionalJsonBody, problemAnswers } from './answers.ts';

/** What is asked for. */
export interface AskedExecution {
  alert: string;
  /** sch_Clave */
  key: string;
  /** With a destination it is a trial, of an alert in whatever condition. */
  request: Pick<ExecutionRequest, 'persons' | 'confirmRecipients' | 'destination'>;
}

/**
 * Stores an execution that an operator asks for, with its audit entry (under the code as the table has it), unless
 * something stands against it. Two at once of one alert are decided one after the other.
 */
export type MakeExecution = (
  asked: AskedExecution,
  act: Act,
) => Promise<Made | Obstacle | { kind: 'unknown' }>;

export interface RunPorts extends ActPorts {
  makeExecution: MakeExecution;
  enqueueExecutions: EnqueueExecutions;
}

const run = createRoute({
  method: 'post',
  path: '/alerts/{code}/run',
  operationId: 'runAlert',
  tags: ['alerts'],
  summary: 'Run an alert now, for everyone or for the named persons',
  description:
    'An execution of its own beside those of the agenda. Refused while another one has not yet reached its recipients, while the alert or its tenant is inactive, and during a pause.',
  request: {
    params: z.strictObject({ code: alertCode }),
    query: z.strictObject({}),
    headers: idempotencyKey,
    body: optionalJsonBody(RunRequest),
  },
  responses: {
    201: jsonAnswer(MadeExecution, 'The execution.'),
    200: jsonAnswer(MadeExecution, 'The execution that the same request with the same key made before.'),
    ...problemAnswers,
  },
});

export function runAlert(api: ManageApi, ports: RunPorts): void {
  api.openapi(run, async (context) => {
    const { code } = context.req.valid('param');
    const { persons, confirmRecipients } = context.req.valid('json');
    const key = keyOf(context.req.valid('header')['idempotency-key']);
    const request = {
      ...(persons && { persons }),
      ...(confirmRecipients !== undefined && { confirmRecipients }),
    };
    const asked = { alert: code, key, request };
    const made = await make(ports, asked, context.req.raw.headers, { act: 'run', detail: request });
    return made.kind === 'made'
      ? context.json(made.execution, 201, addressOf(made.execution))
      : context.json(made.execution, 200, addressOf(made.execution));
  });
}

/** Stores it, then tells the queue, then the log. Throws what stands against it. */
export async function make(
  ports: RunPorts,
  asked: AskedExecution,
  headers: Headers,
  what: Pick<Act, 'act' | 'detail'>,
): Promise<Made> {
  const act = actOf(headers, { ...what, on: `alert ${asked.alert}` }, ports);
  const made = await ports.makeExecution(asked, act);
  if (made.kind === 'unknown') throw noRow('alert', asked.alert);
  if (made.kind !== 'made' && made.kind !== 'repeated') throw problemOf(made, asked.alert);
  if (made.kind === 'made') {
    await ports.enqueueExecutions([made.toEnqueue]);
    logAct({ ...act, on: `alert ${made.execution.alert}` }, ports.log);
  }
  return made;
}
