import { sentenceOf } from '../../domain/config-fault.ts';
import { obstacle, pauseThen } from './conclude-to-come.ts';
import type { KnownExecution, KnownScan } from './facts.ts';
import { scheduleInWords } from './schedule-in-words.ts';
import {
  coveringScan,
  isForgotten,
  isFuture,
  isLateScan,
  isUndecided,
  pauseAt,
  type Situation,
} from './situation.ts';
import { dateText, endSpoken, momentText, timeText } from './spoken.ts';
import { step, type Step } from './step.ts';

const mostTimes = 6;

/** From the alert's row to its execution. */
export function stepsUntilClaim(situation: Situation): Step[] {
  return [exists(situation), active(situation), due(situation), scanned(situation), claimed(situation)];
}

function exists({ facts: { alert, code } }: Situation): Step {
  if (alert === null) return step('exists', false, `CT_Alertas_Config no tiene la fila ${code}.`);
  const { name, tenant, person, profile } = alert;
  const whom = person ? `persona ${person}` : profile ? `perfil ${profile}` : 'sin persona ni perfil';
  const company =
    tenant === null ? 'sin empresa' : `empresa ${tenant.code}${tenant.name ? ` ${tenant.name}` : ''}`;
  return step('exists', true, `CT_Alertas_Config ${code}${name ? ` «${name}»` : ''}: ${company}, ${whom}.`);
}

/** Reasons of an execution that say what stood then, whatever stands now. */
const endedBy: Readonly<Record<string, string>> = {
  alerta_desactivada: 'La alerta se desactivó o se borró antes de que su ejecución se preparara',
  empresa_inactiva: 'La empresa estaba inactiva',
  pausa: 'Había una pausa en vigor',
};

/** Then, as far as its execution or the pauses say so; else as it stands now. */
function active(situation: Situation): Step {
  const { facts, focus } = situation;
  const { alert } = facts;
  const { execution, at } = focus;
  const why = endedBy[execution?.reason ?? ''];
  if (execution !== null && why !== undefined)
    return step('active', false, `${why} (ejecución ${execution.id}).`);
  if (execution?.prepared === true)
    return step('active', true, `Lo estaba: la ejecución ${execution.id} se preparó. ${nowText(situation)}`);
  if (alert === null) return step('active', null, 'No hay tal alerta.');
  const passed = at !== null && !isFuture(situation, at);
  const paused = passed ? pauseThen(situation, at) : null;
  if (paused !== null) return step('active', false, `${capital(paused.es)}.`);
  const held = obstacle(situation, passed ? facts.now : (at ?? facts.now));
  // A pause of now is not one of then.
  if (held !== null && !(passed && held.outcome === 'omitted'))
    return step('active', false, capital(`${passed ? 'ahora ' : ''}${held.sentence.es}.`));
  if (!alert.ours) return step('active', false, 'ALERTS_ONLY no la incluye: la lleva otro sistema.');
  const known = execution !== null || at === null || isFuture(situation, at);
  return step(
    'active',
    known ? true : null,
    known ? nowText(situation) : `${nowText(situation)} De aquel día no hay constancia.`,
  );
}

function nowText(situation: Situation): string {
  const { alert, now } = situation.facts;
  if (alert === null) return 'Hoy la alerta ya no existe.';
  const company = alert.tenant?.active === false ? 'la empresa está inactiva' : 'la empresa está activa';
  const pause = pauseAt(situation, now) === null ? 'sin pausas en vigor' : 'con una pausa en vigor';
  return `Ahora la alerta está ${alert.active ? 'activa' : 'inactiva'} (cfg_Activo) y ${company}, ${pause}.`;
}

function due(situation: Situation): Step {
  const { facts, focus, valid, around } = situation;
  const { alert, zone, date } = facts;
  if (valid === null || around === null) {
    if (focus.execution !== null)
      return step('due', true, `Lo dice la ejecución ${focus.execution.id}.`, focus.at);
    const faults = alert?.parse.faults.map(sentenceOf).join(' ') ?? 'No hay tal alerta.';
    return step('due', alert === null ? null : false, faults);
  }
  const schedule = `Sale ${scheduleInWords(valid.schedule).es}, hora de ${zone}`;
  if (around.on.length > 0) {
    const times = around.on.map(({ at }) => timeText(at.toPlainTime()));
    const more = times.length > mostTimes ? ` y ${times.length - mostTimes} más` : '';
    return step(
      'due',
      true,
      `${schedule}; ese día a las ${times.slice(0, mostTimes).join(', ')}${more}.`,
      focus.at,
    );
  }
  const before =
    around.before === null
      ? 'no hubo antes'
      : `la anterior, ${momentText(around.before.at.toInstant(), zone)}`;
  const after =
    around.after === null ? 'no hay más' : `la próxima, ${momentText(around.after.at.toInstant(), zone)}`;
  if (focus.execution === null)
    return step('due', false, `${schedule}: el ${dateText(date)} no; ${before}; ${after}.`);
  const byHand = focus.execution.origin !== 'AGENDA' && focus.execution.origin !== null;
  const why = byHand ? 'se pidió a mano' : 'la alerta se editó después';
  return step(
    'due',
    !byHand,
    `${schedule}: el ${dateText(date)} no, pero hay una ejecución porque ${why}.`,
    focus.at,
  );
}

