import type { Temporal } from 'temporal-polyfill';
import { endSpoken, lateSpoken, onDayAt, spoken, together, type Spoken } from './spoken.ts';
import { countsOf, countSpoken, lostSpoken } from './counts.ts';
import type { KnownExecution } from './facts.ts';
import { concludeToCome, obstacle, pauseSpoken, withPauseThen } from './conclude-to-come.ts';
import { alertSpoken, daySpoken, isFuture, pauseAt, type Conclusion, type Situation } from './situation.ts';

/** What to say of an execution as a whole: nobody was asked for, or it did not come to deliveries. */
export function concludeExecution(situation: Situation, execution: KnownExecution): Conclusion {
  const { state, origin } = execution;
  if (origin === null) return byOlderSystem(situation, execution);
  switch (state ?? '') {
    case 'PENDIENTE':
    case 'EN_PROCESO':
      return underWay(situation, execution);
    case 'ENVIADA':
    case 'PARCIAL':
      return wentOut(situation, execution);
    case 'OMITIDA':
      return ended(situation, execution, 'omitted');
    case 'PERDIDA':
      return ended(situation, execution, 'missed');
    case 'CANCELADA':
      return ended(situation, execution, 'cancelled');
    default:
      return ended(situation, execution, 'failed');
  }
}

function byOlderSystem(situation: Situation, { state, id }: KnownExecution): Conclusion {
  const label = alertSpoken(situation);
  const day = daySpoken(situation);
  return {
    outcome: 'older-system',
    sentence: spoken(
      `De ${label.es} se ocupó ${day.es} el sistema anterior: en su registro ${id} dice ${state ?? 'nada'}, y sus mensajes no se pueden seguir desde aquí.`,
      `The system before Vigía ran ${label.en} ${day.en}: its record ${id} says ${state ?? 'nothing'}, and its messages cannot be followed from here.`,
    ),
  };
}

function underWay(situation: Situation, execution: KnownExecution): Conclusion {
  const { facts } = situation;
  const label = alertSpoken(situation);
  const { at, waitsUntil, reason, detail } = execution;
  const counts = countsOf(execution);
  const { open, total, accepted } = counts;
  const lost = lostSpoken(counts, execution);
  const when = whenOf(situation, execution);
  if (at !== null && isFuture(situation, at)) {
    if (!execution.prepared && facts.person?.live != null) return concludeToCome(situation, at);
    const held = execution.prepared ? null : obstacle(situation, at);
    const sentence =
      held === null
        ? spoken(
            `Todavía no salió: ${label.es} está reclamada y sale ${when.es}.`,
            `It has not gone out yet: ${label.en} is claimed and goes out ${when.en}.`,
          )
        : spoken(
            `No va a salir ${label.es} ${when.es}: ${held.sentence.es}.`,
            `Nothing will go out of ${label.en} ${when.en}: ${held.sentence.en}.`,
          );
    return { outcome: held?.outcome ?? 'due', sentence };
  }
  if (!execution.prepared && waitsUntil !== null && reason !== null) {
    const why = endSpoken(reason, detail);
    const passing = why.en.replace(/ until the catch-up limit$/, '');
    const until = onDayAt(waitsUntil, facts.zone);
    return {
      outcome: 'waiting',
      sentence: spoken(
        `Todavía no salió ${label.es} ${when.es}: espera porque ${why.es}, y se vuelve a intentar ${until.es}.`,
        `Nothing has gone out of ${label.en} ${when.en} yet: it waits (${passing}) and is tried again ${until.en}.`,
      ),
    };
  }
  if ((execution.tally['REINTENTO'] ?? 0) > 0)
    return {
      outcome: 'retrying',
      sentence: spoken(
        `De ${label.es} ${when.es} ${accepted === 1 ? 'se aceptó' : 'se aceptaron'} ${accepted} de ${total} ${total === 1 ? 'mensaje' : 'mensajes'}${lost.es}; por reintentar: ${open}.`,
        `Of ${label.en} ${when.en} ${accepted} of ${total} ${total === 1 ? 'message' : 'messages'} were accepted${lost.en}; to be tried again: ${open}.`,
      ),
    };
  const review = execution.reviewAt === null ? null : onDayAt(execution.reviewAt, facts.zone);
  const progress = execution.prepared
    ? spoken(
        `${accepted} de ${total} ${total === 1 ? 'mensaje aceptado' : 'mensajes aceptados'}${lost.es}`,
        `${accepted} of ${total} ${total === 1 ? 'message' : 'messages'} accepted${lost.en}`,
      )
    : spoken('todavía se está preparando', 'it is still being prepared');
  return {
    outcome: 'under-way',
    sentence: spoken(
      `Está saliendo ${label.es} ${when.es}: ${progress.es}${review === null ? '' : ` (se revisa a más tardar ${review.es})`}.`,
      `It is going out, ${label.en} ${when.en}: ${progress.en}${review === null ? '' : ` (looked at again at the latest ${review.en})`}.`,
    ),
  };
}

