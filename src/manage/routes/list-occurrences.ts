import { createRoute, z } from '@hono/zod-openapi';
import type { Clock } from '../../core/clock.ts';
import type { Alert, AlertRow, TimeSettings } from '../../domain/alert.ts';
import { sentenceOf } from '../../domain/config-fault.ts';
import { parseAlert } from '../../domain/parse-alert.ts';
import { occurrencesPage } from '../../domain/recurrence.ts';
import { OccurrenceList } from '../contract/occurrences.ts';
import { alertCode, instant, limit } from '../contract/values.ts';
import type { ManageApi } from '../manage-api.ts';
import { Problem } from '../problem.ts';
import { shownOccurrence, textOf } from '../shown-occurrence.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';

/** As stored; null = there is no such alert. */
export type ReadAlert = (code: string) => Promise<AlertRow | null>;

export interface OccurrencePorts {
  clock: Clock;
  settings: TimeSettings;
  readAlert: ReadAlert;
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

export function listOccurrences(api: ManageApi, { clock, settings, readAlert }: OccurrencePorts): void {
  api.openapi(route, async (context) => {
    const { code } = context.req.valid('param');
    const { from = clock.now(), to = null, limit: most } = context.req.valid('query');
    const alert = readable(code, await readAlert(code), settings);
    const span = { from, before: to, limit: most + 1 };
    const found = occurrencesPage(alert.schedule, alert.zone, span);
    return context.json(
      {
        alert: alert.code,
        zone: alert.zone,
        occurrences: found.slice(0, most).map(shownOccurrence),
        next: found[most] === undefined ? null : textOf(found[most].at),
      },
      200,
    );
  });
}

function readable(code: string, row: AlertRow | null, settings: TimeSettings): Alert {
  if (row === null) throw new Problem('unknown_alert', `CT_Alertas_Config has no row ${code}.`);
  const parse = parseAlert(row, settings);
  if (parse.kind === 'valid') return parse.alert;
  throw new Problem('alert_invalid', parse.faults.map(sentenceOf).join(' '));
}