function scanned(situation: Situation): Step {
  const { facts, focus } = situation;
  const { scans, zone } = facts;
  const { execution, at } = focus;
  if (at === null) return step('scanned', null, 'No había nada que tomar.');
  if (execution !== null && execution.origin !== 'AGENDA')
    return step('scanned', null, 'No hizo falta ningún ciclo: no viene de la agenda.');
  if (execution === null && isFuture(situation, at)) return step('scanned', null, 'Todavía no es hora.');
  if (execution === null && facts.alert?.ours === false)
    return step('scanned', null, 'Los ciclos no la miran.');
  if (isForgotten(situation, at)) return step('scanned', null, 'Los ciclos se guardan 30 días.');
  const scan = coveringScan(situation);
  const failed = scans.covering.filter(({ error }) => error !== null);
  const failures =
    failed.length === 0
      ? ''
      : ` Con fallas: ${failed.map(({ id, error }) => `ciclo ${id}, ${error}`).join('; ')}.`;
  if (scan === null)
    return step('scanned', execution === null ? false : null, `${gap(situation)}${failures}`);
  const text = `El ${scanText(scan, zone)}`;
  if (isLateScan(situation, scan, at)) {
    const caughtUp = execution !== null && execution.reason !== 'no_ejecutada';
    const [next] = scans.covering;
    const none = next === undefined || isLateScan(situation, next, at);
    return step(
      'scanned',
      caughtUp,
      `${none ? gap(situation) : 'Los ciclos de esa hora fallaron.'} Después, el ${scanText(scan, zone)}${failures}`,
      scan.at,
    );
  }
  if (execution === null && isUndecided(situation, at))
    return step('scanned', false, `${text} No llegó a tomarla: el próximo lo hace.${failures}`, scan.at);
  return step('scanned', true, `${text}${failures}`, scan.at);
}

function scanText({ id, at }: KnownScan, zone: string): string {
  return `ciclo ${id} del ${momentText(at, zone)} (CT_Scheduler_Ciclos).`;
}

/** Since when, and until when, no scan ran. */
function gap({ facts: { scans, zone } }: Situation): string {
  const next = scans.covering[0] ?? null;
  if (scans.first === null) return 'No hay ningún ciclo registrado (se guardan 30 días).';
  const from =
    scans.before === null
      ? `antes del ${momentText(scans.first, zone)}`
      : `desde el ${momentText(scans.before.at, zone)}`;
  const to = next === null || scans.before === null ? '' : ` hasta el ${momentText(next.at, zone)}`;
  return `No hay ciclos ${from}${to} (se guardan 30 días).`;
}

function claimed(situation: Situation): Step {
  const { facts, focus } = situation;
  const { execution } = focus;
  if (execution === null)
    return step(
      'claimed',
      focus.at === null || isFuture(situation, focus.at) ? null : false,
      'CT_Scheduler_Alertas no tiene ejecución para esa fecha.',
    );
  const others = facts.executions
    .filter(({ id }) => id !== execution.id)
    .map(({ id, origin, state }) => `${id} ${origin ?? 'sistema anterior'} ${state}`);
  const list =
    others.length === 0
      ? ''
      : ` Otras de esa fecha: ${others.slice(0, mostTimes).join(', ')}${others.length > mostTimes ? ` y ${others.length - mostTimes} más` : ''}.`;
  return step('claimed', true, `${executionText(execution, facts.zone)}${list}`, focus.at);
}

function executionText(execution: KnownExecution, zone: string): string {
  const { id, origin, state, reason, detail, resends, at } = execution;
  const repeats = resends === null ? '' : `, repite la ${resends}`;
  const time = at === null ? '' : ` para el ${momentText(at, zone)}`;
  const why = endSpoken(reason, detail).es;
  const code = reason === null ? '' : ` (${reason})`;
  return `Ejecución ${id}${time}, ${origin ?? 'del sistema anterior'}${repeats}: ${state}${code}${why === '' ? '' : `, ${why}`}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
