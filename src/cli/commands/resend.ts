import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { z } from 'zod';
import { Resent } from '../../manage/contract/acts.ts';
import { ExecutionDetails } from '../../manage/contract/executions.ts';
import { CommandEnd, exitCodes } from '../command-end.ts';
import { collect, whole } from '../option-values.ts';
import type { Begin, Session } from '../session.ts';
import { table } from '../table.ts';
import { peopleText } from '../who-gets-it.ts';

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
    .option('--person <código>', 'solo a esta persona; se puede repetir', collect)
    .option(
      '--confirm-recipients <cantidad>',
      'hasta tantos destinatarios, aunque el límite sea menor',
      whole,
    )
    .option('--idempotency-key <clave>', 'el mismo pedido con la misma clave se hace una sola vez')
    .option('--yes', 'sin preguntar')
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
  const known = await executionOf(id, session);
  const of = known === null ? '' : ` de la alerta ${known.alert ?? '-'}, empresa ${known.tenant ?? '-'},`;
  const every = all === true ? 'a todos, también a quienes ya la recibieron' : 'a quienes no la recibieron';
  const count = known === null || person !== undefined ? '' : `: ${countText(known, all === true)}`;
  const whom = person === undefined ? `${every}${count}` : `a ${person.join(', ')}`;
  return `¿Reenviar la ejecución ${id}${of} ${whom}, en ${session.base}?`;
}

/** null: the key to act may not look. Throws CommandEnd: there is none. */
async function executionOf(id: string, { ask }: Session) {
  const path = `executions/${encodeURIComponent(id)}`;
  try {
    return (await ask({ method: 'GET', path, query: { limit: mostCounted } }, ExecutionDetails)).value;
  } catch (thrown) {
    if (thrown instanceof CommandEnd && thrown.code === exitCodes.unreachable) return null;
    throw thrown;
  }
}

const mostCounted = 1000;
const without = new Set(['SIN_CONTACTO', 'DUPLICADO']);
const received = new Set(['ENVIADO', 'ENTREGADO', 'LEIDO', 'RESPONDIDO']);

/** As the execution itself stands: who got a later resend is left out by the API. */
function countText({ deliveries, next }: z.output<typeof ExecutionDetails>, all: boolean): string {
  const getIt = deliveries.filter(
    ({ state }) => !without.has(state ?? '') && (all || !received.has(state ?? '')),
  );
  return next === null ? peopleText(getIt.length) : `más de ${mostCounted} entregas`;
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
