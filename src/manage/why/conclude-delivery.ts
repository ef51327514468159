import type { Temporal } from 'temporal-polyfill';
import type { KnownDelivery, KnownExecution, PersonFacts } from './facts.ts';
import { whenOf } from './conclude-execution.ts';
import { alertSpoken, type Conclusion, type Situation } from './situation.ts';
import { lateSpoken, onDayAt, reasonSpoken, spoken, stateSpoken, wallText, type Spoken } from './spoken.ts';

/** What became of the message of the person asked for. */
export function concludeDelivery(
  situation: Situation,
  execution: KnownExecution,
  delivery: KnownDelivery,
): Conclusion {
  const who = personText(situation.facts.person, delivery);
  const when = whenOf(situation, execution);
  const label = alertSpoken(situation);
  const message = spoken(
    `El mensaje de ${label.es} ${when.es} para ${who}`,
    `The message of ${label.en} ${when.en} for ${who}`,
  );
  const { outcome, rest } = restOf(situation, execution, delivery);
  return { outcome, sentence: spoken(`${message.es} ${rest.es}.`, `${message.en} ${rest.en}.`) };
}

/** `Juan Pérez (P001)` */
export function personText(person: PersonFacts | null, delivery: KnownDelivery | null): string {
  const [found] = person?.found ?? [];
  if (found === undefined || (delivery === null && person?.found.length !== 1))
    return `«${person?.asked ?? ''}»`;
  return found.name === null || found.name === found.code ? found.code : `${found.name} (${found.code})`;
}

interface Rest {
  outcome: Conclusion['outcome'];
  rest: Spoken;
}

function restOf({ facts }: Situation, execution: KnownExecution, delivery: KnownDelivery): Rest {
  const { state, destination, nextAttempt, twin } = delivery;
  const why = whySpoken(delivery);
  const to = destination === null || destination === '' ? '' : ` ${destination}`;
  const late = delaySpoken(execution, delivery, facts.zone);
  const wentTo = spoken(`salió${late.es} hacia${to}`, `went out${late.en} to${to}`);
  switch (state ?? '') {
    case 'PENDIENTE':
      return ending(
        'under-way',
        `está preparado para${to} y sale a su hora`,
        `is ready for${to} and goes out at its time`,
      );
    case 'REINTENTO': {
      const next = nextAttempt === null ? spoken('', '') : onDayAt(nextAttempt, facts.zone);
      return ending(
        'retrying',
        `todavía no fue aceptado: ${why.es}; se vuelve a intentar ${next.es}`,
        `has not been accepted yet: ${why.en}; it is tried again ${next.en}`,
      );
    }
    case 'SIN_CONTACTO':
      return ending('no-contact', `no salió: ${why.es}`, `did not go out: ${why.en}`);
    case 'DUPLICADO':
      return duplicate(to, twin);
    case 'RECHAZADO':
      return ending('refused', `fue rechazado: ${why.es}`, `was refused: ${why.en}`);
    case 'ENVIADO':
      return ending(
        'accepted',
        `${wentTo.es}: el webhook lo aceptó${answerText(delivery)}, y el servicio de mensajería todavía no avisó si llegó`,
        `${wentTo.en}: the webhook accepted it${answerText(delivery)}, and the gateway has not told yet whether it arrived`,
      );
    case 'ENTREGADO':
      return ending('delivered', `${wentTo.es} y fue entregado`, `${wentTo.en} and was delivered`);
    case 'LEIDO':
      return ending(
        'read',
        `${wentTo.es}, fue entregado y lo leyeron`,
        `${wentTo.en}, was delivered and has been read`,
      );
    case 'RESPONDIDO':
      return replied(wentTo, delivery);
    case 'FALLIDO':
      return ending(
        'undelivered',
        `${wentTo.es} y el webhook lo aceptó, pero el servicio de mensajería avisó después que no lo pudo entregar${after(why.es)}`,
        `${wentTo.en} and the webhook accepted it, but the gateway told afterwards that it could not be delivered${after(why.en)}`,
      );
    default:
      return ending('failed', `no se pudo entregar: ${why.es}`, `could not be delivered: ${why.en}`);
  }
}

/** When it really went out, where that was later than planned. */
function delaySpoken({ at }: KnownExecution, { attempt, sentAt }: KnownDelivery, zone: string): Spoken {
  const wallOf = (instant: Temporal.Instant) => instant.toZonedDateTimeISO(zone).toPlainDateTime();
  const actual = attempt === null ? sentAt : wallOf(attempt.at);
  if (at === null || actual === null) return spoken('', '');
  const { es, en } = lateSpoken(wallOf(at), actual);
  return es === '' ? spoken('', '') : spoken(` con demora, ${es},`, ` late, ${en},`);
}

/** A status says more than the meaning of the reason, which is that of the end of all attempts. */
function whySpoken({ error, attempt }: KnownDelivery): Spoken {
  const known = reasonSpoken(error ?? '');
  const status = attempt?.status ?? null;
  return status === null || status < 300 ? known : spoken(known.es, `the webhook answered HTTP ${status}`);
}

function duplicate(to: string, twin: KnownDelivery['twin']): Rest {
  const state = stateSpoken(twin?.state ?? null);
  const [es, en] =
    twin === null
      ? ['otra persona', 'another person']
      : [`${twin.person} (${state.es})`, `${twin.person} (${state.en})`];
  return ending(
    'duplicate',
    `no salió aparte: tiene el mismo destino${to} y el mismo texto que el de ${es}`,
    `did not go out apart: it has the same destination${to} and text as that of ${en}`,
  );
}

function replied(wentTo: Spoken, { repliedAt }: KnownDelivery): Rest {
  const when = repliedAt === null ? '' : ` el ${wallText(repliedAt)}`;
  const whenEn =
    repliedAt === null ? '' : ` on ${repliedAt.toString({ smallestUnit: 'minute' }).replace('T', ' at ')}`;
  return ending(
    'replied',
    `${wentTo.es}, llegó y fue respondido${when}`,
    `${wentTo.en}, arrived and was answered${whenEn}`,
  );
}

function answerText({ attempt }: KnownDelivery): string {
  return attempt?.status === null || attempt === null ? '' : ` (HTTP ${attempt.status})`;
}

function after(text: string): string {
  return text === '' ? '' : `: ${text}`;
}

function ending(outcome: Rest['outcome'], es: string, en: string): Rest {
  return { outcome, rest: spoken(es, en) };
}
