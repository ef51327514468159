import type { z } from 'zod';
import type { Why } from '../contract/why.ts';
import { concludeBefore } from './conclude-before.ts';
import { severalPersons } from './conclude-to-come.ts';
import { concludeDelivery, personText } from './conclude-delivery.ts';
import { concludeExecution, originSpoken, whenOf } from './conclude-execution.ts';
import { countsOf } from './counts.ts';
import type { Facts, KnownExecution } from './facts.ts';
import { alertSpoken, situationOf, type Conclusion, type Situation } from './situation.ts';
import {
  dateText,
  readAloud,
  reasonSpoken,
  spoken,
  stateSpoken,
  timeText,
  together,
  wallText,
  type Spoken,
} from './spoken.ts';
import { stepsAfterClaim } from './steps-after-claim.ts';
import { stepsUntilClaim } from './steps-until-claim.ts';

/** Others of the same date that the sentence names. */
const mostOthers = 3;
const mostShown = 50;

/** What became of an alert, or of a person's message, on a date: step by step, and in a sentence that can be read out. */
export function explain(facts: Facts): z.output<typeof Why> {
  const situation = situationOf(facts);
  const { outcome, sentence } = conclude(situation);
  const { person, alert } = facts;
  const [found] = person?.found ?? [];
  return {
    alert: facts.code,
    name: alert?.name ?? null,
    tenant: alert?.tenant?.code ?? null,
    zone: facts.zone,
    date: facts.date.toString(),
    person: person?.found.length === 1 && found !== undefined ? found : null,
    persons: (person?.found.length ?? 0) > 1 ? [...(person?.found ?? [])] : [],
    outcome,
    sentence: readAloud(withOthers(sentence, situation)),
    steps: [...stepsUntilClaim(situation), ...stepsAfterClaim(situation)],
    execution: situation.focus.execution?.id ?? null,
    executions: facts.executions.slice(0, mostShown).map((execution) => shown(execution, facts)),
  };
}

function conclude(situation: Situation): Conclusion {
  const { facts, focus } = situation;
  const { execution, delivery } = focus;
  const { person } = facts;
  if (person !== null && person.found.length > 1) return severalPersons(person.asked, person.found);
  if (execution === null) return concludeBefore(situation);
  if (delivery !== null) return concludeDelivery(situation, execution, delivery);
  const answers = person !== null && execution.prepared && execution.origin !== null;
  return answers ? notAmong(situation, execution) : concludeExecution(situation, execution);
}

function notAmong(situation: Situation, execution: KnownExecution): Conclusion {
  const { facts } = situation;
  const { total } = countsOf(execution);
  const when = whenOf(situation, execution);
  const label = alertSpoken(situation);
  const who = personText(facts.person, null);
  const whom = recipientsSpoken(situation);
  const earlier = facts.person?.earlier?.day ?? null;
  const last =
    earlier === null
      ? spoken('', '')
      : spoken(
          `; su último mensaje fue el del ${dateText(earlier)}`,
          `; the last message was that of ${earlier.toString()}`,
        );
  return {
    outcome: 'not-a-recipient',
    sentence: spoken(
      `${who} ${total > 1 ? `no estaba entre los ${total} destinatarios` : 'no era destinatario'} de ${label.es} ${when.es}${whom.es}${last.es}.`,
      `${who.replace('«', '“').replace('»', '”')} ${total > 1 ? `was not among the ${total} recipients` : 'was no recipient'} of ${label.en} ${when.en}${whom.en}${last.en}.`,
    ),
  };
}

/** Whom the alert is for, as its row stands now. */
function recipientsSpoken({ facts: { alert } }: Situation): Spoken {
  if (alert?.person)
    return spoken(`, que es para la persona ${alert.person}`, `, which is for the person ${alert.person}`);
  if (alert?.profile)
    return spoken(`, que es para el perfil ${alert.profile}`, `, which is for the profile ${alert.profile}`);
  return spoken('', '');
}

/** The other executions of the date, told in short: nobody should take the best one for the only one. */
function withOthers(sentence: Spoken, { facts, focus }: Situation): Spoken {
  const others = facts.executions.filter(({ id }) => id !== focus.execution?.id);
  if (others.length === 0 || (facts.person?.found.length ?? 0) > 1) return sentence;
  const told = others.slice(0, mostOthers).map((execution) => otherSpoken(execution, facts));
  const more = others.length - told.length;
  return together([
    spoken(sentence.es.replace(/\.$/, ''), sentence.en.replace(/\.$/, '')),
    spoken('; además, para esa fecha: ', '; for that date there was also: '),
    together(told, ', '),
    more > 0 ? spoken(` y ${more} más`, ` and ${more} more`) : spoken('', ''),
    spoken('.', '.'),
  ]);
}

function otherSpoken(execution: KnownExecution, { person, zone, date }: Facts): Spoken {
  const delivery = person?.deliveries.find(({ executionId }) => executionId === execution.id);
  const wall = execution.at?.toZonedDateTimeISO(zone).toPlainDateTime();
  const sameDay = wall?.toPlainDate().equals(date) === true;
  const time = wall === undefined ? '' : sameDay ? `${timeText(wall.toPlainTime())} ` : `${wallText(wall)} `;
  const origin = originSpoken(execution);
  const state = stateSpoken(delivery?.state ?? execution.state);
  const stored = delivery === undefined ? execution.reason : delivery.error;
  const why = stored === null ? spoken('', '') : reasonSpoken(stored);
  const because = (text: string) => (text === '' ? '' : ` (${text})`);
  return spoken(
    `${time}${state.es}${origin.es}${because(why.es)}`,
    `${time}${state.en}${origin.en}${because(why.en)}`,
  );
}

function shown(execution: KnownExecution, { person }: Facts) {
  const { id, origin, occurrence, resends, state, reason } = execution;
  const delivery = person?.deliveries.find(({ executionId }) => executionId === id);
  const own = delivery && { id: delivery.id, state: delivery.state, error: delivery.error };
  return { id, origin, occurrence, resends, state, reason, delivery: own ?? null };
}
