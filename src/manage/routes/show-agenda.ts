import { createRoute, z } from '@hono/zod-openapi';
import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { othersTurn } from '../../core/others-turn.ts';
import type { AlertRow, TimeSettings } from '../../domain/alert.ts';
import { earliestChance } from '../../domain/earliest-chance.ts';
import type { Occurrence } from '../../domain/occurrence.ts';
import { parseAlert } from '../../domain/parse-alert.ts';
import { occurrencesPage } from '../../domain/recurrence.ts';
import { Agenda } from '../contract/alerts.ts';
import { agendaCursor, instant, limit, tenantCode } from '../contract/values.ts';
import { holding, type ReadPauses } from '../held-back.ts';
import type { ManageApi } from '../manage-api.ts';
import { requireNamed } from '../require-named.ts';
import { refuseEmptySpan } from '../refuse-empty-span.ts';
import { shownOccurrence } from '../shown-occurrence.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';
import type { FindNamed } from './pause.ts';

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

/** Active alerts of the tenant (undefined = of all) that the last scan could not read: the first 100, by code. */
export type ReadUnreadable = (
  tenant: string | undefined,
) => Promise<readonly { alert: string; problem: string }[]>;

export interface AgendaPorts {
  readUnreadable: ReadUnreadable;
  clock: Clock;
  settings: TimeSettings;
  readActiveAlerts: ReadActiveAlerts;
  readPauses: ReadPauses;
  findNamed: FindNamed;
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
      cursor: agendaCursor.optional(),
      limit,
    }),
  },
  responses: { 200: jsonAnswer(Agenda, 'The occurrences, in order.'), ...problemAnswers },
});

export function showAgenda(api: ManageApi, ports: AgendaPorts): void {
  const { clock, settings, readActiveAlerts, readPauses, readUnreadable, findNamed } = ports;
  api.openapi(route, async (context) => {
    const now = clock.now();
    const { from = now, tenant, cursor, limit: most, ...query } = context.req.valid('query');
    const to = query.to ?? from.add(usualSpan);
    refuseEmptySpan({ from, to });
    const { at: start, shown } = cursor ?? { at: from, shown: 0 };
    const size = shown + most + 1;
    // What the scans know is about what is still to come.
    const due = Temporal.Instant.compare(start, now) >= 0 ? { from: start, to, atMost: size } : null;
    const [alerts, pauses, unreadable] = await Promise.all([
      readActiveAlerts({ tenant, due }),
      readPauses({ from: start, upTo: to }),
      readUnreadable(tenant),
    ]);
    if (alerts.length === 0) await requireNamed({ tenant }, findNamed);
    const heldBack = holding(pauses);
    const found = await earliest(alerts, settings, { from: start, before: to, limit: size });
    return context.json(
      {
        from: from.toString(),
        to: to.toString(),
        occurrences: found
          .slice(shown, shown + most)
          .map(({ occurrence, channel, tenantActive, ...entry }) => ({
            ...shownOccurrence(occurrence),
            ...entry,
            heldBack: heldBack({ ...entry, code: entry.alert, channel, tenantActive }, occurrence.at),
          })),
        next: cursorOf(found, shown + most),
        unreadable: [...unreadable],
      },
      200,
    );
  });
}

/** Many alerts may fire at once: how many of that time were shown stands behind it. */
function cursorOf(found: readonly Entry[], end: number): string | null {
  const following = found[end]?.occurrence.at.toInstant();
  if (following === undefined) return null;
  const shown = found.slice(0, end).filter(({ occurrence }) => occurrence.at.toInstant().equals(following));
  return `${following.toString()}/${shown.length}`;
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
  const chanceOf = earliestChance(span.from, settings);
  const soonest = alerts.map((alert) => ({ ...alert, chance: chanceOf(alert.row) })).sort(byChance);
  for (const { row, chance, ...described } of soonest) {
    if (chance > before.epochMilliseconds) break;
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

function byChance(one: { chance: number }, other: { chance: number }): number {
  return one.chance - other.chance;
}

function byTime(one: Entry, other: Entry): number {
  return (
    Temporal.ZonedDateTime.compare(one.occurrence.at, other.occurrence.at) ||
    one.alert.localeCompare(other.alert)
  );
}
