import { createRoute, z } from '@hono/zod-openapi';
import { alertCode, text } from '../contract/values.ts';
import { localDate, Why } from '../contract/why.ts';
import type { ManageApi } from '../manage-api.ts';
import { explain } from '../why/explain.ts';
import { gatherFacts, type WhyPorts } from '../why/gather-facts.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';

const route = createRoute({
  method: 'get',
  path: '/why',
  operationId: 'explainWhy',
  tags: ['executions'],
  summary: 'What became of an alert, or of a person’s message, on a date, and why',
  request: {
    query: z.strictObject({
      alert: alertCode,
      date: localDate,
      person: text(200).optional().openapi({
        description: 'The code of a person, or the beginning of words of the name.',
        example: 'Juan',
      }),
    }),
  },
  responses: {
    200: jsonAnswer(Why, 'Step by step, with a sentence that can be read out.'),
    ...problemAnswers,
  },
});

export function explainWhy(api: ManageApi, ports: WhyPorts): void {
  const gather = gatherFacts(ports);
  api.openapi(route, async (context) => {
    const { alert, date, person } = context.req.valid('query');
    return context.json(explain(await gather({ alert, date, person })), 200);
  });
}
