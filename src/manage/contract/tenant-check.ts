import { z } from '@hono/zod-openapi';
import { text, time } from './values.ts';

export const CheckRequest = z
  .strictObject({
    person: text(50).optional().openapi({
      description: 'Whom to look up; somebody of an alert of the tenant unless given.',
      example: 'P1',
    }),
    profile: text(50).optional().openapi({
      description: 'Which profile; that of an alert of the tenant unless given.',
      example: 'COB',
    }),
  })
  .openapi('CheckRequest');

const ms = z.int().min(0);

const CheckProblem = z
  .strictObject({
    step: z.enum(['tenant', 'connection', 'login', 'rights', 'server', 'person', 'profile']),
    reason: z.string().openapi({
      description: 'The code of docs/errors.md that a dispatch would end or wait with.',
      example: 'empresa_login',
    }),
    blocks: z.boolean().openapi({ description: 'false: alerts go out all the same.' }),
    passes: z.boolean().openapi({ description: 'A dispatch would wait for it until its catch-up limit.' }),
    detail: z.string().openapi({ description: 'In Spanish.' }),
    advice: z.string().openapi({ description: 'What to do, in Spanish.' }),
  })
  .openapi('CheckProblem');

export const TenantCheck = z
  .strictObject({
    tenant: z.string(),
    name: z.string(),
    active: z.boolean(),
    at: time,
    ok: z.boolean().openapi({ description: 'Nothing that was found keeps alerts from going out.' }),
    loginMs: ms.nullable().openapi({ description: 'To connect and log in; null: that failed.' }),
    server: z
      .strictObject({
        version: z.string().openapi({ example: '16.0.1000.6' }),
        edition: z.string(),
        compatibilityLevel: z.int(),
        collation: z.string().nullable(),
      })
      .nullable(),
    tls: z
      .strictObject({
        protocol: z.string().nullable().openapi({ example: 'TLSv1.3', description: 'null: not encrypted.' }),
        certificateChecked: z.boolean(),
      })
      .nullable(),
    rights: z
      .strictObject({
        mayWrite: z.boolean(),
        which: z
          .array(z.string())
          .openapi({ description: 'Besides reading.', example: ['INSERT', 'UPDATE'] }),
      })
      .nullable(),
    person: z
      .strictObject({
        code: z.string(),
        found: z.boolean(),
        name: z.string().nullable(),
        contacts: z.int(),
        lookupMs: ms,
      })
      .nullable()
      .openapi({ description: 'null: nobody to look up, or it failed.' }),
    profile: z
      .strictObject({ code: z.string(), persons: z.int(), lookupMs: ms })
      .nullable()
      .openapi({ description: 'null: no alert of the tenant has one, or it failed.' }),
    problems: z.array(CheckProblem),
  })
  .openapi('TenantCheck');
