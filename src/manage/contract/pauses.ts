import { z } from '@hono/zod-openapi';
import { alertCode, channelCode, instant, tenantCode, time, why } from './values.ts';

/** What a pause is about: everything, or what is named; several names together narrow it. */
const about = {
  tenant: tenantCode.optional(),
  alert: alertCode.optional(),
  channel: channelCode.optional(),
  everything: z
    .literal(true, { error: 'must be true, or not there' })
    .optional()
    .openapi({ description: 'Instead of the others.' }),
};

type About = Readonly<Partial<Record<keyof typeof about, string | true | undefined>>>;

const namesSomething = ({ everything, tenant, alert, channel }: About) =>
  (everything === true) !== [tenant, alert, channel].some((each) => each !== undefined);

const howToName = 'must name a tenant, an alert or a channel, or say "everything": true, and not both';

export const PauseRequest = z
  .strictObject({
    ...about,
    until: instant.optional().openapi({ description: 'Until further notice unless given.' }),
    why,
  })
  .refine(namesSomething, howToName)
  .openapi('PauseRequest', { example: { tenant: 'E01', why: 'mudanza' } });

export const ResumeRequest = z
  .strictObject(about)
  .refine(namesSomething, howToName)
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

export const Resumed = z
  .strictObject({
    pauses: z.array(Pause).openapi({ description: 'Those that were ended.' }),
    stillInForce: z
      .array(Pause)
      .openapi({ description: 'Those of more than what was named, which hold all of it back as before.' }),
  })
  .openapi('Resumed');
