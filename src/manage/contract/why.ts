import { z } from '@hono/zod-openapi';
import { Temporal } from 'temporal-polyfill';
import { alertCode, occurrenceTime, time } from './values.ts';

/** A day of the tenant's calendar, in the years that SQL Server and offsets hold. */
export const localDate = z
  .string()
  .transform((given, context) => {
    const message = 'must be a date of the tenant’s calendar, such as 2026-03-02';
    try {
      const date = /^\d{4}-\d\d-\d\d$/.test(given) ? Temporal.PlainDate.from(given) : null;
      if (date !== null && date.year >= 2 && date.year <= 9997) return date;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'date', example: '2026-03-02' });

/** What a message goes through, in this order. */
const whySteps = [
  'exists',
  'active',
  'due',
  'scanned',
  'claimed',
  'recipient',
  'contact',
  'sent',
  'answered',
  'delivered',
] as const;

/** What the answer comes down to. */
const whyOutcomes = [
  'unknown-alert',
  'invalid-alert',
  'other-system',
  'inactive',
  'not-due',
  'due',
  'not-scanned',
  'not-recorded',
  'older-system',
  'under-way',
  'waiting',
  'missed',
  'omitted',
  'cancelled',
  'failed',
  'several-persons',
  'not-a-recipient',
  'no-contact',
  'duplicate',
  'retrying',
  'refused',
  'accepted',
  'partly-accepted',
  'delivered',
  'read',
  'replied',
  'partly-undelivered',
  'undelivered',
] as const;

const Step = z
  .strictObject({
    step: z.enum(whySteps),
    ok: z.boolean().nullable().openapi({ description: 'null: not known, or not come to.' }),
    evidence: z.string().openapi({ description: 'What says so, in Spanish: a row, a time, an answer.' }),
    at: time.optional(),
  })
  .openapi('WhyStep');

const Found = z.strictObject({
  id: z.int(),
  origin: z.string().nullable(),
  occurrence: occurrenceTime.nullable(),
  resends: z.int().nullable(),
  state: z.string().nullable(),
  reason: z.string().nullable(),
  delivery: z
    .strictObject({ id: z.int(), state: z.string().nullable(), error: z.string().nullable() })
    .nullable()
    .openapi({ description: 'The person’s, where one was asked for.' }),
});

const Person = z.strictObject({ code: z.string(), name: z.string().nullable() });

export const Why = z
  .strictObject({
    alert: alertCode,
    name: z.string().nullable(),
    tenant: z.string().nullable(),
    zone: z.string().openapi({ description: 'IANA name: the date is one of this zone.' }),
    date: z.string().openapi({ format: 'date', example: '2026-03-02' }),
    person: Person.nullable().openapi({
      description: 'Who was found; null: nobody was asked for, or found.',
    }),
    persons: z
      .array(Person)
      .openapi({ description: 'When several answer to that name: ask with one of the codes.' }),
    outcome: z.enum(whyOutcomes),
    sentence: z.strictObject({ es: z.string(), en: z.string() }),
    steps: z.array(Step).openapi({ description: 'In the order in which a message goes through them.' }),
    execution: z.int().nullable().openapi({ description: 'The one that the answer is about.' }),
    executions: z.array(Found).openapi({
      description: 'What ran for that date, resends included, newest first; the first 50.',
    }),
  })
  .openapi('Why');
