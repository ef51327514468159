import type { Reason } from '../../domain/reason.ts';
import { sameCode } from '../../domain/same-code.ts';
import { failed, type Obstacle } from '../end/ending.ts';
import type { Seats } from '../seats.ts';
import type { LookupRecipients, Person } from './lookup-recipients.ts';
import type { Plan } from './plan-preparation.ts';
import type { TenantAnswer } from './tenant-answer.ts';

export interface RecipientPorts {
  seats: Seats;
  lookupRecipients: LookupRecipients;
}

export type Audience = Pick<Plan, 'tenant' | 'target'>;

/** Asks the tenant's database who an alert is for. Whoever asks has a place among those that wait for it. */
export async function findRecipients(
  { lookupRecipients, seats }: RecipientPorts,
  { tenant, target }: Audience,
  signal: AbortSignal,
): Promise<TenantAnswer<readonly Person[]>> {
  const answer = await lookupRecipients(tenant, target, signal);
  seats.note(tenant.code, answer.kind === 'answer' ? 'well' : 'badly');
  return answer;
}

/** What so many recipients end an execution with; null when it may go on. */
export function judgeRecipients(
  count: number,
  { target, maxRecipients }: Pick<Plan, 'target' | 'maxRecipients'>,
): Obstacle | null {
  if (count > maxRecipients) {
    return failed('demasiados_destinatarios', `${count} destinatarios; el máximo es ${maxRecipients}.`);
  }
  if (count > 0) return null;
  if (target.kind === 'person') {
    return failed('sin_destinatarios', `La persona ${target.person} no existe en la base de la empresa.`);
  }
  const detail = `El perfil ${target.profile} no tiene personas.`;
  return { kind: 'close', state: 'OMITIDA', reason: 'sin_destinatarios', detail };
}

/** Of all recipients those that an operator asked for; a trial is one message, of the first of them. */
export function askedAmong(
  persons: readonly Person[],
  { persons: names, destination }: Plan['asked'],
): { named: readonly Person[]; missing: readonly string[] } {
  const { named, missing } =
    names === undefined ? { named: persons, missing: [] } : namedAmong(persons, names);
  return { named: destination === undefined ? named : named.slice(0, 1), missing };
}

/** What an execution ends with that is for none of the recipients; null when it is for some. */
export function judgeAsked({ named, missing }: ReturnType<typeof askedAmong>): Obstacle | null {
  if (named.length > 0 || missing.length === 0) return null;
  const some = missing.slice(0, 10).join(', ');
  const detail = `No está entre los destinatarios de la alerta nadie de quienes se pidieron: ${some}.`;
  return failed('sin_destinatarios', detail);
}

/** Those with one of these codes, and the codes that nobody has; compared as SQL Server does. */
export function namedAmong(
  persons: readonly Person[],
  names: readonly string[],
): { named: readonly Person[]; missing: readonly string[] } {
  const wanted = new Set(names.map(sameCode));
  const known = new Set(persons.map(({ code }) => sameCode(code)));
  return {
    named: persons.filter(({ code }) => wanted.has(sameCode(code))),
    missing: names.filter((name) => !known.has(sameCode(name))),
  };
}

/** So many of the tenant's dispatches wait for its database that there is no place for one more. */
export const noPlaceAtDatabase: Obstacle = {
  kind: 'wait',
  reason: 'sin_lugar',
  detail: 'Demasiadas ejecuciones de la empresa esperan a su base de datos.',
};

/** How a tenant's database that gave no answer ends a dispatch: what passes is waited for. */
export function endingOf({
  kind,
  reason,
  detail,
}: {
  kind: 'passing' | 'final';
  reason: Reason;
  detail: string;
}): Obstacle {
  return kind === 'passing' ? { kind: 'wait', reason, detail } : failed(reason, detail);
}
