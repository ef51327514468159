import { z } from '@hono/zod-openapi';
import { Occurrence } from './occurrences.ts';
import { alertCode, instant, next, occurrenceTime, tenantCode, text, time } from './values.ts';

const kinds = [
  'due',
  'late',
  'paused',
  'tenant_inactive',
  'missed',
  'already',
  'waiting',
  'over',
  'inactive',
  'invalid',
  'outside',
] as const;

const mostShown = 1000;

export const ScanRequest = z
  .strictObject({
    dryRun: z.boolean().optional().openapi({
      description: 'false: a real scan, as the timer’s, which takes nothing else. Else nothing is changed.',
    }),
    at: instant
      .optional()
      .openapi({ description: 'As if it were then, and this the next scan. At most a year ahead.' }),
    tenant: tenantCode.optional(),
    alert: alertCode.optional(),
    decisions: z
      .array(z.enum(kinds))
      .min(1, 'must name a decision, or not be there')
      .optional()
      .openapi({ description: 'Show these alone.', example: ['due', 'late', 'missed'] }),
    limit: z
      .int()
      .min(1)
      .max(mostShown)
      .optional()
      .openapi({ description: `How many alerts to show: 100 unless given, ${mostShown} at most.` }),
    cursor: text(50).optional().openapi({ description: 'Where to go on: `next` of the answer before.' }),
  })
  .openapi('ScanRequest');

const Standing = z.strictObject({
  id: z.int().openapi({ description: 'Of the execution.' }),
  state: z.string().nullable(),
});

const DryOccurrence = z.strictObject({
  at: occurrenceTime,
  local: z.string().openapi({ example: '2026-03-02T12:49:00' }),
  key: z.string().nullable(),
  decision: z.enum(['due', 'late', 'missed', 'already']),
  reason: z.string().nullable().openapi({ description: 'A code of docs/errors.md.' }),
  detail: z.string().nullable(),
  execution: z.union([Standing, z.null()]).openapi({ description: 'That stands for it already.' }),
});

const Decision = z
  .strictObject({
    alert: z.string(),
    name: z.string().nullable(),
    tenant: z.string().nullable(),
    decision: z.enum(kinds).openapi({
      description:
        'due, late: goes out, on time or within its catch-up limit. paused, tenant_inactive: is due, and would end OMITIDA. missed: is recorded as PERDIDA. already: its execution is there. waiting: not yet due. over: nothing is to come. invalid: its row cannot be read. outside: ALERTS_ONLY leaves it out.',
    }),
    detail: z.string().openapi({ description: 'A sentence in Spanish.' }),
    paused: z.boolean().openapi({ description: 'A pause is in force, whether it is due or not.' }),
    problem: z.string().nullable().openapi({ description: 'What of its row cannot be read.' }),
    occurrences: z
      .array(DryOccurrence)
      .openapi({ description: 'Those that this scan would decide; of a long outage all that were missed.' }),
    next: z.union([Occurrence, z.null()]).openapi({ description: 'What comes after them.' }),
    execution: z
      .union([Standing, z.null()])
      .openapi({ description: 'Of the occurrence, or of the last one today.' }),
  })
  .openapi('ScanDecision');

const DryScan = z
  .strictObject({
    dryRun: z.literal(true),
    at: time,
    counts: z.record(z.string(), z.int()).openapi({
      description: 'Alerts by decision, those not shown included.',
      example: { due: 2, waiting: 38 },
    }),
    decisions: z.array(Decision).openapi({ description: 'In the order of the alerts’ codes.' }),
    next,
  })
  .openapi('DryScan');

const RealScan = z
  .strictObject({
    dryRun: z.literal(false),
    at: time,
    durationMs: z.int(),
    candidates: z.int().openapi({ description: 'Alerts whose time had come or was near.' }),
    claimed: z.int().openapi({ description: 'Executions begun.' }),
    missed: z.int().openapi({ description: 'Occurrences recorded as missed.' }),
    swept: z.int().openapi({ description: 'Executions that nobody was working on, passed on.' }),
    left: z.int().openapi({ description: 'Alerts that the next scan must decide.' }),
    finished: z.boolean(),
    failures: z.array(z.string()).openapi({ description: 'Steps that the next scan does again.' }),
  })
  .openapi('RealScan');

export const ScanAnswer = z.discriminatedUnion('dryRun', [DryScan, RealScan]).openapi('ScanAnswer');
