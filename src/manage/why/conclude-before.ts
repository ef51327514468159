import { Temporal } from 'temporal-polyfill';
import { sentenceOf } from '../../domain/config-fault.ts';
import { withinSentence } from '../../domain/reason-in-spanish.ts';
import type { KnownPause, LiveRecipient } from './facts.ts';
import { scheduleInWords } from './schedule-in-words.ts';
import {
  alertSpoken,
  coveringScan,
  daySpoken,
  isForgotten,
  isFuture,
  isUndecided,
  lateLimit,
  pauseAt,
  type Conclusion,
  type Situation,
} from './situation.ts';
import { momentText, onDayAt, spoken, type Spoken } from './spoken.ts';

/** What to say of a date for which nothing is on record: the alert is not there, was not due, is still to come, was not seen. */
export function concludeBefore(situation: Situation): Conclusion {
  const { facts, around, focus } = situation;
  const { alert, code } = facts;
  if (alert === null)
    return conclusion(
      'unknown-alert',
      `No existe ninguna alerta con el código ${code}.`,
      `There is no alert with the code ${code}.`,
    );
  if (around === null) return unreadable(situation);
  if (!alert.ours) {
    const label = alertSpoken(situation);
    return conclusion(
      'other-system',
      `De ${label.es} se ocupa otro sistema: ALERTS_ONLY no la incluye.`,
      `Another system runs ${label.en}: ALERTS_ONLY leaves it out.`,
    );
  }
  if (focus.at === null) return notDue(situation);
  return isFuture(situation, focus.at)
    ? concludeToCome(situation, focus.at)
    : unrecorded(situation, focus.at);
}

function unreadable(situation: Situation): Conclusion {
  const label = alertSpoken(situation);
  const faults = situation.facts.alert?.parse.faults ?? [];
  const columns = faults.map(({ column }) => column).join(', ');
  const problem = withinSentence(faults.map(sentenceOf).join(' '));
  return conclusion(
    'invalid-alert',
    `No puede salir ${label.es} porque su configuración no se puede leer: ${problem}.`,
    `Nothing can go out of ${label.en} because its configuration cannot be read: see ${columns}.`,
  );
}

function notDue(situation: Situation): Conclusion {
  const { around, valid, facts } = situation;
  const label = alertSpoken(situation);
  const day = daySpoken(situation);
  const words = valid === null ? spoken('', '') : scheduleInWords(valid.schedule);
  const times = [
    around?.before ? neighbour(around.before.at, facts.zone, 'la anterior fue', 'the one before was') : null,
    around?.after ? neighbour(around.after.at, facts.zone, 'la próxima es', 'the next is') : null,
  ].filter((time) => time !== null);
  const list = (language: 'es' | 'en') => times.map((time) => `; ${time[language]}`).join('');
  return conclusion(
    'not-due',
    `No había nada que enviar ${day.es}: ${label.es} sale ${words.es}${list('es')}.`,
    `Nothing was due ${day.en}: ${label.en} goes out ${words.en}${list('en')}.`,
  );
}

function neighbour(at: Temporal.ZonedDateTime, zone: string, es: string, en: string): Spoken {
  const when = onDayAt(at.toInstant(), zone);
  return spoken(`${es} ${when.es}`, `${en} ${when.en}`);
}

/** What is to go out at that time, and will or will not. */
export function concludeToCome(situation: Situation, at: Temporal.Instant): Conclusion {
  const { facts } = situation;
  const label = alertSpoken(situation);
  const when = onDayAt(at, facts.zone);
  const held = obstacle(situation, at);
  if (held !== null) {
    return conclusion(
      held.outcome,
      `No va a salir ${label.es} ${when.es}: ${held.sentence.es}.`,
      `Nothing will go out of ${label.en} ${when.en}: ${held.sentence.en}.`,
    );
  }
  const live = facts.person?.live ?? null;
  if (live !== null && live.kind !== 'unknown') return toComeFor(live, situation, when);
  const asked = facts.person?.asked ?? '';
  const unknown =
    live === null
      ? ''
      : `; si «${asked}» está entre los destinatarios no se sabe: ${withinSentence(live.detail)}`;
  const unknownEn =
    live === null
      ? ''
      : `; whether “${asked}” is among the recipients is not known: its database did not say`;
  return conclusion(
    'due',
    `Todavía no salió: ${label.es} va a salir ${when.es}${unknown}.`,
    `It has not gone out yet: ${label.en} will go out ${when.en}${unknownEn}.`,
  );
}

