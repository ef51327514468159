import type { Obstacle } from '../end/ending.ts';
import type { Person } from './lookup-recipients.ts';
import type { Plan } from './plan-preparation.ts';
import { noRows, type QueryRows, type RunQuery } from './run-query.ts';
import type { TenantAnswer } from './tenant-answer.ts';

type Asking = Pick<Plan, 'tenant' | 'query' | 'perPerson' | 'parameters'>;

/** The rows that all recipients share: none where each has rows of its own. */
export async function sharedRows(
  runQuery: RunQuery,
  { query, perPerson, tenant, parameters }: Asking,
  signal: AbortSignal,
): Promise<TenantAnswer<QueryRows>> {
  if (query === null || perPerson) return { kind: 'answer', value: noRows };
  return await runQuery(tenant, query, parameters, signal);
}

/** An alert that goes out only when its query gives rows. */
export function judgeSharedRows(
  { rows }: QueryRows,
  { query, perPerson }: Pick<Plan, 'query' | 'perPerson'>,
): Obstacle | null {
  if (query === null || perPerson || rows.length > 0 || !query.omitIfEmpty) return null;
  return { kind: 'close', state: 'OMITIDA', reason: 'sin_filas', detail: 'La consulta no dio filas.' };
}

/** `none`: the query gave this person no rows, and the alert goes only to those for whom it does. */
export async function rowsFor(
  runQuery: RunQuery,
  { query, tenant, perPerson, parameters }: Asking,
  { person, shared }: { person: Person; shared: QueryRows },
  signal: AbortSignal,
): Promise<TenantAnswer<QueryRows> | { kind: 'none' }> {
  if (query === null || !perPerson) return { kind: 'answer', value: shared };
  const answer = await runQuery(tenant, query, { ...parameters, persona: person.code }, signal);
  const isLeftOut = answer.kind === 'answer' && answer.value.rows.length === 0 && query.omitIfEmpty;
  return isLeftOut ? { kind: 'none' } : answer;
}
