import { z } from '@hono/zod-openapi';
import { time } from './values.ts';

const AuditEntry = z
  .strictObject({
    id: z.string(),
    at: time,
    who: z.string().openapi({ description: 'unknown: nobody said.' }),
    action: z.string().openapi({ example: 'pause' }),
    what: z.string().openapi({ description: 'Which row.', example: 'tenant E01' }),
    detail: z.string().nullable(),
  })
  .openapi('AuditEntry');

export const Audit = z
  .strictObject({
    entries: z.array(AuditEntry),
    next: z.string().nullable().openapi({ description: 'Where to go on with `cursor`; null at the end.' }),
  })
  .openapi('Audit');
