import { z } from '@hono/zod-openapi';
import { next, time } from './values.ts';

const AuditEntry = z
  .strictObject({
    id: z.int(),
    at: time,
    who: z.string().openapi({ description: 'unknown: nobody said.' }),
    act: z.string().openapi({ example: 'pause' }),
    on: z.string().openapi({ description: 'Which row.', example: 'tenant E01' }),
    detail: z
      .union([z.record(z.string(), z.unknown()), z.string()])
      .nullable()
      .openapi({
        description: 'Particulars; a text where they were too long to be kept whole.',
        example: { why: 'mudanza', until: null },
      }),
  })
  .openapi('AuditEntry');

export const Audit = z
  .strictObject({
    entries: z.array(AuditEntry),
    next,
  })
  .openapi('Audit');
