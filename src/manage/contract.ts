import { z } from '@hono/zod-openapi';
import { Temporal } from 'temporal-polyfill';
import { problems, type ProblemCode } from './problem.ts';

/** cfg_Cod */
export const alertCode = z
  .string()
  .min(1)
  .max(50)
  .openapi({ description: 'The code of the alert.', example: '000001' });

/** An instant in a query: ISO 8601 with its offset. A `+` that was not encoded arrives as a blank. */
export const instant = z
  .string()
  .transform((text, context) => {
    try {
      return Temporal.Instant.from(text.trim().replace(/ (?=\d\d:?\d\d$)/, '+'));
    } catch {
      const message =
        'must be an instant with its offset, such as 2026-03-02T12:00:00-03:00 or 2026-03-02T15:00:00Z';
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  })
  .openapi({ type: 'string', format: 'date-time', example: '2026-03-02T12:00:00-03:00' });

/** Of a list: how many at most. */
export const limit = z.coerce
  .number({ error: 'must be a whole number from 1 to 1000' })
  .int('must be a whole number from 1 to 1000')
  .min(1, 'must be a whole number from 1 to 1000')
  .max(1000, 'must be a whole number from 1 to 1000')
  .default(100)
  .openapi({ description: 'How many at most.' });

const Occurrence = z
  .strictObject({
    at: z.string().openapi({
      format: 'date-time',
      description: 'When it fires, with the offset of the tenant’s zone at that time.',
      example: '2026-03-02T12:49:00-03:00',
    }),
    local: z.string().openapi({
      description:
        'The same on the tenant’s clocks. In a gap of daylight saving it is later than configured.',
      example: '2026-03-02T12:49:00',
    }),
    key: z.string().openapi({
      description:
        'sch_Clave: the local date of a periodic alert, the listed date and time of a one-off one.',
      example: '2026-03-02',
    }),
  })
  .openapi('Occurrence');

export const OccurrenceList = z
  .strictObject({
    alert: alertCode,
    zone: z.string().openapi({ description: 'IANA name.', example: 'America/Argentina/Buenos_Aires' }),
    occurrences: z.array(Occurrence),
    next: z
      .string()
      .nullable()
      .openapi({ description: 'Where to go on with `from`, when the limit cut the list; null at its end.' }),
  })
  .openapi('OccurrenceList');

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
