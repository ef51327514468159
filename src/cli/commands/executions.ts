import type { Command } from 'commander';
import type { z } from 'zod';
import { ExecutionDetails, ExecutionList } from '../../manage/contract/executions.ts';
import { Why } from '../../manage/contract/why.ts';
import { CommandEnd } from '../command-end.ts';
import {
  alertOption,
  cursorOption,
  fromOption,
  more,
  reasonOption,
  tenantOption,
  toOption,
} from '../options.ts';
import type { Begin, Session } from '../session.ts';
import { safe, stateCell, timeCell } from '../table.ts';
import { asWritten, inZone } from '../times.ts';

interface Options {
  alert?: string;
  tenant?: string;
  state?: string;
  reason?: string;
  from?: string;
  to?: string;
  cursor?: string;
  limit: string;
}

export function addExecutions(program: Command, begin: Begin): void {
  program
    .command('executions')
    .description('lo que corrió, lo último primero; o una ejecución con sus entregas')
    .argument('[número]', 'número de una ejecución')
    .addOption(alertOption)
    .addOption(tenantOption)
    .option('--state <estado>', 'solo las que están así: ENVIADA, PARCIAL, ERROR, OMITIDA, PERDIDA…')
    .addOption(reasonOption)
    .addOption(fromOption)
    .addOption(toOption)
    .addOption(cursorOption)
    .option('--limit <cantidad>', 'cuántas', '20')
    .action(async (id: string | undefined, options: Options, command: Command) => {
      const session = begin(command);
      if (id === undefined) return await list(options, session);
      const { cursor, limit } = options;
      const path = `executions/${encodeURIComponent(id)}`;
      const answer = await session.ask({ method: 'GET', path, query: { cursor, limit } }, ExecutionDetails);
      // With --json nobody sees it.
      const around = session.json ? null : await aroundOf(answer.value, session);
      session.print(answer, (execution) => one(execution, around, session));
    });
}

async function list(options: Options, session: Session): Promise<void> {
  const query = { ...options };
  const answer = await session.ask({ method: 'GET', path: 'executions', query }, ExecutionList);
  session.print(answer, ({ executions, next }) => {
    if (executions.length === 0) return 'No hay ninguna.\n';
    const rows = executions.map(({ id, alert, tenant, occurrence, origin, state, reason, accepted }) => [
      id,
      alert,
      tenant,
      occurrence === null ? null : timeCell(asWritten(occurrence)),
      origin ?? 'anterior',
      stateCell(state),
      accepted,
      reason,
    ]);
    const heads = [
      'N.º',
      'ALERTA',
      'EMPRESA',
      'HORA DE LA EMPRESA',
      'ORIGEN',
      'ESTADO',
      'ACEPTADAS',
      'MOTIVO',
    ];
    return `${session.table(heads, rows)}${more(next)}`;
  });
}

type Details = z.output<typeof ExecutionDetails>;

/** What else is known of its date: the zone of its tenant, and what sends it again. null: nothing. */
interface Around {
  zone: string;
  resentAs: readonly number[];
}

async function aroundOf({ id, alert, occurrence }: Details, { ask }: Session): Promise<Around | null> {
  if (alert === null || occurrence === null) return null;
  const query = { alert, date: occurrence.slice(0, 'yyyy-mm-dd'.length) };
  try {
    const { value } = await ask({ method: 'GET', path: 'why', query }, Why);
    const resentAs = value.executions.filter(({ resends }) => resends === id).map((each) => each.id);
    return { zone: value.zone, resentAs: resentAs.toSorted((a, b) => a - b) };
  } catch (thrown) {
    if (thrown instanceof CommandEnd) return null;
    throw thrown;
  }
}

function one(execution: Details, around: Around | null, { table, surroundings }: Session): string {
  const zone = around?.zone ?? (execution.occurrence?.slice(-'+00:00'.length) || surroundings.zone);
  const { id, alert, tenant, occurrence, origin, resends, state, reason, detail, accepted, next } = execution;
  const head = [
    `Ejecución ${id} de la alerta ${alert}, empresa ${tenant ?? '-'}`,
    occurrence === null ? null : inZone(occurrence, zone),
    origin ?? 'del sistema anterior',
    resends === null ? null : `repite la ${resends}`,
  ];
  const why = [reason, detail].filter((part) => part !== null).join(': ');
  const lines = [
    head.filter((part) => part !== null).join(', '),
    `${state ?? '-'}, ${accepted ?? 0} aceptadas${why === '' ? '' : `; ${safe(why)}`}`,
    ...(around === null || around.resentAs.length === 0 ? [] : [`Reenviada: ${around.resentAs.join(', ')}`]),
    `Horas de ${/^[+-]/.test(zone) ? `UTC${zone}` : zone}`,
  ];
  const rows = execution.deliveries.map((delivery) => {
    const last = delivery.attempts.at(-1);
    return [
      delivery.person,
      delivery.name,
      delivery.destination,
      stateCell(delivery.state),
      delivery.attempts.length,
      last === undefined ? null : timeCell(inZone(last.at, zone)),
      last?.status ?? null,
      detailOf(delivery, zone),
    ];
  });
  const heads = ['PERSONA', 'NOMBRE', 'DESTINO', 'ESTADO', 'INTENTOS', 'ÚLTIMO', 'HTTP', 'DETALLE'];
  const deliveries = rows.length === 0 ? 'Sin entregas.\n' : table(heads, rows);
  return `${lines.join('\n')}\n\n${deliveries}${more(next)}`;
}

/** When it is tried again, and what went wrong last. */
function detailOf({ nextAttempt, error, attempts }: Details['deliveries'][number], zone: string) {
  if (nextAttempt === null) return error;
  const why = error ?? attempts.at(-1)?.error ?? null;
  return `próximo ${inZone(nextAttempt, zone)}${why === null ? '' : `; ${why}`}`;
}
