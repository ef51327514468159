import { counted, dateText, reasonSpoken, momentText, wallText } from './spoken.ts';
import { countsOf } from './counts.ts';
import { personText } from './conclude-delivery.ts';
import type { KnownDelivery, KnownExecution } from './facts.ts';
import type { Situation } from './situation.ts';
import { step, type Step } from './step.ts';

const notReached = 'No se llegó a este paso.';

/** From the recipients to what came back: of one person, or of all recipients together. */
export function stepsAfterClaim(situation: Situation): Step[] {
  const { facts, focus } = situation;
  const { execution, delivery } = focus;
  if (delivery !== null) return ofOne(situation, delivery);
  if (facts.person !== null)
    return [
      recipientWithout(situation),
      contactOf(facts.person.live),
      ...nothingOf(['sent', 'answered', 'delivered']),
    ];
  return execution === null || countsOf(execution).total === 0
    ? nothingOf(['recipient', 'contact', 'sent', 'answered', 'delivered'])
    : ofAll(execution);
}

function nothingOf(names: readonly Step['step'][]): Step[] {
  return names.map((name) => step(name, null, notReached));
}

function recipientWithout(situation: Situation): Step {
  const { facts, focus } = situation;
  const { person, alert } = facts;
  const { execution } = focus;
  const who = personText(person, null);
  if (person === null) return step('recipient', null, notReached);
  if (person.found.length > 1)
    return step(
      'recipient',
      null,
      `Varias personas: ${person.found.map(({ code, name }) => `${code} ${name ?? ''}`.trim()).join(', ')}.`,
    );
  const whom = alert?.person
    ? `Es para la persona ${alert.person}`
    : alert?.profile
      ? `Es para el perfil ${alert.profile}`
      : '';
  if (person.live !== null)
    return step(
      'recipient',
      liveOk(person.live),
      `${whom}. Base de la empresa, ahora: ${liveText(person.live, who)}.`,
    );
  if (execution?.prepared === true) {
    const { total } = countsOf(execution);
    const { earlier } = person;
    const last =
      earlier === null
        ? ''
        : ` Sí la tuvo antes: ejecución ${earlier.executionId}${earlier.day === null ? '' : ` del ${dateText(earlier.day)}`}.`;
    return step(
      'recipient',
      false,
      `${whom}${whom === '' ? '' : '; '}${total === 1 ? 'la única entrega' : `ninguna de las ${total} entregas`} de la ejecución ${execution.id} ${total === 1 ? 'no es' : 'es'} para ${who}.${last}`,
    );
  }
  return step(
    'recipient',
    null,
    `${whom}${whom === '' ? '' : '. '}No se llegó a buscar a los destinatarios.`,
  );
}

type Live = NonNullable<NonNullable<Situation['facts']['person']>['live']>;

function contactOf(live: Live | null): Step {
  if (live?.kind === 'recipient') return step('contact', true, `Contacto ${live.destination}.`);
  return live?.kind === 'unreachable'
    ? step('contact', false, live.detail)
    : step('contact', null, notReached);
}

function liveOk({ kind }: Live): boolean | null {
  return kind === 'absent' ? false : kind === 'unknown' || kind === 'several' ? null : true;
}

function liveText(live: Live, who: string): string {
  switch (live.kind) {
    case 'recipient':
      return `${live.name} (${live.code}) está, con el contacto ${live.destination}`;
    case 'unreachable':
      return `${live.name} (${live.code}) está, pero sin contacto útil: ${live.detail.replace(/\.$/, '')}`;
    case 'several':
      return `responden ${live.persons.map(({ code, name }) => `${code} ${name}`).join(', ')}`;
    case 'absent':
      return `${who} no está`;
    case 'unknown':
      return live.detail.replace(/\.$/, '');
  }
}

function ofOne({ facts }: Situation, delivery: KnownDelivery): Step[] {
  const { id, executionId, destination, error } = delivery;
  const who = personText(facts.person, delivery);
  const usable = destination !== null && destination !== '';
  return [
    step('recipient', true, `Entrega ${id} de la ejecución ${executionId}, para ${who}.`),
    step(
      'contact',
      usable,
      usable ? `Contacto ${destination}.` : capital(`${reasonSpoken(error ?? 'sin_contacto').es}.`),
    ),
    ...(usable
      ? [sent(facts.zone, delivery), answered(delivery), delivered(delivery)]
      : nothingOf(['sent', 'answered', 'delivered'])),
  ];
}

