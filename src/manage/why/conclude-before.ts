import { Temporal } from 'temporal-polyfill';
import { sentenceOf } from '../../domain/config-fault.ts';
import { withinSentence } from '../../domain/reason-in-spanish.ts';
import type { KnownScan } from './facts.ts';
import { concludeToCome, withPauseThen } from './conclude-to-come.ts';
import { scheduleInWords } from './schedule-in-words.ts';
import {
  alertSpoken,
  conclusion,
  coveringScan,
  daySpoken,
  isForgotten,
  isFuture,
  isLateScan,
  isUndecided,
  lateLimit,
  type Conclusion,
  type Situation,
} from './situation.ts';
import { onDayAt, spoken, type Spoken } from './spoken.ts';

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

/** Its time has passed, and there is no execution. */
function unrecorded(situation: Situation, at: Temporal.Instant): Conclusion {
  const { outcome, sentence } = whyUnrecorded(situation, at);
  return { outcome, sentence: withPauseThen(sentence, situation, at) };
}

function whyUnrecorded(situation: Situation, at: Temporal.Instant): Conclusion {
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
  const scan = coveringScan(situation);
  if (scan === null || isUndecided(situation, at)) return unscanned(situation, at);
  if (isLateScan(situation, scan, at)) return unseen(situation, at, scan);
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

/** The first scan that could decide it came long after, and made nothing of it. */
function unseen(situation: Situation, at: Temporal.Instant, scan: KnownScan): Conclusion {
  const { scans, zone } = situation.facts;
  const label = alertSpoken(situation);
  const when = onDayAt(at, zone);
  const to = onDayAt(scan.at, zone);
  const [next] = scans.covering;
  const from = scans.before === null ? spoken('', '') : onDayAt(scans.before.at, zone);
  const gap =
    next !== undefined && !isLateScan(situation, next, at)
      ? spoken(`los ciclos fallaron hasta ${to.es}`, `the scans failed until the one ${to.en}`)
      : spoken(
          `Vigía no hizo ningún ciclo entre ${from.es} y ${to.es}`,
          `Vigía made no scan between the one ${from.en} and the one ${to.en}`,
        );
  return conclusion(
    'not-scanned',
    `No salió ${label.es} ${when.es}: ${gap.es}, y después no quedó registrada, por lo largo del corte o porque hasta entonces no existía, estaba inactiva o tenía otro horario.`,
    `Nothing went out of ${label.en} ${when.en}: ${gap.en}, and afterwards it was not recorded, because that was too long or because until then it did not exist, was inactive or had another schedule.`,
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
