import { z } from '@hono/zod-openapi';
import { greatestInt, next, occurrenceTime, time, wholeNumber } from './values.ts';

const states = [
  'PENDIENTE',
  'EN_PROCESO',
  'ENVIADA',
  'PARCIAL',
  'ERROR',
  'OMITIDA',
  'PERDIDA',
  'CANCELADA',
] as const;

/** sch_Estado, as it may be asked for. */
export const executionState = z
  .enum(states, { error: `must be one of ${states.join(', ')}` })
  .openapi({ description: 'The first two are under way, the others final.', example: 'ERROR' });

export const executionId = wholeNumber({
  least: 1,
  most: greatestInt,
  error: 'must be the number of an execution',
}).openapi({ description: 'sch_id', example: 4711 });

const fields = {
  id: z.int(),
  alert: z.string().nullable(),
  tenant: z.string().nullable().openapi({ description: 'The alert’s, as it stands now.' }),
  occurrence: occurrenceTime.nullable().openapi({ description: 'null: none of ours.' }),
  key: z.string().nullable().openapi({ description: 'sch_Clave' }),
  origin: z
    .string()
    .nullable()
    .openapi({ description: 'AGENDA, MANUAL, REENVIO or PRUEBA; null: written by the system before us.' }),
  resends: z.int().nullable().openapi({ description: 'The execution that this one sends again.' }),
  askedBy: z.string().nullable().openapi({ description: 'Who made it by hand; null: nobody.' }),
  state: z.string().nullable(),
  reason: z.string().nullable().openapi({ description: 'A code of docs/errors.md.' }),
  detail: z.string().nullable(),
  accepted: z.int().nullable().openapi({ description: 'Deliveries that the webhook has accepted.' }),
  preparedAt: time.nullable(),
};

export const Execution = z.strictObject(fields).openapi('Execution');

export const ExecutionList = z
  .strictObject({
    executions: z.array(Execution),
    next,
  })
  .openapi('ExecutionList');

const Attempt = z.strictObject({
  number: z.int(),
  at: time,
  durationMs: z.int(),
  status: z.int().nullable().openapi({ description: 'Of HTTP; null: no answer came.' }),
  error: z.string().nullable(),
  answer: z.string().nullable().openapi({ description: 'What the webhook answered, as far as it is kept.' }),
});

const Delivery = z
  .strictObject({
    id: z.int(),
    webhookId: z.string().nullable().openapi({ description: 'The same in every attempt.' }),
    person: z.string().nullable(),
    name: z.string().nullable(),
    destination: z.string().nullable(),
    state: z.string().nullable(),
    error: z.string().nullable(),
    nextAttempt: time.nullable(),
    messageId: z
      .string()
      .nullable()
      .openapi({ description: 'The gateway’s, where it gave one (msg_Wamid).' }),
    subject: z.string().nullable(),
    text: z.string().nullable(),
    attempts: z.array(Attempt),
  })
  .openapi('Delivery');

export const ExecutionDetails = z
  .strictObject({
    ...fields,
    deliveries: z.array(Delivery),
    next: z
      .string()
      .nullable()
      .openapi({ description: 'Where to go on with `cursor` among the deliveries; null at the end.' }),
  })
  .openapi('ExecutionDetails');
