import { z } from '@hono/zod-openapi';
import { Temporal } from 'temporal-polyfill';

/** cfg_Cod */
export const alertCode = z
  .string()
  .min(1)
  .max(50)
  .openapi({ description: 'The code of the alert.', example: '000001' });

/** What SQL Server's DATETIMEOFFSET holds, with a year to spare for spans and offsets. */
const years = { first: 2, last: 9997 };

/** An instant in a query: ISO 8601 with its offset. A `+` that was not encoded arrives as a blank. */
export const instant = z
  .string()
  .transform((text, context) => {
    try {
      const read = Temporal.Instant.from(text.trim().replace(/ (?=\d\d:?\d\d$)/, '+'));
      const { year } = read.toZonedDateTimeISO('UTC');
      if (year >= years.first && year <= years.last) return read;
      context.addIssue({
        code: 'custom',
        message: `must lie between the years ${years.first} and ${years.last}`,
      });
      return z.NEVER;
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

/** An instant in an answer. */
export const time = z.string().openapi({ format: 'date-time', example: '2026-03-02T15:49:00Z' });

/** Where a list goes on: `next` of the page before. */
export const cursor = z
  .string()
  .regex(/^\d{1,18}$/, 'must be what `next` of the page before said')
  .transform(Number)
  .openapi({ type: 'string', description: 'Where to go on: `next` of the page before.' });
