import type { Command } from 'commander';
import type { z } from 'zod';
import { ExecutionDetails, ExecutionList } from '../../manage/contract/executions.ts';
import type { Begin, Session } from '../session.ts';
import { safe, stateCell, table } from '../table.ts';
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
    .argument('[id]', 'número de una ejecución')
    .option('--alert <code>', 'solo las de esta alerta')
    .option('--tenant <code>', 'solo las de esta empresa')
    .option('--state <state>', 'solo las que están así: ENVIADA, PARCIAL, ERROR, OMITIDA, PERDIDA…')
    .option('--reason <code>', 'solo las de este motivo (docs/errors.md)')
    .option('--from <instant>', 'desde cuándo, como 2026-03-02T12:00:00-03:00')
    .option('--to <instant>', 'hasta cuándo, sin incluirlo')
    .option('--cursor <next>', 'dónde seguir, como lo dice la página anterior')
    .option('--limit <count>', 'cuántas', '20')
    .action(async (id: string | undefined, options: Options, command: Command) => {
      const session = begin(command);
      if (id === undefined) return await list(options, session);
      const { cursor, limit } = options;
      const path = `executions/${encodeURIComponent(id)}`;
      const answer = await session.ask({ method: 'GET', path, query: { cursor, limit } }, ExecutionDetails);
      session.print(answer, (execution) => one(execution, session));
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
      occurrence === null ? null : asWritten(occurrence),
      origin ?? 'anterior',
      stateCell(state),
      accepted,
      reason,
    ]);
    const heads = ['N.º', 'ALERTA', 'EMPRESA', 'HORA', 'ORIGEN', 'ESTADO', 'ACEPTADAS', 'MOTIVO'];
    return `${table(heads, rows, session.paint)}${more(next)}`;
  });
}

function one(
  execution: z.output<typeof ExecutionDetails>,
  { paint, surroundings: { zone } }: Session,
): string {
  const { id, alert, tenant, occurrence, origin, resends, state, reason, detail, accepted, next } = execution;
  const head = [
    `Ejecución ${id} de la alerta ${alert}, empresa ${tenant ?? '-'}`,
    occurrence === null ? null : asWritten(occurrence),
    origin ?? 'del sistema anterior',
    resends === null ? null : `repite la ${resends}`,
  ];
  const why = [reason, detail].filter((part) => part !== null).join(': ');
  const lines = [
    head.filter((part) => part !== null).join(', '),
    `${state ?? '-'}, ${accepted ?? 0} aceptadas${why === '' ? '' : `; ${safe(why)}`}`,
  ];
  const rows = execution.deliveries.map((delivery) => {
    const last = delivery.attempts.at(-1);
    return [
      delivery.person,
      delivery.name,
      delivery.destination,
      stateCell(delivery.state),
      delivery.attempts.length,
      last === undefined ? null : inZone(last.at, zone),
      last?.status ?? null,
      delivery.nextAttempt === null ? delivery.error : `próximo ${inZone(delivery.nextAttempt, zone)}`,
    ];
  });
  const heads = ['PERSONA', 'NOMBRE', 'DESTINO', 'ESTADO', 'INTENTOS', 'ÚLTIMO', 'HTTP', 'DETALLE'];
  const deliveries = rows.length === 0 ? 'Sin entregas.\n' : table(heads, rows, paint);
  return `${lines.join('\n')}\n\n${deliveries}${more(next)}`;
}

function more(next: string | null): string {
  return next === null ? '' : `Hay más: --cursor ${next}\n`;
}
