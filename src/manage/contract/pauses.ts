import { z } from '@hono/zod-openapi';
import { alertCode, instant, time } from './values.ts';

const code = z.string().min(1).max(6);

/** What a pause is about: nothing named is everything; several names together narrow it. */
const about = {
  tenant: code.optional().openapi({ description: 'emp_Cod', example: 'E01' }),
  alert: alertCode.optional(),
  channel: code.optional().openapi({ description: 'can_Cod', example: '0001' }),
};

export const PauseRequest = z
  .strictObject({
    ...about,
    until: instant.optional().openapi({ description: 'Until further notice unless given.' }),
    why: z.string().trim().min(1, 'must say why').max(400, 'must be at most 400 characters'),
  })
  .openapi('PauseRequest');

export const ResumeRequest = z
  .strictObject({
    ...about,
    everything: z.literal(true, { error: 'must be true, or not there' }).optional().openapi({
      description: 'Instead of the others: ends the pauses of everything.',
    }),
  })
  .refine(
    ({ everything, ...named }) =>
      (everything === true) !== Object.values(named).some((each) => each !== undefined),
    'must name a tenant, an alert or a channel, or say "everything": true',
  )
  .openapi('ResumeRequest');

export const Pause = z
  .strictObject({
    id: z.int(),
    tenant: z.string().nullable().openapi({ description: 'null, and alert and channel too: everything.' }),
    alert: z.string().nullable(),
    channel: z.string().nullable(),
    from: time,
    until: time.nullable(),
    by: z.string().nullable(),
    why: z.string().nullable(),
  })
  .openapi('Pause');

export const PauseList = z.strictObject({ pauses: z.array(Pause) }).openapi('PauseList');
