import { z } from '@hono/zod-openapi';
import { greatestInt, occurrenceTime, text, why } from './values.ts';

/** Of msgper_Cod. */
const person = text(50);

const persons = z
  .array(person)
  .min(1, 'must name somebody, or not be there')
  .max(1000)
  .transform((codes) => [...new Set(codes)])
  .openapi({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: 50 },
    minItems: 1,
    maxItems: 1000,
    description: 'Codes of recipients: these alone.',
  });

const confirmRecipients = z
  .int()
  .min(1)
  .max(greatestInt)
  .openapi({ description: 'Up to so many recipients are meant, whatever `cfg_MaxDestinatarios` says.' });

const operator = {
  'x-operator': z.string().optional().openapi({
    description:
      'Who does it, for the audit: at most 200 characters. A sign-in in front of the app goes before it.',
    example: 'ana',
  }),
};

export const operatorHeader = z.object(operator);

/** So that a request that is sent twice acts once. */
export const idempotencyKey = z.object({
  ...operator,
  'idempotency-key': text(255).optional().openapi({
    description: 'Chosen by the caller: the same request with the same key gives the same execution.',
    example: '5b1c7d5e-0f0a-4f0e-9c55-0d6f1c2f9b11',
  }),
});

export const RunRequest = z
  .strictObject({ persons: persons.optional(), confirmRecipients: confirmRecipients.optional() })
  .openapi('RunRequest');

export const TestRequest = z
  .strictObject({
    destination: text(320).openapi({
      description: 'A phone number or mail address, as the channel needs it.',
      example: '+5491155550001',
    }),
    person: person.optional().openapi({
      description: 'The recipient whose data the message shows; the first one unless given.',
    }),
  })
  .openapi('TestRequest');

export const ResendRequest = z
  .strictObject({
    recipients: z
      .enum(['failed', 'all'], { error: 'must be failed or all' })
      .default('failed')
      .openapi({ description: 'all: those who have got it as well, in a message of its own.' }),
    persons: persons.optional(),
    confirmRecipients: confirmRecipients.optional(),
  })
  .openapi('ResendRequest');

export const CancelRequest = z.strictObject({ why: why.optional() }).openapi('CancelRequest');

const made = {
  id: z.int().openapi({ description: 'Of the execution: GET executions/{id} shows what becomes of it.' }),
  alert: z.string(),
  origin: z.enum(['MANUAL', 'PRUEBA', 'REENVIO']),
  occurrence: occurrenceTime.openapi({ description: 'When it was asked for.' }),
  resends: z.int().nullable().openapi({ description: 'The execution that this one sends again.' }),
  askedBy: z.string(),
};

export const MadeExecution = z.strictObject(made).openapi('MadeExecution');

const Ambiguous = z.strictObject({
  person: z.string(),
  name: z.string().nullable(),
  error: z.string().nullable().openapi({ description: 'What the last attempt ended with.' }),
});

const LeftOut = z.strictObject({
  person: z.string(),
  name: z.string().nullable(),
  why: z.enum(['accepted', 'no_contact', 'duplicate', 'not_a_recipient']),
  acceptedIn: z.int().nullable().openapi({ description: 'The later execution that reached this person.' }),
});

export const Resent = z
  .strictObject({
    ...made,
    copied: z.boolean().openapi({
      description:
        'true: the same texts and rows. false: the execution was never prepared, and is prepared anew with its own occurrence.',
    }),
    recipients: z.int().nullable().openapi({ description: 'Messages to be sent; null: not known yet.' }),
    ambiguous: z.array(Ambiguous).openapi({
      description:
        'Those who may have got it already: no answer said so or not. They are sent the same bytes under the same `webhook-id`, by which a receiver knows what it has accepted.',
    }),
    leftOut: z.array(LeftOut).openapi({ description: 'Who is not sent anything, and why.' }),
    truncated: z.boolean().openapi({ description: 'A list here names the first 1000 only.' }),
  })
  .openapi('Resent');

export const Cancelled = z
  .strictObject({
    id: z.int(),
    state: z
      .enum(['CANCELADA', 'PARCIAL'])
      .openapi({ description: 'PARCIAL: some had been accepted before.' }),
    reason: z.literal('cancelada_por_operador'),
    accepted: z.int().openapi({ description: 'Deliveries that had been accepted before.' }),
    cancelled: z.int().openapi({ description: 'Deliveries that are not sent any more.' }),
  })
  .openapi('Cancelled');
