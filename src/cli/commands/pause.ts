import type { Command } from 'commander';
import type { z } from 'zod';
import { Agenda } from '../../manage/contract/alerts.ts';
import { Pause } from '../../manage/contract/pauses.ts';
import { yesOption } from '../options.ts';
import { readUntil } from '../read-until.ts';
import type { Begin, Session } from '../session.ts';
import { knownSubjectText, namedSubject, subjectOptions, subjectText, type Subject } from '../subject.ts';
import { inZone } from '../times.ts';
import { unlessUnseen } from '../unless-unseen.ts';

interface Options extends Subject {
  everything?: boolean;
  until?: string;
  why: string;
  yes?: boolean;
}

export function addPause(program: Command, begin: Begin): void {
  program
    .command('pause')
    .description('retiene una empresa, una alerta, un canal o todo: lo que le toca no sale, tampoco después')
    .option('--tenant <código>', 'lo de esta empresa')
    .option('--alert <código>', 'lo de esta alerta')
    .option('--channel <código>', 'lo de este canal: 0001 WhatsApp, 0002 correo, 0003 SMS')
    .option('--everything', 'todo')
    .option(
      '--until <cuándo>',
      'hasta cuándo: 90min, 2h, 3d, 08:00 (de esta máquina) o una hora como 2026-03-02T12:00:00-03:00; si no se dice, hasta resume',
    )
    .requiredOption('--why <motivo>', 'por qué, para quien lo lea después')
    .addOption(yesOption)
    .action(async ({ until, why, yes, ...about }: Options, command: Command) => {
      const session = begin(command);
      const { now, zone } = session.surroundings;
      const subject = namedSubject(about);
      const end = until === undefined ? undefined : readUntil(until, now(), zone);
      await session.agreeTo(() => questionOf(subject, end, session), yes);
      const body = { ...about, ...(end !== undefined && { until: end }), why };
      const answer = await session.ask({ method: 'POST', path: 'pause', body }, Pause);
      session.print(answer, (pause) => shown(pause, session));
    });
}

async function questionOf(subject: Subject, end: string | undefined, session: Session): Promise<string> {
  const text = await knownSubjectText(subject, session);
  const held = await heldText(subject, session);
  return `¿Poner en pausa ${text}, ${endText(end ?? null, session)}, en ${session.base}?${held}`;
}

const mostCounted = 1000;

/** What of the next day would not go out; nothing where nobody can tell. Throws CommandEnd: there is no such tenant. */
async function heldText({ tenant, alert, channel }: Subject, { ask }: Session): Promise<string> {
  if (alert != null || channel != null) return '';
  const query = { ...(tenant != null && { tenant }), limit: mostCounted };
  const known = await ask({ method: 'GET', path: 'agenda', query }, Agenda).catch(unlessUnseen);
  if (known === null) return '';
  const { occurrences, next } = known.value;
  const count = occurrences.filter(({ heldBack }) => heldBack === null).length;
  if (next !== null) return ` En 24 horas le tocan más de ${count} salidas.`;
  return count === 1 ? ' En 24 horas le toca 1 salida.' : ` En 24 horas le tocan ${count} salidas.`;
}

function endText(until: string | null, { surroundings: { zone } }: Session): string {
  if (until === null) return 'sin fin';
  try {
    return `hasta el ${inZone(until, zone)} (hora de ${zone})`;
  } catch {
    return `hasta ${until}`;
  }
}

function shown(pause: z.output<typeof Pause>, session: Session): string {
  return [
    `En pausa desde ahora y ${endText(pause.until, session)}: ${subjectText(pause)} (pausa ${pause.id}).`,
    'Lo que le toque mientras tanto queda OMITIDA, y no sale después.',
    `Para terminarla: vigia resume ${subjectOptions(pause)}`,
    '',
  ].join('\n');
}
