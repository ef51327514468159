import { z } from '@hono/zod-openapi';
import { Pause } from './pauses.ts';
import { alertCode } from './values.ts';

export const Occurrence = z
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
    active: z
      .boolean()
      .openapi({ description: 'false: the alert or its tenant is inactive, nothing goes out.' }),
    pauses: z.array(Pause).openapi({ description: 'That concern the alert and are not over at `from`.' }),
    occurrences: z.array(Occurrence),
    next: z
      .string()
      .nullable()
      .openapi({ description: 'Where to go on with `from`, when the limit cut the list; null at its end.' }),
  })
  .openapi('OccurrenceList');
