import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import { Preview, PreviewRequest } from '../contract/preview.ts';
import { alertCode } from '../contract/values.ts';
import type { ManageApi } from '../manage-api.ts';
import { noRow } from '../no-row.ts';
import { refuseOtherBodies } from '../refuse-other-bodies.ts';
import { jsonAnswer, optionalJsonBody, problemAnswers } from './answers.ts';

/** What a dispatch would send; null = there is no such alert. Changes nothing. */
type PreviewAlert = (request: {
  alert: string;
  /** null = now. */
  occurrence: Temporal.Instant | null;
  /** null = everybody. */
  persons: readonly string[] | null;
  limit: number;
}) => Promise<z.output<typeof Preview> | null>;

export interface PreviewPorts {
  previewAlert: PreviewAlert;
}

const usualLimit = 20;

const route = createRoute({
  method: 'post',
  path: '/alerts/{code}/preview',
  operationId: 'previewAlert',
  tags: ['alerts'],
  middleware: refuseOtherBodies,
  summary: 'What an alert would send, and to whom',
  description:
    'Goes through the steps of a dispatch, the look-ups and the query in the tenant’s database included, and stores and sends nothing. What is wrong is a part of the answer.',
  request: {
    params: z.strictObject({ code: alertCode }),
    query: z.strictObject({}),
    body: optionalJsonBody(PreviewRequest),
  },
  responses: { 200: jsonAnswer(Preview, 'What would go out, and what is in the way.'), ...problemAnswers },
});

export function previewAlert(api: ManageApi, { previewAlert: preview }: PreviewPorts): void {
  api.openapi(route, async (context) => {
    const { code } = context.req.valid('param');
    const { occurrence = null, persons = null, limit = usualLimit } = context.req.valid('json');
    const found = await preview({ alert: code, occurrence, persons, limit });
    if (found === null) throw noRow('alert', code);
    return context.json(found, 200);
  });
}
