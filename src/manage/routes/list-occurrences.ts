import { createRoute, z } from '@hono/zod-openapi';
import type { Clock } from '../../core/clock.ts';
import type { TimeSettings } from '../../domain/alert.ts';
import { occurrencesPage } from '../../domain/recurrence.ts';
import { OccurrenceList } from '../contract/occurrences.ts';
import { alertCode, instant, limit } from '../contract/values.ts';
import { concerns, type ReadPauses } from '../held-back.ts';
import { knownAlert, readableAlert } from '../known-alert.ts';
import type { ManageApi } from '../manage-api.ts';
import { refuseEmptySpan } from '../refuse-empty-span.ts';
import { shownOccurrence, textOf } from '../shown-occurrence.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';
import type { FindAlerts } from './list-alerts.ts';

export interface OccurrencePorts {
  clock: Clock;
  settings: TimeSettings;
  findAlerts: FindAlerts;
  readPauses: ReadPauses;
}

const route = createRoute({
  method: 'get',
  path: '/alerts/{code}/occurrences',
  operationId: 'listOccurrences',
  tags: ['alerts'],
  summary: 'When an alert fires',
  description:
    'The occurrences that follow from the alert’s row as it stands, whether it is active or not, over any span of time.',
  request: {
    params: z.strictObject({ code: alertCode }),
    query: z.strictObject({
      from: instant.optional().openapi({ description: 'Inclusive; now unless given.' }),
      to: instant.optional().openapi({ description: 'Exclusive; no end unless given.' }),
      limit,
    }),
  },
  responses: { 200: jsonAnswer(OccurrenceList, 'The occurrences, in order.'), ...problemAnswers },
});

export function listOccurrences(
  api: ManageApi,
  { clock, settings, findAlerts, readPauses }: OccurrencePorts,
): void {
  api.openapi(route, async (context) => {
    const { code } = context.req.valid('param');
    const { from = clock.now(), to, limit: most } = context.req.valid('query');
    refuseEmptySpan({ from, to });
    const { row, tenantActive, described } = await knownAlert(code, findAlerts);
    const alert = readableAlert(row, settings);
    const pauses = await readPauses({ from, upTo: to ?? null });
    const span = { from, before: to ?? null, limit: most + 1 };
    const found = occurrencesPage(alert.schedule, alert.zone, span);
    return context.json(
      {
        alert: alert.code,
        zone: alert.zone,
        active: alert.active && tenantActive,
        pauses: pauses.filter((pause) => concerns(pause, { ...alert, channel: described.channel })),
        occurrences: found.slice(0, most).map(shownOccurrence),
        next: found[most] === undefined ? null : textOf(found[most].at),
      },
      200,
    );
  });
}
