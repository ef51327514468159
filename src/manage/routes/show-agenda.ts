import { createRoute, z } from '@hono/zod-openapi';
import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { othersTurn } from '../../core/others-turn.ts';
import type { AlertRow, TimeSettings } from '../../domain/alert.ts';
import type { Occurrence } from '../../domain/occurrence.ts';
import { parseAlert } from '../../domain/parse-alert.ts';
import { occurrencesPage } from '../../domain/recurrence.ts';
import { Agenda } from '../contract/alerts.ts';
import { instant, limit, tenantCode } from '../contract/values.ts';
import { holding, type ReadPauses } from '../held-back.ts';
import type { ManageApi } from '../manage-api.ts';
import { refuseEmptySpan } from '../refuse-empty-span.ts';
import { shownOccurrence, textOf } from '../shown-occurrence.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';

/**
 * The active alerts of the tenant (undefined = of all). `due`: those alone of which any of the first `atMost` occurrences
 * in that span may be, which does not begin before now; null = whenever they fire.
 */
export type ReadActiveAlerts = (filter: {
  tenant: string | undefined;
  due: { from: Temporal.Instant; to: Temporal.Instant; atMost: number } | null;
}) => Promise<readonly PlannedAlert[]>;

interface PlannedAlert {
  row: AlertRow;
  name: string | null;
  channel: string | null;
  /** emp_Activo; true where there is no such tenant. */
  tenantActive: boolean;
}

export interface AgendaPorts {
  clock: Clock;
  settings: TimeSettings;
  readActiveAlerts: ReadActiveAlerts;
  readPauses: ReadPauses;
}

const usualSpan = { hours: 24 };
/** Milliseconds after which the dispatches of this process have their turn. */
const slice = 5;

const route = createRoute({
  method: 'get',
  path: '/agenda',
  operationId: 'showAgenda',
  tags: ['alerts'],
  summary: 'What fires when, of all alerts, in the order of time',
  request: {
    query: z.strictObject({
      from: instant.optional().openapi({ description: 'Inclusive; now unless given.' }),
      to: instant.optional().openapi({ description: 'Exclusive; 24 hours later unless given.' }),
      tenant: tenantCode.optional(),
      limit,
    }),
  },
  responses: { 200: jsonAnswer(Agenda, 'The occurrences, in order.'), ...problemAnswers },
});

export function showAgenda(
  api: ManageApi,
  { clock, settings, readActiveAlerts, readPauses }: AgendaPorts,
): void {
  api.openapi(route, async (context) => {
    const now = clock.now();
    const { from = now, tenant, limit: most, ...query } = context.req.valid('query');
    const to = query.to ?? from.add(usualSpan);
    refuseEmptySpan({ from, to });
    // What the scans know is about what is still to come.
    const due = Temporal.Instant.compare(from, now) >= 0 ? { from, to, atMost: most + 1 } : null;
    const [alerts, pauses] = await Promise.all([
      readActiveAlerts({ tenant, due }),
      readPauses({ from, upTo: to }),
    ]);
    const heldBack = holding(pauses);
    const found = await earliest(alerts, settings, { from, before: to, limit: most + 1 });
    const following = found[most];
    return context.json(
      {
        from: from.toString(),
        to: to.toString(),
        occurrences: found.slice(0, most).map(({ occurrence, channel, tenantActive, ...entry }) => ({
          ...shownOccurrence(occurrence),
          ...entry,
          heldBack: heldBack({ ...entry, code: entry.alert, channel, tenantActive }, occurrence.at),
        })),
        next: following === undefined ? null : textOf(following.occurrence.at),
      },
      200,
    );
  });
}

interface Entry {
  alert: string;
  name: string | null;
  tenant: string;
  channel: string | null;
  tenantActive: boolean;
  zone: string;
  occurrence: Occurrence;
}

/** The first ones of all alerts. What cannot be among them any more is not looked for. */
async function earliest(
  alerts: Awaited<ReturnType<ReadActiveAlerts>>,
  settings: TimeSettings,
  span: { from: Temporal.Instant; before: Temporal.Instant; limit: number },
): Promise<Entry[]> {
  let found: Entry[] = [];
  let { before } = span;
  let began = performance.now();
  for (const { row, ...described } of alerts) {
    if (performance.now() - began > slice) {
      await othersTurn();
      began = performance.now();
    }
    const parse = parseAlert(row, settings);
    if (parse.kind === 'invalid') continue;
    const { code: alert, tenant, zone, schedule } = parse.alert;
    for (const occurrence of occurrencesPage(schedule, zone, { ...span, before }))
      found.push({ ...described, alert, tenant, zone, occurrence });
    if (found.length < 2 * span.limit) continue;
    found = found.sort(byTime).slice(0, span.limit);
    before = found.at(-1)?.occurrence.at.toInstant().add({ nanoseconds: 1 }) ?? before;
  }
  return found.sort(byTime).slice(0, span.limit);
}

function byTime(one: Entry, other: Entry): number {
  return (
    Temporal.ZonedDateTime.compare(one.occurrence.at, other.occurrence.at) ||
    one.alert.localeCompare(other.alert)
  );
}
