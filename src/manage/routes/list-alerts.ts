import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { AlertParse, AlertRow, TimeSettings } from '../../domain/alert.ts';
import { sentencesOf } from '../../domain/config-fault.ts';
import { parseAlert } from '../../domain/parse-alert.ts';
import { nextOccurrence } from '../../domain/recurrence.ts';
import { type Alert, AlertDetails, AlertList } from '../contract/alerts.ts';
import { alertCode, channelCode, limit, tenantCode, text, yesOrNo } from '../contract/values.ts';
import { knownAlert } from '../known-alert.ts';
import type { ManageApi } from '../manage-api.ts';
import { holding, type ReadPauses } from '../held-back.ts';
import { requireNamed } from '../require-named.ts';
import { pageOf } from '../page.ts';
import { shownOccurrence } from '../shown-occurrence.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';
import type { FindNamed } from './pause.ts';

/** An alert as its row has it, with its last execution. */
interface StoredAlert {
  row: AlertRow;
  /** emp_Activo; true where there is no such tenant. */
  tenantActive: boolean;
  described: Pick<
    z.output<typeof Alert>,
    'name' | 'type' | 'channel' | 'person' | 'contact' | 'profile' | 'last'
  >;
}

interface AlertFilter {
  code?: string | undefined;
  tenant?: string | undefined;
  type?: string | undefined;
  channel?: string | undefined;
  active?: boolean | undefined;
  /** Those alone of whose rows something may not be readable. */
  suspect?: boolean | undefined;
  /** In code or name. */
  text?: string | undefined;
  /** Codes after this one. */
  after?: string | undefined;
  limit: number;
}

/** In the order of their codes. */
export type FindAlerts = (filter: AlertFilter) => Promise<readonly StoredAlert[]>;

export interface AlertPorts {
  clock: Clock;
  settings: TimeSettings;
  findAlerts: FindAlerts;
  readPauses: ReadPauses;
  findNamed: FindNamed;
}

const list = createRoute({
  method: 'get',
  path: '/alerts',
  operationId: 'listAlerts',
  tags: ['alerts'],
  summary: 'The alerts, with what comes next and what ran last',
  request: {
    query: z.strictObject({
      tenant: tenantCode.optional(),
      type: text(50).optional().openapi({ description: 'tip_Cod', example: 'T01' }),
      channel: channelCode.optional(),
      active: yesOrNo.optional(),
      problem: yesOrNo.optional().openapi({ description: 'Those of whose rows something cannot be read.' }),
      text: text(50)
        .optional()
        .openapi({ description: 'In the code or the name, whatever its case.', example: 'stock' }),
      cursor: text(50)
        .optional()
        .openapi({ description: 'Where to go on: `next` of the page before.', example: '000001' }),
      limit,
    }),
  },
  responses: { 200: jsonAnswer(AlertList, 'A page of alerts.'), ...problemAnswers },
});

const one = createRoute({
  method: 'get',
  path: '/alerts/{code}',
  operationId: 'showAlert',
  tags: ['alerts'],
  summary: 'One alert, as its row is understood',
  request: { params: z.strictObject({ code: alertCode }), query: z.strictObject({}) },
  responses: { 200: jsonAnswer(AlertDetails, 'The alert.'), ...problemAnswers },
});

export function listAlerts(api: ManageApi, ports: AlertPorts): void {
  const { clock, settings, findAlerts, readPauses, findNamed } = ports;
  api.openapi(list, async (context) => {
    const { limit: most, cursor, problem, ...filter } = context.req.valid('query');
    const search = { ...filter, after: cursor };
    const read = (size: number) =>
      problem === undefined
        ? findAlerts({ ...search, limit: size })
        : findWith(problem, { ...search, limit: size }, { findAlerts, settings });
    const { items, next } = await pageOf(most, read, ({ row }) => row.code);
    if (items.length === 0) await requireNamed({ tenant: filter.tenant }, findNamed);
    const now = clock.now();
    const heldBack = holding(await readPauses({ from: now, upTo: null }));
    const alerts = items.map((alert) => shown(alert, parseAlert(alert.row, settings), now, heldBack));
    return context.json({ alerts, next }, 200);
  });
  api.openapi(one, async (context) => {
    const { code } = context.req.valid('param');
    const alert = await knownAlert(code, findAlerts);
    const parse = parseAlert(alert.row, settings);
    const now = clock.now();
    const heldBack = holding(await readPauses({ from: now, upTo: null }));
    return context.json({ ...shown(alert, parse, now, heldBack), ...detailsOf(parse) }, 200);
  });
}

/** Whether a row can be read is seen here, and not only with the next scan. */
async function findWith(
  problem: boolean,
  filter: AlertFilter,
  { findAlerts, settings }: Pick<AlertPorts, 'findAlerts' | 'settings'>,
): Promise<StoredAlert[]> {
  const found: StoredAlert[] = [];
  for (let after = filter.after; ;) {
    const chunk = await findAlerts({ ...filter, after, ...(problem && { suspect: true }) });
    found.push(...chunk.filter(({ row }) => parseAlert(row, settings).faults.length > 0 === problem));
    after = chunk.at(-1)?.row.code;
    if (chunk.length < filter.limit || found.length >= filter.limit) return found.slice(0, filter.limit);
  }
}

function shown(
  { row, tenantActive, described }: StoredAlert,
  parse: AlertParse,
  now: Temporal.Instant,
  heldBack: ReturnType<typeof holding>,
) {
  const { code, tenant, active } = row;
  const next = nextOf(parse, now);
  const sent = { code, tenant, channel: described.channel, tenantActive };
  return {
    code,
    active,
    tenant,
    ...described,
    problem: parse.faults.length === 0 ? null : sentencesOf(parse.faults),
    next: next && shownOccurrence(next),
    heldBack: next && heldBack(sent, next.at),
  };
}

function nextOf(parse: AlertParse, now: Temporal.Instant) {
  if (parse.kind === 'invalid' || !parse.alert.active) return null;
  return nextOccurrence(parse.alert.schedule, parse.alert.zone, now);
}

function detailsOf(parse: AlertParse) {
  const faults = parse.faults.map(({ column, value, allowed }) => ({ column, value, allowed }));
  if (parse.kind === 'invalid') return { zone: null, schedule: null, catchUpMinutes: null, faults };
  const { zone, schedule, catchUpMinutes } = parse.alert;
  return { zone, schedule: shownSchedule(schedule), catchUpMinutes, faults };
}

type Parsed = Extract<AlertParse, { kind: 'valid' }>['alert']['schedule'];

function shownSchedule(schedule: Parsed): z.output<typeof AlertDetails>['schedule'] {
  switch (schedule.kind) {
    case 'daily':
      return { kind: 'daily', time: schedule.time.toString() };
    case 'weekly':
      return { kind: 'weekly', time: schedule.time.toString(), weekdays: [...schedule.weekdays] };
    case 'calendar':
      return {
        kind: 'calendar',
        time: schedule.time.toString(),
        daysByMonth: schedule.daysByMonth.map((days) => [...days]),
        lastDayInstead: schedule.lastDayInstead,
      };
    case 'listed':
      return { kind: 'listed', entries: schedule.entries.map((entry) => entry.toString()) };
  }
}
