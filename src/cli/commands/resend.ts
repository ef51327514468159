import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { z } from 'zod';
import { Resent } from '../../manage/contract/acts.ts';
import { collect, whole } from '../option-values.ts';
import type { Begin, Session } from '../session.ts';
import { table } from '../table.ts';

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
    .argument('<execution>', 'número de la ejecución')
    .option('--all', 'también a quienes ya la recibieron')
    .option('--person <code>', 'solo a esta persona; se puede repetir', collect)
    .option('--confirm-recipients <count>', 'hasta tantos destinatarios, aunque el límite sea menor', whole)
    .option('--idempotency-key <key>', 'el mismo pedido con la misma clave se hace una sola vez')
    .option('--yes', 'sin preguntar')
    .action(async (execution: string, options: Options, command: Command) => {
      const session = begin(command);
      const { all, person, confirmRecipients, idempotencyKey = randomUUID(), yes } = options;
      const whom =
        all === true ? 'a todos, también a quienes ya la recibieron' : 'a quienes no la recibieron';
      await session.agreeTo(
        `¿Reenviar la ejecución ${execution} ${person ? `a ${person.join(', ')}` : whom}?`,
        yes,
      );
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

const reasons: Readonly<Record<string, string>> = {
  accepted: 'ya lo recibió',
  no_contact: 'sin contacto',
  duplicate: 'duplicado',
  not_a_recipient: 'no es destinatario',
};

function shown({ id, recipients, ambiguous, leftOut }: z.output<typeof Resent>, { paint }: Session): string {
  const count = recipients === null ? '' : ` a ${recipients}`;
  const people = [
    ...ambiguous.map(({ person, name }) => [person, name, 'quizá ya lo recibió: va con el mismo webhook-id']),
    ...leftOut.map(({ person, name, why }) => [person, name, `no se le envía: ${reasons[why] ?? why}`]),
  ];
  const list = people.length === 0 ? '' : `\n${table(['PERSONA', 'NOMBRE', 'ATENCIÓN'], people, paint)}`;
  return `Reenvío en marcha${count}, ejecución ${id}: vigia executions ${id} muestra cómo termina.\n${list}`;
}
