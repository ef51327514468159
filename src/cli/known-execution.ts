import type { z } from 'zod';
import { ExecutionDetails } from '../manage/contract/executions.ts';
import type { Session } from './session.ts';
import { unlessUnseen } from './unless-unseen.ts';
import { peopleText } from './who-gets-it.ts';

export type KnownExecution = z.output<typeof ExecutionDetails>;

const mostCounted = 1000;

/** null: the key to act may not look. Throws CommandEnd: there is none. */
export async function knownExecution(id: string, { ask }: Session): Promise<KnownExecution | null> {
  const path = `executions/${encodeURIComponent(id)}`;
  const query = { limit: mostCounted };
  return await ask({ method: 'GET', path, query }, ExecutionDetails).then(({ value }) => value, unlessUnseen);
}

/** ` de la alerta 000001, empresa E1,` */
export function ofAlertText(known: KnownExecution | null): string {
  return known === null ? '' : ` de la alerta ${known.alert ?? '-'}, empresa ${known.tenant ?? '-'},`;
}

/** How many of its deliveries are in a state like that. */
export function countText(
  { deliveries, next }: KnownExecution,
  fits: (state: string | null) => boolean,
): string {
  return next === null
    ? peopleText(deliveries.filter(({ state }) => fits(state)).length)
    : `más de ${mostCounted} entregas`;
}
