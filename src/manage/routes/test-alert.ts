import { createRoute, z } from '@hono/zod-openapi';
import { addressOf, keyOf } from '../asked-execution.ts';
import { idempotencyKey, MadeExecution, TestRequest } from '../contract/acts.ts';
import { alertCode } from '../contract/values.ts';
import type { ManageApi } from '../manage-api.ts';
import { maskedDestination } from '../masked-destination.ts';
import { noRow } from '../no-row.ts';
import { Problem } from '../problem.ts';
import { invalidRequest } from '../refuse-invalid.ts';
import { jsonAnswer, jsonBody, problemAnswers } from './answers.ts';
import { make, type RunPorts } from './run-alert.ts';

/** cfgcan_Cod of the alert and the country of its tenant; null = there is no such alert. */
export type ReadChannel = (code: string) => Promise<{ channel: string | null; country: string } | null>;

/** A destination as a contact of that channel is read; `detail` says why it is none. */
export type ReadDestination = (
  text: string,
  channel: string,
  country: string,
) => Promise<
  | { kind: 'destination'; destination: string }
  | { kind: 'unusable' }
  /** No contact can be read before the alert, or its tenant, is mended. */
  | { kind: 'misconfigured'; detail: string }
>;

export interface TestPorts extends RunPorts {
  readChannel: ReadChannel;
  readDestination: ReadDestination;
}

const route = createRoute({
  method: 'post',
  path: '/alerts/{code}/test',
  operationId: 'testAlert',
  tags: ['alerts'],
  summary: 'Send one real message of an alert to a destination of yours',
  description:
    'Through the same path as every other: look-up, query, template, webhook. Marked as a test in what the webhook gets (`data.test`, `prueba` in templates) and in the record (origin PRUEBA). Also of an alert that is inactive or paused.',
  request: {
    params: z.strictObject({ code: alertCode }),
    query: z.strictObject({}),
    headers: idempotencyKey,
    body: jsonBody(TestRequest),
  },
  responses: {
    201: jsonAnswer(MadeExecution, 'The execution.'),
    200: jsonAnswer(MadeExecution, 'The execution that the same request with the same key made before.'),
    ...problemAnswers,
  },
});

export function testAlert(api: ManageApi, ports: TestPorts): void {
  api.openapi(route, async (context) => {
    const { code } = context.req.valid('param');
    const { destination: given, person } = context.req.valid('json');
    const key = keyOf(context.req.valid('header')['idempotency-key']);
    const destination = await destinationFor(code, given, ports);
    const persons = person === undefined ? {} : { persons: [person] };
    const detail = { destination: maskedDestination(destination), ...persons };
    const asked = { alert: code, key, request: { destination, ...persons } };
    const made = await make(ports, asked, context.req.raw.headers, { act: 'test', detail });
    return made.kind === 'made'
      ? context.json(made.execution, 201, addressOf(made.execution))
      : context.json(made.execution, 200, addressOf(made.execution));
  });
}

const forms: Readonly<Record<string, string>> = {
  '0001': 'must be a phone number, such as +5491155550001',
  '0002': 'must be a mail address',
  '0003': 'must be a phone number, such as +5491155550001',
};

async function destinationFor(code: string, given: string, ports: TestPorts): Promise<string> {
  const alert = await ports.readChannel(code);
  if (alert === null) throw noRow('alert', code);
  const channel = alert.channel ?? '';
  const read = await ports.readDestination(given, channel, alert.country);
  if (read.kind === 'destination') return read.destination;
  if (read.kind === 'misconfigured') throw new Problem('alert_invalid', read.detail);
  throw invalidRequest([
    { at: 'body.destination', message: forms[channel] ?? 'is no destination of the channel' },
  ]);
}