function toComeFor(
  live: Exclude<LiveRecipient, { kind: 'unknown' }>,
  situation: Situation,
  when: Spoken,
): Conclusion {
  const label = alertSpoken(situation);
  const asked = situation.facts.person?.asked ?? '';
  switch (live.kind) {
    case 'recipient':
      return conclusion(
        'due',
        `Todavía no salió: ${label.es} va a salir ${when.es}, y ${live.name} (${live.code}) la recibe en ${live.destination}.`,
        `It has not gone out yet: ${label.en} will go out ${when.en}, to ${live.name} (${live.code}) at ${live.destination} as well.`,
      );
    case 'unreachable':
      return conclusion(
        'no-contact',
        `Va a salir ${label.es} ${when.es}, pero no para ${live.name} (${live.code}): ${withinSentence(live.detail)}.`,
        `It will go out ${when.en}, but of ${label.en} nothing goes to ${live.name} (${live.code}), who has no usable contact.`,
      );
    case 'several':
      return severalPersons(asked, live.persons);
    case 'absent':
      return conclusion(
        'not-a-recipient',
        `Va a salir ${label.es} ${when.es}, pero «${asked}» no está entre sus destinatarios.`,
        `It will go out ${when.en}, but “${asked}” is not among the recipients of ${label.en}.`,
      );
  }
}

export function severalPersons(
  asked: string,
  persons: readonly { code: string; name: string | null }[],
): Conclusion {
  const list = persons
    .slice(0, 10)
    .map(({ code, name }) => (name === null ? code : `${name} (${code})`))
    .join(', ');
  return conclusion(
    'several-persons',
    `Por «${asked}» responden ${persons.length} personas: ${list}. Pregunte con el código.`,
    `${persons.length} persons answer to “${asked}”: ${list}. Ask with the code.`,
  );
}

/** What keeps back whatever is to go out at that time; `sentence` is the end of one. */
export function obstacle(situation: Situation, at: Temporal.Instant): Conclusion | null {
  const { alert, zone } = situation.facts;
  if (alert !== null && !alert.active)
    return conclusion('inactive', 'la alerta está inactiva', 'the alert is inactive');
  if (alert?.tenant?.active === false)
    return conclusion(
      'inactive',
      `la empresa ${alert.tenant.code} está inactiva`,
      `the tenant ${alert.tenant.code} is inactive`,
    );
  const pause = pauseAt(situation, at);
  if (pause === null) return null;
  const until =
    pause.until === null ? spoken('sin fecha de fin', 'with no end') : untilWhen(pause.until, zone);
  const by = pauseSpoken(pause);
  return conclusion(
    'omitted',
    `hay una pausa ${until.es}${by.es}`,
    `a pause is in force ${until.en}${by.en}`,
  );
}

/** Who began it, and why, as far as they said. */
export function pauseSpoken({ by, why }: KnownPause): Spoken {
  const whose = by === null ? spoken('', '') : spoken(`, puesta por ${by}`, `, begun by ${by}`);
  const because = why === null ? '' : ` (${why})`;
  return spoken(`${whose.es}${because}`, `${whose.en}${because}`);
}

function untilWhen(until: Temporal.Instant, zone: string): Spoken {
  return spoken(
    `hasta el ${momentText(until, zone)}`,
    `until ${onDayAt(until, zone).en.replace(/^on /, '')}`,
  );
}

