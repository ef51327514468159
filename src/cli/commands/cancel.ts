import type { Command } from 'commander';
import type { z } from 'zod';
import { Cancelled } from '../../manage/contract/acts.ts';
import { countText, knownExecution, ofAlertText } from '../known-execution.ts';
import { yesOption } from '../options.ts';
import type { Begin, Session } from '../session.ts';
import { peopleText } from '../who-gets-it.ts';

interface Options {
  why?: string;
  yes?: boolean;
}

export function addCancel(program: Command, begin: Begin): void {
  program
    .command('cancel')
    .description('cancela una ejecución antes de que salga, o entre reintentos')
    .argument('<ejecución>', 'número de la ejecución')
    .option('--why <motivo>', 'por qué, para quien lo lea después')
    .addOption(yesOption)
    .action(async (execution: string, { why, yes }: Options, command: Command) => {
      const session = begin(command);
      await session.agreeTo(() => questionOf(execution, session), yes);
      const path = `executions/${encodeURIComponent(execution)}/cancel`;
      const body = why === undefined ? {} : { why };
      const answer = await session.ask({ method: 'POST', path, body }, Cancelled);
      session.print(answer, shown);
    });
}

const open = new Set(['PENDIENTE', 'REINTENTO']);

async function questionOf(id: string, session: Session): Promise<string> {
  const known = await knownExecution(id, session);
  const isPrepared = known !== null && known.preparedAt !== null;
  const whom = isPrepared
    ? ` Quedan sin recibirla: ${countText(known, (state) => open.has(state ?? ''))}.`
    : '';
  return `¿Cancelar la ejecución ${id}${ofAlertText(known)} en ${session.base}?${whom}`;
}

function shown({ id, accepted, cancelled, state }: z.output<typeof Cancelled>): string {
  const whom = cancelled === 0 ? '' : ` a ${peopleText(cancelled)}`;
  const before = accepted === 0 ? '' : `; ya estaba aceptada para ${peopleText(accepted)}`;
  return [
    `Ejecución ${id} cancelada (${state}): ya no se envía${whom}${before}.`,
    `Esa hora no vuelve a salir sola: vigia resend ${id} la envía a quienes faltan.`,
    '',
  ].join('\n');
}
