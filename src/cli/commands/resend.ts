import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { z } from 'zod';
import { Resent } from '../../manage/contract/acts.ts';
import { countText, knownExecution, ofAlertText } from '../known-execution.ts';
import { confirmOption, keyOption, personsOption, yesOption } from '../options.ts';
import type { Begin, Session } from '../session.ts';

interface Options {
  all?: boolean;
  person?: string[];
  confirmRecipients?: number;
  idempotencyKey?: string;
  yes?: boolean;
}

export function addResend(program: Command, begin: Begin): void {
  program
    .command('resend')
    .description('reenvía una ejecución a quienes no la recibieron')
    .argument('<ejecución>', 'número de la ejecución')
    .option('--all', 'también a quienes ya la recibieron')
    .addOption(personsOption)
    .addOption(confirmOption)
    .addOption(keyOption)
    .addOption(yesOption)
    .action(async (execution: string, options: Options, command: Command) => {
      const session = begin(command);
      const { all, person, confirmRecipients, idempotencyKey = randomUUID(), yes } = options;
      await session.agreeTo(() => questionOf(execution, options, session), yes);
      const body = {
        ...(all === true && { recipients: 'all' }),
        ...(person && { persons: person }),
        ...(confirmRecipients && { confirmRecipients }),
      };
      const path = `executions/${encodeURIComponent(execution)}/resend`;
      const answer = await session.ask({ method: 'POST', path, body, idempotencyKey }, Resent);
      session.print(answer, (resent) => shown(resent, session));
    });
}

async function questionOf(id: string, { all, person }: Options, session: Session): Promise<string> {
  const known = await knownExecution(id, session);
  const every = all === true ? 'a todos, también a quienes ya la recibieron' : 'a quienes no la recibieron';
  const count = known === null ? '' : `: ${countText(known, (state) => getsIt(state, all === true))}`;
  const whom = person === undefined ? `${every}${count}` : `a ${person.join(', ')}`;
  return `¿Reenviar la ejecución ${id}${ofAlertText(known)} ${whom}, en ${session.base}?`;
}

const without = new Set(['SIN_CONTACTO', 'DUPLICADO']);
const received = new Set(['ENVIADO', 'ENTREGADO', 'LEIDO', 'RESPONDIDO']);

/** As the execution itself stands: who got a later resend is left out by the API. */
function getsIt(state: string | null, all: boolean): boolean {
  return !without.has(state ?? '') && (all || !received.has(state ?? ''));
}

const reasons: Readonly<Record<string, string>> = {
  accepted: 'ya lo recibió',
  no_contact: 'sin contacto',
  duplicate: 'duplicado',
  not_a_recipient: 'no es destinatario',
};

function shown({ id, recipients, ambiguous, leftOut }: z.output<typeof Resent>, { table }: Session): string {
  const count = recipients === null ? '' : ` a ${recipients}`;
  const people = [
    ...ambiguous.map(({ person, name }) => [person, name, 'quizá ya lo recibió: va con el mismo webhook-id']),
    ...leftOut.map(({ person, name, why }) => [person, name, `no se le envía: ${reasons[why] ?? why}`]),
  ];
  const list = people.length === 0 ? '' : `\n${table(['PERSONA', 'NOMBRE', 'ATENCIÓN'], people)}`;
  return `Reenvío en marcha${count}, ejecución ${id}: vigia executions ${id} muestra cómo termina.\n${list}`;
}