/** Its time has passed, and there is no execution. */
function unrecorded(situation: Situation, at: Temporal.Instant): Conclusion {
  const { facts } = situation;
  const { scans, alert, zone } = facts;
  const label = alertSpoken(situation);
  const when = onDayAt(at, zone);
  if (isForgotten(situation, at)) {
    return conclusion(
      'not-recorded',
      `De ${label.es} ${when.es} no queda ningún registro: los ciclos se guardan 30 días.`,
      `There is no record left of ${label.en} ${when.en}: scans are kept for 30 days.`,
    );
  }
  if (scans.first === null || startedAfter(situation, at)) {
    const first =
      scans.first === null
        ? spoken('todavía no hizo ningún ciclo', 'it has made no scan yet')
        : firstScan(scans.first, zone);
    return conclusion(
      'not-scanned',
      `No salió ${label.es} ${when.es} porque Vigía no estaba en marcha: ${first.es}.`,
      `Nothing went out of ${label.en} ${when.en} because Vigía was not running yet: ${first.en}.`,
    );
  }
  if (alert !== null && !alert.active) {
    return conclusion(
      'inactive',
      `No salió ${label.es} ${when.es}: está inactiva, y de ese día no hay ningún registro.`,
      `Nothing went out of ${label.en} ${when.en}: it is inactive, and there is no record of that day.`,
    );
  }
  if (coveringScan(situation) === null || isUndecided(situation, at)) return unscanned(situation, at);
  const edited = spoken(
    'ese día no existía, estaba inactiva o tenía otro horario',
    'on that day it did not exist, was inactive or had another schedule',
  );
  return conclusion(
    'not-recorded',
    `No salió ${label.es} ${when.es}, aunque con su configuración de hoy le tocaba: los ciclos corrieron y no la encontraron, así que ${edited.es}.`,
    `Nothing went out of ${label.en} ${when.en}, although its configuration of today says so: the scans ran and did not find it, so ${edited.en}.`,
  );
}

function startedAfter({ facts: { scans, policy } }: Situation, at: Temporal.Instant): boolean {
  const end = at.add({ minutes: policy.windowMinutes });
  return scans.first !== null && scans.before === null && Temporal.Instant.compare(scans.first, end) > 0;
}

function firstScan(first: Temporal.Instant, zone: string): Spoken {
  const when = onDayAt(first, zone);
  return spoken(`su primer ciclo registrado fue ${when.es}`, `its first scan on record was ${when.en}`);
}

function unscanned(situation: Situation, at: Temporal.Instant): Conclusion {
  const { facts } = situation;
  const label = alertSpoken(situation);
  const when = onDayAt(at, facts.zone);
  const limit = lateLimit(situation, at);
  const untilThen = onDayAt(limit, facts.zone);
  const last = facts.scans.last === null ? null : onDayAt(facts.scans.last, facts.zone);
  const lastEs = last === null ? '' : ` (el último fue ${last.es})`;
  const lastEn = last === null ? '' : ` (the last was ${last.en})`;
  const next =
    Temporal.Instant.compare(facts.now, limit) <= 0
      ? spoken(
          `todavía puede salir si un ciclo la toma ${untilThen.es} o antes`,
          `it may still go out if a scan takes it ${untilThen.en} or before`,
        )
      : spoken(
          'ya no va a salir sola, y el próximo ciclo la registrará como perdida',
          'it will not go out any more, and the next scan will record it as missed',
        );
  return conclusion(
    'not-scanned',
    `No salió ${label.es} ${when.es} porque ningún ciclo de Vigía la tomó todavía${lastEs}: ${next.es}.`,
    `Nothing went out of ${label.en} ${when.en} because no scan has taken it yet${lastEn}: ${next.en}.`,
  );
}

function conclusion(outcome: Conclusion['outcome'], es: string, en: string): Conclusion {
  return { outcome, sentence: spoken(es, en) };
}
