import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import type { Occurrence } from '../../domain/occurrence.ts';
import { actOf, logAct, type Act, type ActPorts } from '../act.ts';
import { ScanAnswer, ScanRequest } from '../contract/scan.ts';
import { operatorHeader } from '../contract/acts.ts';
import type { ManageApi } from '../manage-api.ts';
import { requireNamed } from '../require-named.ts';
import { refuseOtherBodies } from '../refuse-other-bodies.ts';
import { invalidRequest } from '../refuse-invalid.ts';
import { shownOccurrence, textOf } from '../shown-occurrence.ts';
import { jsonAnswer, optionalJsonBody, problemAnswers } from './answers.ts';
import type { FindNamed } from './pause.ts';

type Answer = z.output<typeof ScanAnswer>;
type Dry = Extract<Answer, { dryRun: true }>;
type Real = Extract<Answer, { dryRun: false }>;
type Shown = Dry['decisions'][number];

interface Standing {
  executionId: number;
  state: string | null;
}

/** What a scan would do of one alert. */
type Decision = Pick<Shown, 'alert' | 'name' | 'tenant' | 'decision' | 'detail' | 'paused' | 'problem'> & {
  occurrences: readonly (Pick<Shown['occurrences'][number], 'key' | 'decision' | 'reason' | 'detail'> & {
    at: Temporal.ZonedDateTime;
    execution: Standing | null;
  })[];
  next: Occurrence | null;
  execution: Standing | null;
};

/** As of then (null = now), of all active alerts, or of those that fit; in the order of their codes. Changes nothing. */
type DryScan = (
  at: Temporal.Instant | null,
  filter: { tenant?: string | undefined; alert?: string | undefined },
) => Promise<{ at: Temporal.Instant; decisions: readonly Decision[] }>;

/** The timer's. */
type ScanNow = () => Promise<
  Omit<Real, 'dryRun' | 'at' | 'failures'> & { at: Temporal.Instant; failures: readonly string[] }
>;

/** An audit entry by itself, of an act that changes no row of ours in a transaction. */
export type RecordAct = (act: Act) => Promise<void>;

export interface ScanPorts extends ActPorts {
  dryScan: DryScan;
  scanNow: ScanNow;
  recordAct: RecordAct;
  findNamed: FindNamed;
}

const usualLimit = 100;
/** Everything that would be missed until then is looked at. */
const longestAhead = { hours: 366 * 24 };

const route = createRoute({
  method: 'post',
  path: '/scan',
  operationId: 'scan',
  tags: ['alerts'],
  middleware: refuseOtherBodies,
  summary: 'A scan now, or what one would decide',
  description:
    'Dry unless `"dryRun": false`: tells of all active alerts (or those of `tenant`, or `alert`, inactive ones too) what the next scan would do, were it now or at `at`. A real one is the timer’s scan, now.',
  request: { query: z.strictObject({}), headers: operatorHeader, body: optionalJsonBody(ScanRequest) },
  responses: { 200: jsonAnswer(ScanAnswer, 'What was done, or would be.'), ...problemAnswers },
});

export function scan(api: ManageApi, ports: ScanPorts): void {
  api.openapi(route, async (context) => {
    const { dryRun = true, ...request } = context.req.valid('json');
    const act = actOf(context.req.raw.headers, { act: 'scan', on: 'everything' }, ports);
    if (dryRun) return context.json(await dry(ports, request), 200);
    const dryOnly = Object.entries(request).filter(([, value]) => value !== undefined);
    if (dryOnly.length > 0)
      throw invalidRequest(
        dryOnly.map(([name]) => ({
          at: `body.${name}`,
          message: 'is for dry runs alone: a real scan is of now, and looks at everything',
        })),
      );
    return context.json(await real(ports, act), 200);
  });
}

async function dry(
  { clock, dryScan, findNamed }: ScanPorts,
  {
    at,
    decisions: wanted,
    limit = usualLimit,
    cursor,
    ...filter
  }: Omit<z.output<typeof ScanRequest>, 'dryRun'>,
): Promise<Dry> {
  if (at !== undefined && at.epochMilliseconds > clock.now().add(longestAhead).epochMilliseconds)
    throw invalidRequest([{ at: 'body.at', message: 'must lie at most a year ahead' }]);
  const found = await dryScan(at ?? null, filter);
  if (found.decisions.length === 0) await requireNamed(filter, findNamed);
  const counts: Record<string, number> = {};
  for (const { decision } of found.decisions) counts[decision] = (counts[decision] ?? 0) + 1;
  const start = cursor === undefined ? 0 : 1 + found.decisions.findIndex(({ alert }) => alert === cursor);
  if (cursor !== undefined && start === 0)
    throw invalidRequest([{ at: 'body.cursor', message: 'must be what `next` of the answer before said' }]);
  // By now it may be due no more: the list goes on behind it all the same.
  const fitting = found.decisions.slice(start).filter(({ decision }) => wanted?.includes(decision) ?? true);
  const page = fitting.slice(0, limit);
  return {
    dryRun: true,
    at: found.at.toString(),
    counts,
    decisions: page.map(shown),
    next: fitting.length > limit ? (page.at(-1)?.alert ?? null) : null,
  };
}

/** On record before it begins: it cannot be taken back. */
async function real({ recordAct, scanNow, log }: ScanPorts, act: Act): Promise<Real> {
  await recordAct(act);
  const { at, failures, ...counts } = await scanNow();
  logAct(act, log);
  return { dryRun: false, at: at.toString(), failures: [...failures], ...counts };
}

function shown({ occurrences, next, execution, ...decision }: Decision): Shown {
  return {
    ...decision,
    occurrences: occurrences.map(({ at, execution: standing, ...each }) => ({
      at: textOf(at),
      local: at.toPlainDateTime().toString(),
      ...each,
      execution: shownStanding(standing),
    })),
    next: next && shownOccurrence(next),
    execution: shownStanding(execution),
  };
}

function shownStanding(standing: Standing | null): Shown['execution'] {
  return standing && { id: standing.executionId, state: standing.state };
}
