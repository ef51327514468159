import { failed, type Obstacle } from '../end/ending.ts';
import {
  endingOf,
  findRecipients,
  judgeRecipients,
  namedAmong,
  type RecipientPorts,
} from '../prepare/find-recipients.ts';
import type { Person } from '../prepare/lookup-recipients.ts';
import { queryPlan, sharedPlan, type Plan, type ToPlan } from '../prepare/plan-preparation.ts';
import { judgeSharedRows, sharedRows } from '../prepare/read-rows.ts';
import type { Parts } from '../prepare/read-parts.ts';
import type { QueryRows, RunQuery } from '../prepare/run-query.ts';

export interface GatherPorts extends RecipientPorts {
  runQuery: RunQuery;
}

export interface GatherJob {
  execution: ToPlan;
  parts: Parts;
  /** null = everybody. */
  named: readonly string[] | null;
  signal: AbortSignal;
}

/** What the company's database gave for all recipients. */
export interface Audience {
  persons: readonly Person[];
  /** Were named and are no recipients. */
  missing: readonly string[];
  /** More than may be sent to: a dispatch would not look at them. */
  isTooMany: boolean;
  /** null: the query cannot be read, or gave no answer. */
  shared: QueryRows | null;
  /** null: there is no company to ask. */
  asked: Pick<Plan, 'tenant' | 'contact' | 'parameters' | 'data' | 'query' | 'perPerson'> | null;
  obstacles: readonly Obstacle[];
}

export const nobody: Audience = {
  persons: [],
  missing: [],
  isTooMany: false,
  shared: null,
  asked: null,
  obstacles: [],
};

const noneOfThem = failed(
  'sin_destinatarios',
  'Ninguna de las personas nombradas es destinataria de la alerta.',
);

/** Looks up the recipients and runs the query that they share, as far as the rows of the alert can be read. */
export async function gatherAudience(
  ports: GatherPorts,
  { execution, parts, named, signal }: GatherJob,
): Promise<Audience> {
  const { alert, target, maxRecipients, query } = parts;
  if (alert.kind === 'fault' || target.kind === 'fault') return nobody;
  const shared = sharedPlan(execution, alert.value);
  const found = await findRecipients(ports, { tenant: shared.tenant, target: target.value }, signal);
  if (found.kind !== 'answer') return { ...nobody, obstacles: [endingOf(found)] };
  const chosen = named === null ? { named: found.value, missing: [] } : namedAmong(found.value, named);
  const most = maxRecipients.kind === 'read' ? maxRecipients.value : Infinity;
  const judged =
    found.value.length > 0 && chosen.named.length === 0
      ? noneOfThem
      : judgeRecipients(chosen.named.length, { target: target.value, maxRecipients: most });
  const audience: Audience = {
    ...nobody,
    persons: chosen.named,
    missing: chosen.missing,
    isTooMany: chosen.named.length > most,
    obstacles: judged === null ? [] : [judged],
  };
  if (query.kind === 'fault') return audience;
  const asked = { ...shared, ...queryPlan(query.value) };
  const rows = await sharedRows(ports.runQuery, asked, signal);
  if (rows.kind !== 'answer')
    return { ...audience, asked, obstacles: [...audience.obstacles, endingOf(rows)] };
  const empty = judgeSharedRows(rows.value, asked);
  return {
    ...audience,
    asked,
    shared: rows.value,
    obstacles: empty === null ? audience.obstacles : [...audience.obstacles, empty],
  };
}