const arrived: Readonly<Record<string, string>> = {
  ENTREGADO: 'entregado',
  LEIDO: 'leído',
  RESPONDIDO: 'respondido',
};

function sent(zone: string, delivery: KnownDelivery): Step {
  const { attempt, attempts, nextAttempt, state, twin, sentAt } = delivery;
  if (state === 'DUPLICADO')
    return step(
      'sent',
      false,
      `Duplicado: mismo destino y texto que ${twin?.person ?? 'otra persona'}${twin === null ? '' : ` (${twin.state})`}.`,
    );
  const next = nextAttempt === null ? '' : ` El próximo, ${momentText(nextAttempt, zone)}.`;
  if (attempt === null) {
    const when = sentAt === null ? '' : ` Enviado ${wallText(sentAt)}.`;
    return step(
      'sent',
      state === 'PENDIENTE' ? null : attempts > 0,
      `${counted(attempts, 'intento registrado', 'intentos registrados')}.${when}${next}`,
    );
  }
  return step(
    'sent',
    true,
    `Intento ${attempt.number} de ${attempts}, ${momentText(attempt.at, zone)}.${next}`,
    attempt.at,
  );
}

function answered({ attempt, state, error }: KnownDelivery): Step {
  if (attempt === null) return step('answered', null, notReached);
  const { status, durationMs } = attempt;
  const accepted = status !== null && status >= 200 && status < 300;
  const why = error === null ? '' : ` ${capital(reasonSpoken(error).es)}.`;
  const text = status === null ? `Sin respuesta en ${durationMs} ms.` : `HTTP ${status} en ${durationMs} ms.`;
  return step('answered', accepted, `${text} msg_Estado ${state ?? ''}.${accepted ? '' : why}`, attempt.at);
}

function delivered({ state, repliedAt, error }: KnownDelivery): Step {
  const word = arrived[state ?? ''];
  const reply = repliedAt === null ? '' : ` Respuesta: ${wallText(repliedAt)}.`;
  if (word !== undefined)
    return step('delivered', true, `Avisó el servicio de mensajería: ${word} (msg_Estado ${state}).${reply}`);
  if (state === 'FALLIDO')
    return step(
      'delivered',
      false,
      `Avisó el servicio de mensajería: no se pudo entregar. ${error ?? ''}`.trim(),
    );
  return step(
    'delivered',
    null,
    state === 'ENVIADO' ? 'El servicio de mensajería todavía no avisó nada.' : notReached,
  );
}

function ofAll(execution: KnownExecution): Step[] {
  const { total, accepted, open } = countsOf(execution);
  const { tally } = execution;
  const of = (...states: string[]) => states.reduce((sum, state) => sum + (tally[state] ?? 0), 0);
  const without = of('SIN_CONTACTO');
  const came = of('ENTREGADO', 'LEIDO', 'RESPONDIDO');
  const lost = of('FALLIDO');
  const list = Object.entries(tally)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
  const tried = total - without - of('DUPLICADO', 'PENDIENTE');
  return [
    step('recipient', true, `${counted(total, 'entrega', 'entregas')}: ${list}.`),
    step('contact', without < total, `${total - without} con contacto útil, ${without} sin él.`),
    step(
      'sent',
      tried > 0 ? true : open > 0 ? null : false,
      `${counted(tried, 'enviada', 'enviadas')}, ${open} por salir o reintentar.`,
    ),
    step(
      'answered',
      accepted > 0 ? true : open > 0 ? null : false,
      `${counted(accepted, 'aceptada', 'aceptadas')} por el webhook, ${of('RECHAZADO', 'ERROR')} no.`,
    ),
    step(
      'delivered',
      came > 0 ? true : lost > 0 ? false : null,
      `${counted(came, 'entregada', 'entregadas')} según el servicio de mensajería, ${lost} no; de ${of('ENVIADO')} no avisó.`,
    ),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
