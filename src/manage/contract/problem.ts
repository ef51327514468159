import { z } from '@hono/zod-openapi';
import { problems, type ProblemCode } from '../problem.ts';

export const ProblemDocument = z
  .strictObject({
    type: z.string().openapi({ example: 'urn:vigia:problem:unknown_alert' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'What is wrong here, and what to do.' }),
    code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
    values: z
      .array(
        z.strictObject({
          at: z.string().openapi({ description: 'Where the value stands.', example: 'query.from' }),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .openapi('Problem');
