import { z } from '@hono/zod-openapi';
import { heldBack } from './pauses.ts';
import { Occurrence } from './occurrences.ts';
import { alertCode, next, occurrenceTime, time } from './values.ts';

const LastExecution = z.strictObject({
  id: z.int(),
  occurrence: occurrenceTime.nullable(),
  state: z.string().nullable(),
  reason: z.string().nullable(),
});

const fields = {
  code: alertCode,
  name: z.string().nullable(),
  active: z.boolean(),
  tenant: z.string().nullable(),
  type: z.string().nullable().openapi({ description: 'cfgtip_Cod' }),
  channel: z.string().nullable().openapi({ description: 'cfgcan_Cod', example: '0002' }),
  person: z.string().nullable(),
  contact: z.string().nullable(),
  profile: z.string().nullable(),
  problem: z.string().nullable().openapi({
    description:
      'What of its row cannot be read: what stands there and what may, in Spanish. With `next` all the same: some of its listed dates.',
  }),
  next: z.union([Occurrence, z.null()]).openapi({ description: 'null: inactive, invalid, or over.' }),
  heldBack: heldBack.openapi({ description: 'Why the next one will not go out, as things stand.' }),
  last: LastExecution.nullable(),
};

export const Alert = z.strictObject(fields).openapi('Alert');

export const AlertList = z
  .strictObject({
    alerts: z.array(Alert),
    next,
  })
  .openapi('AlertList');

const localTime = z.string().openapi({ example: '12:49:00' });

const Schedule = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('daily'), time: localTime }),
    z.strictObject({
      kind: z.literal('weekly'),
      time: localTime,
      weekdays: z.array(z.int()).openapi({ description: '1 = Monday … 7 = Sunday' }),
    }),
    z.strictObject({
      kind: z.literal('calendar'),
      time: localTime,
      daysByMonth: z.array(z.array(z.int())).openapi({ description: 'Twelve lists of days, January first.' }),
      lastDayInstead: z.boolean().openapi({ description: 'A day that a month lacks is its last day.' }),
    }),
    z.strictObject({ kind: z.literal('listed'), entries: z.array(z.string()) }),
  ])
  .openapi('Schedule');

export const AlertDetails = z
  .strictObject({
    ...fields,
    zone: z.string().nullable().openapi({ description: 'IANA name; null: the row cannot be read.' }),
    schedule: z.union([Schedule, z.null()]),
    catchUpMinutes: z.int().nullable().openapi({ description: 'null: the installation’s.' }),
    faults: z
      .array(z.strictObject({ column: z.string(), value: z.string().nullable(), allowed: z.string() }))
      .openapi({
        description: 'What cannot be read; of a valid alert, entries of cfg_FechasPuntuales left out.',
      }),
  })
  .openapi('AlertDetails');

export const Agenda = z
  .strictObject({
    from: time,
    to: time,
    occurrences: z.array(
      z.strictObject({
        ...Occurrence.shape, // extended, it would be a schema that forbids what it adds
        alert: alertCode,
        name: z.string().nullable(),
        tenant: z.string(),
        zone: z.string(),
        heldBack: heldBack.openapi({ description: 'Why it will not go out, as things stand.' }),
      }),
    ),
    next,
    unreadable: z.array(z.strictObject({ alert: alertCode, problem: z.string() })).openapi({
      description:
        'Active alerts that the last scan could not read, so that nothing is known of when they fire: the first 100, on every page.',
    }),
  })
  .openapi('Agenda');
