import type { Command } from 'commander';
import type { z } from 'zod';
import { Resumed, type Pause } from '../../manage/contract/pauses.ts';
import { yesOption } from '../options.ts';
import type { Begin, Session } from '../session.ts';
import { knownSubjectText, namedSubject, subjectOptions, subjectText, type Subject } from '../subject.ts';
import { safe } from '../table.ts';
import { inZone } from '../times.ts';

interface Options extends Subject {
  everything?: boolean;
  yes?: boolean;
}

export function addResume(program: Command, begin: Begin): void {
  program
    .command('resume')
    .description('termina las pausas de exactamente lo que se nombra')
    .option('--tenant <código>', 'las de esta empresa')
    .option('--alert <código>', 'las de esta alerta')
    .option('--channel <código>', 'las de este canal')
    .option('--everything', 'las de todo')
    .addOption(yesOption)
    .action(async ({ yes, ...about }: Options, command: Command) => {
      const session = begin(command);
      const subject = namedSubject(about);
      await session.agreeTo(
        async () => `¿Terminar la pausa de ${await knownSubjectText(subject, session)}, en ${session.base}?`,
        yes,
      );
      const answer = await session.ask({ method: 'POST', path: 'resume', body: about }, Resumed);
      session.print(answer, (resumed) => shown(resumed, subject, session));
    });
}

function shown(
  { pauses, stillInForce }: z.output<typeof Resumed>,
  subject: Subject,
  { paint, surroundings: { zone } }: Session,
): string {
  const text = (pause: z.output<typeof Pause>) => {
    const end = pause.until === null ? 'sin fin' : `hasta el ${inZone(pause.until, zone)}`;
    return `${subjectText(pause)}, del ${inZone(pause.from, zone)} ${end}, de ${safe(pause.by ?? '-')}: ${safe(pause.why ?? '-')}`;
  };
  const lines = [
    ...pauses.map((pause) => `Terminó la pausa ${pause.id} (${text(pause)}).`),
    ...(pauses.length === 0 ? [`No había ninguna pausa de exactamente eso: ${subjectText(subject)}.`] : []),
    ...stillInForce.flatMap((pause) => [
      paint('yellow', `Lo sigue reteniendo la pausa ${pause.id} (${text(pause)}).`),
      `Para terminarla: vigia resume ${subjectOptions(pause)}`,
    ]),
    ...(stillInForce.length === 0 ? [outAgain(subject)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function outAgain({ tenant }: Subject): string {
  const next = tenant == null ? 'vigia next' : `vigia next --tenant ${tenant}`;
  return `Ninguna pausa lo retiene: ${next} muestra lo que sale.`;
}
