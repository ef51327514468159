import { z } from '@hono/zod-openapi';
import { alertCode, channelCode, instant, tenantCode, time, why } from './values.ts';

/** What a pause is about: nothing named is everything; several names together narrow it. */
const about = {
  tenant: tenantCode.optional(),
  alert: alertCode.optional(),
  channel: channelCode.optional(),
};

export const PauseRequest = z
  .strictObject({
    ...about,
    until: instant.optional().openapi({ description: 'Until further notice unless given.' }),
    why,
  })
  .openapi('PauseRequest', { example: { tenant: 'E01', why: 'mudanza' } });

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
  .openapi('ResumeRequest', { example: { tenant: 'E01' } });

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

/** Reasons for which an active alert is left out, as they can be seen before. */
export const heldBackReasons = ['empresa_inactiva', 'pausa'] as const;

export const heldBack = z.enum(heldBackReasons).nullable();

export const PauseList = z.strictObject({ pauses: z.array(Pause) }).openapi('PauseList');
