import { z } from '@hono/zod-openapi';
import { next, time } from './values.ts';

/** The tables that GET problems looks at. */
export const problemTables = [
  'CT_Alertas_Config',
  'CT_Empresas',
  'CT_Alertas_Webhooks',
  'CT_Alertas_Queries',
  'CT_Alertas_Plantillas',
  'CT_Alertas_Admin_Emails',
] as const;

const ConfigProblem = z
  .strictObject({
    table: z.string().nullable().openapi({
      description: 'null: `column` is a setting (docs/configuration.md).',
      example: 'CT_Alertas_Webhooks',
    }),
    code: z.string().nullable().openapi({ description: 'Of the row; null: a row that is missing.' }),
    column: z.string().nullable().openapi({ example: 'whk_TimeoutSeg' }),
    value: z.string().nullable().openapi({
      description: 'What stands there, cut; null: nothing, or what may hold a secret.',
      example: '90',
    }),
    reason: z
      .string()
      .openapi({ description: 'A code of docs/errors.md.', example: 'configuracion_invalida' }),
    detail: z.string().openapi({ description: 'What is wrong and what may stand there, in Spanish.' }),
    tenant: z.string().nullable().openapi({ description: 'Whose row it is; null: everybody’s.' }),
    since: time.nullable().openapi({
      description: 'When it was first met and reported; null: nothing has failed by it yet.',
    }),
    alerts: z.array(z.string()).openapi({
      description: 'Active alerts that are sent by a row of webhooks, queries or templates: the first 20.',
      example: ['000001'],
    }),
    alertCount: z.int().openapi({ description: 'How many there are.' }),
  })
  .openapi('ConfigProblem');

export const ProblemList = z.strictObject({ problems: z.array(ConfigProblem), next }).openapi('ProblemList');