function wentOut(situation: Situation, execution: KnownExecution): Conclusion {
  const label = alertSpoken(situation);
  const when = together([whenOf(situation, execution), delaySpoken(situation, execution)]);
  const counts = countsOf(execution);
  const { accepted, lost } = counts;
  const whole = execution.state === 'ENVIADA';
  const rest = whole ? spoken('', '') : restOf(execution);
  const count = countSpoken(counts);
  const sentence = together([
    spoken(
      `Salió ${label.es} ${when.es}: el webhook aceptó ${count.es}`,
      `It went out: of ${label.en} ${when.en} the webhook accepted ${count.en}`,
    ),
    rest,
    lostSpoken(counts, execution),
    spoken('.', '.'),
  ]);
  if (lost > 0) return { outcome: lost === accepted ? 'undelivered' : 'partly-undelivered', sentence };
  return { outcome: whole ? 'accepted' : 'partly-accepted', sentence };
}

/** When it really began, where that was later than planned. */
function delaySpoken({ facts: { zone } }: Situation, { at, preparedAt }: KnownExecution): Spoken {
  if (at === null || preparedAt === null) return spoken('', '');
  const wallOf = (instant: Temporal.Instant) => instant.toZonedDateTimeISO(zone).toPlainDateTime();
  const { es, en } = lateSpoken(wallOf(at), wallOf(preparedAt));
  return es === '' ? spoken('', '') : spoken(`, con demora (${es})`, ` late (${en})`);
}

const restWords: Readonly<Record<string, Spoken>> = {
  SIN_CONTACTO: spoken('sin contacto', 'without a contact'),
  RECHAZADO: spoken('rechazados', 'refused'),
  ERROR: spoken('con error', 'failed'),
  DUPLICADO: spoken('duplicados', 'duplicates'),
};

function restOf({ tally }: KnownExecution): Spoken {
  const parts = Object.entries(restWords).flatMap(([state, words]) => {
    const count = tally[state] ?? 0;
    return count === 0 ? [] : [spoken(`${words.es}: ${count}`, `${words.en}: ${count}`)];
  });
  return parts.length === 0
    ? spoken('', '')
    : together([spoken(' (', ' ('), together(parts, ', '), spoken(')', ')')]);
}

function ended(situation: Situation, execution: KnownExecution, outcome: Conclusion['outcome']): Conclusion {
  const label = alertSpoken(situation);
  const when = whenOf(situation, execution);
  const why = whyEnded(situation, execution);
  const words: Readonly<Record<string, Spoken>> = {
    omitted: spoken('se omitió', 'was left out'),
    missed: spoken('se perdió', 'was missed'),
    cancelled: spoken('se canceló', 'was cancelled'),
    failed: spoken('terminó con error', 'ended in an error'),
  };
  const word = words[outcome] ?? spoken('', '');
  const because = why.es === '' ? '' : `: ${why.es}`;
  const becauseEn = why.en === '' ? '' : `: ${why.en}`;
  const sentence = spoken(
    `No salió ${label.es}: lo que tocaba ${when.es} ${word.es}${because}.`,
    `Nothing went out of ${label.en}: what was due ${when.en} ${word.en}${becauseEn}.`,
  );
  const { at, reason, prepared } = execution;
  const told = at === null || prepared || reason === 'pausa';
  return { outcome, sentence: told ? sentence : withPauseThen(sentence, situation, at) };
}

/** What only the records around it tell comes before its own detail: since when no scan ran, who paused. */
function whyEnded(situation: Situation, { reason, detail, at }: KnownExecution): Spoken {
  const { scans, zone } = situation.facts;
  const pause = reason === 'pausa' && at !== null ? pauseAt(situation, at) : null;
  if (pause !== null)
    return together([spoken('había una pausa', 'a pause was in force'), pauseSpoken(pause)]);
  const next = scans.covering[0];
  if (reason !== 'no_ejecutada' || scans.before === null || next === undefined)
    return endSpoken(reason, detail);
  const [from, to] = [onDayAt(scans.before.at, zone), onDayAt(next.at, zone)];
  return spoken(
    `Vigía no hizo ningún ciclo entre ${from.es} y ${to.es}`,
    `Vigía made no scan between the one ${from.en} and the one ${to.en}`,
  );
}

const origins: Readonly<Record<string, Spoken>> = {
  MANUAL: spoken(' (envío a mano)', ' (run by hand)'),
  REENVIO: spoken(' (reenvío)', ' (sent again)'),
  PRUEBA: spoken(' (prueba)', ' (test)'),
};

/** How it came about, where not by the agenda. */
export function originSpoken({ origin }: KnownExecution): Spoken {
  return origins[origin ?? ''] ?? spoken('', '');
}

/** When it was to go out; what was asked for by hand says so. */
export function whenOf(situation: Situation, execution: KnownExecution): Spoken {
  const when = execution.at === null ? daySpoken(situation) : onDayAt(execution.at, situation.facts.zone);
  return together([when, originSpoken(execution)]);
}
