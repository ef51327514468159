import { z } from '@hono/zod-openapi';
import { greatestInt, instant, occurrenceTime, text } from './values.ts';

const mostShown = 100;

export const PreviewRequest = z
  .strictObject({
    occurrence: instant
      .optional()
      .openapi({ description: 'As of this time, to the second; now unless given. Any time will do.' }),
    persons: z
      .array(text(50))
      .min(1, 'must name somebody, or not be there')
      .max(1000)
      .optional()
      .openapi({ description: 'Codes of recipients: these alone.' }),
    limit: z
      .int()
      .min(1)
      .max(mostShown)
      .optional()
      .openapi({ description: `How many deliveries to show: 20 unless given, ${mostShown} at most.` }),
  })
  .openapi('PreviewRequest');

const Obstacle = z
  .strictObject({
    reason: z.string().openapi({
      description: 'A code of docs/errors.md, or `fuera_de_alcance`: ALERTS_ONLY leaves the alert out.',
      example: 'sin_webhook',
    }),
    outcome: z
      .enum(['ENVIADA', 'PARCIAL', 'ERROR', 'OMITIDA', 'PERDIDA', 'CANCELADA', 'PENDIENTE', 'EN_PROCESO'])
      .or(z.literal('espera'))
      .nullable()
      .openapi({
        description:
          'How the execution would end. `espera`: it would be tried again until its catch-up limit. null: by the agenda no execution would begin; where one by hand would go out, `advice` says so.',
      }),
    detail: z.string().openapi({ description: 'In Spanish, as it would be recorded.' }),
    advice: z.string().openapi({ description: 'What to do, in Spanish.' }),
  })
  .openapi('PreviewObstacle');

const count = z.int().min(0).max(greatestInt);

const Rows = z
  .strictObject({
    columns: z.array(z.string()),
    rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
    truncated: z.boolean().openapi({ description: 'There were more than are kept.' }),
  })
  .openapi('QueryRows');

const Delivery = z
  .strictObject({
    person: z.string(),
    name: z.string(),
    destination: z.string().nullable().openapi({ description: 'null: no usable contact, or not looked at.' }),
    outcome: z
      .enum(['deliver', 'no_contact', 'duplicate', 'no_rows', 'fault', 'undecided'])
      .openapi({ description: 'undecided: what is missing is among the obstacles.' }),
    reason: z.string().nullable().openapi({ description: 'A code of docs/errors.md.' }),
    detail: z.string().nullable(),
    subject: z.string().nullable(),
    text: z.string().nullable(),
    rows: z.union([Rows, z.null()]).openapi({ description: 'Its own, where the query uses @persona.' }),
    body: z.strictObject({ contentType: z.string(), text: z.string() }).nullable().openapi({
      description:
        'What would be posted, byte for byte but for the ids, which are given when it is sent and are 0 here, and for header values and secrets of the webhook, which are struck out.',
    }),
  })
  .openapi('PreviewedDelivery');

export const Preview = z
  .strictObject({
    alert: z.string(),
    name: z.string(),
    tenant: z.string().nullable(),
    type: z.string().nullable(),
    channel: z.string().nullable(),
    occurrence: z.strictObject({
      at: occurrenceTime,
      local: z.string().openapi({ example: '2026-03-02T12:49:00' }),
      scheduled: z.boolean().openapi({ description: 'The alert’s row has an occurrence at this second.' }),
    }),
    goesOut: z.boolean().openapi({
      description:
        'Nothing is in the way of the agenda, and somebody would get it (of those that were checked).',
    }),
    recordOnly: z.boolean().openapi({ description: 'DELIVERY_MODE=record: nothing is ever posted.' }),
    obstacles: z
      .array(Obstacle)
      .openapi({ description: 'Everything for which it would not go out; a dispatch ends with the first.' }),
    recipients: z
      .strictObject({
        total: count,
        checked: count.openapi({
          description:
            'So many were looked at, and are counted below: those shown, and the others too where that costs no query each.',
        }),
        deliver: count,
        withoutContact: count,
        duplicates: count,
        withoutRows: count,
      })
      .openapi({ description: 'Of the persons named, where some are.' }),
    notRecipients: z.array(z.string()).openapi({ description: 'Named, but not among the recipients.' }),
    webhook: z
      .strictObject({
        code: z.string(),
        origin: z.string().openapi({
          description: 'Scheme, host and port; the rest of the address is a secret.',
          example: 'https://gateway.example.com',
        }),
        format: z.enum(['cloudevents', 'plantilla']),
        timeoutSeconds: z.number(),
        headers: z
          .array(z.string())
          .openapi({ description: 'Names of whk_Cabeceras; their values are secrets.' }),
        signed: z.boolean(),
      })
      .nullable(),
    rows: z.union([Rows, z.null()]).openapi({
      description: 'Of all recipients. null: none, or each has its own, or the query gave no answer.',
    }),
    deliveries: z.array(Delivery).openapi({ description: 'The first ones, in the order of the codes.' }),
  })
  .openapi('Preview');
