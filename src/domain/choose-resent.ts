import { sameCode } from './same-code.ts';

/** A delivery of the execution that is to be sent again. */
export interface EarlierDelivery {
  id: number;
  person: string;
  name: string | null;
  /** msg_Estado */
  state: string;
  /** msg_Intentos */
  attempts: number;
  /** msg_Error */
  error: string | null;
  /** The first later execution that had it accepted, and did not hear of a failure since. */
  acceptedIn: number | null;
  /** The first later execution that had it accepted, whatever its gateway reported then. */
  takenIn: number | null;
}

/** Whom a resend is for: the named persons alone, or null; and whether those who have got it are among them. */
export interface ResentTo {
  persons: readonly string[] | null;
  everyone: boolean;
}

export interface ResentChoice {
  /** The same message once more: no gateway has accepted it, as far as anybody knows. */
  again: readonly EarlierDelivery[];
  /** A message of its own: a receiver drops a `webhook-id` that it has accepted before. */
  anew: readonly EarlierDelivery[];
}

export interface LeftOut {
  person: string;
  name: string | null;
  why: 'accepted' | 'no_contact' | 'duplicate' | 'not_a_recipient';
  /** The later execution in which it was accepted. */
  acceptedIn: number | null;
}

const unaccepted: ReadonlySet<string> = new Set(['PENDIENTE', 'REINTENTO', 'ERROR', 'RECHAZADO']);
const unwritten: ReadonlySet<string> = new Set(['SIN_CONTACTO', 'DUPLICADO']);

/** Who gets a prepared execution once more. What its gateway accepted and then reported as failed counts as failed. */
export function chooseResent(deliveries: readonly EarlierDelivery[], to: ResentTo): ResentChoice {
  const wanted = wantedOf(deliveries, to).filter(
    ({ state, acceptedIn }) =>
      !unwritten.has(state) &&
      (to.everyone || (acceptedIn === null && (unaccepted.has(state) || state === 'FALLIDO'))),
  );
  return { again: wanted.filter(isUntaken), anew: wanted.filter((each) => !isUntaken(each)) };
}

/**
 * What to know of those who were chosen, by their ids, and of the others. `ambiguous`: a call was made, and its answer did
 * not come or said nothing of the message, so that nobody knows whether it has arrived.
 */
export function tellResent(
  deliveries: readonly EarlierDelivery[],
  chosen: ReadonlySet<number>,
  to: ResentTo,
): { ambiguous: readonly EarlierDelivery[]; leftOut: readonly LeftOut[] } {
  const known = new Set(deliveries.map(({ person }) => sameCode(person)));
  const strangers = to.persons?.filter((person) => !known.has(sameCode(person))) ?? [];
  return {
    ambiguous: deliveries.filter(
      (each) => chosen.has(each.id) && each.state === 'ERROR' && each.attempts > 0 && isUntaken(each),
    ),
    leftOut: [
      ...wantedOf(deliveries, to)
        .filter(({ id }) => !chosen.has(id))
        .map(leftOutOf),
      ...strangers.map((person) => ({
        person,
        name: null,
        why: 'not_a_recipient' as const,
        acceptedIn: null,
      })),
    ],
  };
}

function isUntaken({ state, takenIn }: EarlierDelivery): boolean {
  return unaccepted.has(state) && takenIn === null;
}

function wantedOf(deliveries: readonly EarlierDelivery[], { persons }: ResentTo): readonly EarlierDelivery[] {
  if (persons === null) return deliveries;
  const named = new Set(persons.map(sameCode));
  return deliveries.filter(({ person }) => named.has(sameCode(person)));
}

function leftOutOf({ person, name, state, acceptedIn }: EarlierDelivery): LeftOut {
  const why = state === 'SIN_CONTACTO' ? 'no_contact' : state === 'DUPLICADO' ? 'duplicate' : 'accepted';
  return { person, name, why, acceptedIn: why === 'accepted' ? acceptedIn : null };
}
