import { z } from '@hono/zod-openapi';
import { Pause } from './pauses.ts';
import { alertCode, time } from './values.ts';

const Scan = z.strictObject({
  at: time,
  durationMs: z.int(),
  candidates: z.int().openapi({ description: 'Alerts whose time had come or was near.' }),
  claimed: z.int().openapi({ description: 'Executions begun.' }),
  missed: z.int().openapi({ description: 'Occurrences recorded as missed.' }),
  swept: z.int().openapi({ description: 'Executions that nobody was working on, passed on.' }),
  error: z.string().nullable(),
});

const nextTry = time
  .nullable()
  .openapi({ description: 'When the first of them is tried again; null: it is being tried.' });

const TenantWaiting = z.strictObject({
  tenant: z.string(),
  reason: z.string().openapi({ description: 'A code of docs/errors.md.', example: 'empresa_no_disponible' }),
  executions: z.int(),
  nextTry,
});

const WebhookWaiting = z.strictObject({
  webhook: z.string().nullable().openapi({ description: 'whk_Cod; null: nobody knows.', example: 'W01' }),
  reason: z.string().nullable().openapi({
    description: 'What the last attempt ended with: a code of docs/errors.md.',
    example: 'webhook_tiempo',
  }),
  deliveries: z.int(),
  executions: z.int(),
  nextTry,
});

const OpenIncident = z.strictObject({
  tenant: z.string().nullable().openapi({ description: 'null: of no tenant.' }),
  reason: z.string().openapi({ description: 'A code of docs/errors.md.', example: 'empresa_no_disponible' }),
  since: time,
  lastFault: time,
  faults: z.int(),
  mails: z.int().openapi({ description: 'That told the administrators of it.' }),
});

export const Status = z
  .strictObject({
    version: z.string(),
    now: time,
    scans: z.array(Scan).openapi({ description: 'The last ten, newest first.' }),
    oldestPointer: z.strictObject({ alert: alertCode, at: time }).nullable().openapi({
      description:
        'The alert that is due next, or longest, what is claimed and has not gone out included; null when none is.',
    }),
    queues: z
      .strictObject({
        dispatch: z.int().openapi({ description: 'Messages, those not yet visible included; about.' }),
        reports: z.int(),
      })
      .nullable()
      .openapi({ description: 'null: the storage account gives no answer.' }),
    faultsUnreported: z.int(),
    incidents: z.array(OpenIncident).openapi({
      description: 'Faults that last, by tenant and reason, those of longest standing first: the first 100.',
    }),
    incidentCount: z.int().openapi({ description: 'How many there are.' }),
    alertsUnreadable: z.int().openapi({
      description: 'Active alerts that the scan cannot read: GET alerts?problem=true, GET problems.',
    }),
    failedAfterAcceptance: z.int().openapi({
      description:
        'Messages that webhooks accepted in the last 24 hours and whose gateway told since that they failed (FALLIDO). Nobody is mailed about them.',
    }),
    retriesWaiting: z.int().openapi({ description: 'Deliveries to be tried again.' }),
    tenantsWaiting: z.array(TenantWaiting).openapi({
      description: 'Whose executions wait, because their database or their places are not to be had.',
    }),
    webhooksWaiting: z.array(WebhookWaiting).openapi({
      description: 'For which deliveries wait to be tried again, those of most deliveries first.',
    }),
    pauses: z.array(Pause).openapi({ description: 'In force now.' }),
  })
  .openapi('Status');
