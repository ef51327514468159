import { z } from '@hono/zod-openapi';
import { next, time, wholeNumber } from './values.ts';

export const faultStates = ['waiting', 'reported', 'discarded'] as const;

export const faultId = wholeNumber({
  least: 1,
  most: Number.MAX_SAFE_INTEGER,
  error: 'must be the number of a fault',
}).openapi({ description: 'fal_id', example: 17 });

export const Fault = z
  .strictObject({
    id: z.int(),
    at: time,
    reason: z.string().openapi({ description: 'A code of docs/errors.md.', example: 'webhook_red' }),
    detail: z.string().nullable(),
    alert: z.string().nullable(),
    tenant: z.string().nullable(),
    execution: z.int().nullable(),
    body: z.string().nullable().openapi({
      description: 'Of a queue message that is not ours, with the secrets that are known struck out.',
    }),
    state: z.enum(faultStates).openapi({
      description:
        'waiting: for a mail to the administrators; reported: one told them; discarded: none will.',
    }),
    reportedAt: time.nullable(),
    discarded: z
      .strictObject({ at: time, by: z.string().nullable(), why: z.string().nullable() })
      .nullable()
      .openapi({ description: 'By an operator.' }),
    incident: z
      .strictObject({
        id: z.int(),
        since: time,
        faults: z.int(),
        mails: z.int(),
        endedAt: time.nullable(),
      })
      .nullable()
      .openapi({
        description: 'The faults of the same tenant and reason while they last; null: not gathered yet.',
      }),
  })
  .openapi('Fault');

export const FaultList = z.strictObject({ faults: z.array(Fault), next }).openapi('FaultList');
