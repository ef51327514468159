import type { Temporal } from 'temporal-polyfill';
import { withinSentence } from '../../domain/reason-in-spanish.ts';
import type { KnownPause, LiveRecipient } from './facts.ts';
import { alertSpoken, conclusion, pauseAt, type Conclusion, type Situation } from './situation.ts';
import { momentText, onDayAt, spoken, type Spoken } from './spoken.ts';

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

/** The pause that was in force at a time that has passed, as a part of a sentence. */
export function pauseThen(situation: Situation, at: Temporal.Instant): Spoken | null {
  const pause = pauseAt(situation, at);
  if (pause === null) return null;
  const { zone } = situation.facts;
  const until =
    pause.until === null ? spoken('sin fecha de fin', 'with no end') : untilWhen(pause.until, zone);
  const by = pauseSpoken(pause);
  return spoken(
    `había una pausa desde el ${momentText(pause.from, zone)} ${until.es}${by.es}`,
    `a pause was in force since ${onDayAt(pause.from, zone).en.replace(/^on /, '')} ${until.en}${by.en}`,
  );
}

/** A sentence about a time that has passed, with the pause that was in force then. */
export function withPauseThen(sentence: Spoken, situation: Situation, at: Temporal.Instant): Spoken {
  const paused = pauseThen(situation, at);
  if (paused === null) return sentence;
  return spoken(
    `${sentence.es.replace(/\.$/, '')}; además, a esa hora ${paused.es}.`,
    `${sentence.en.replace(/\.$/, '')}; besides, at that time ${paused.en}.`,
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
