import type { KnownExecution } from './facts.ts';
import { reasonSpoken, spoken, together, type Spoken } from './spoken.ts';

const acceptedStates = ['ENVIADO', 'ENTREGADO', 'LEIDO', 'RESPONDIDO', 'FALLIDO'];

interface Counts {
  total: number;
  /** By the webhook. */
  accepted: number;
  /** Of those accepted: gateways told that they could not be delivered. */
  lost: number;
  open: number;
}

/** How many of its deliveries the webhook accepted, what became of them, and how many there are. */
export function countsOf({ tally }: KnownExecution): Counts {
  const of = (states: readonly string[]) => states.reduce((sum, state) => sum + (tally[state] ?? 0), 0);
  const total = Object.values(tally).reduce((sum, count) => sum + count, 0);
  return { total, accepted: of(acceptedStates), lost: of(['FALLIDO']), open: of(['PENDIENTE', 'REINTENTO']) };
}

/** How many of all messages were accepted. */
export function countSpoken({ accepted, total }: Counts): Spoken {
  if (total === 1 && accepted === 1) return spoken('su único mensaje', 'its only message');
  if (total === 1) return spoken('0 de 1 mensaje', '0 of 1 message');
  return spoken(`${accepted} de ${total} mensajes`, `${accepted} of ${total} messages`);
}

/** What was accepted and yet did not arrive. */
export function lostSpoken({ accepted, lost }: Counts, execution: KnownExecution): Spoken {
  if (lost === 0) return spoken('', '');
  const [es, en] =
    lost < accepted
      ? [
          `${lost} de ellos no se ${lost === 1 ? 'pudo' : 'pudieron'} entregar`,
          `${lost} of them could not be delivered`,
        ]
      : accepted === 1
        ? ['no se pudo entregar', 'it could not be delivered']
        : ['ninguno se pudo entregar', 'none of them could be delivered'];
  const names = namesSpoken(execution.lost, lost);
  return spoken(
    `, pero el servicio de mensajería avisó después que ${es}${names.es}`,
    `, but the gateway told afterwards that ${en}${names.en}`,
  );
}

/** ` (Juan Pérez (P001): no tiene WhatsApp, … y 2 más)` */
function namesSpoken(deliveries: KnownExecution['lost'], count: number): Spoken {
  if (deliveries.length === 0) return spoken('', '');
  const named = deliveries.map(({ person, name, error }) => {
    const who = name === null || name === person ? person : `${name} (${person})`;
    const why = reasonSpoken(error ?? '');
    return spoken(`${who}${why.es && `: ${why.es}`}`, `${who}${why.en && `: ${why.en}`}`);
  });
  const more = count - deliveries.length;
  return together([
    spoken(' (', ' ('),
    together(named, '; '),
    more > 0 ? spoken(` y ${more} más`, ` and ${more} more`) : spoken('', ''),
    spoken(')', ')'),
  ]);
}
