import type { Command } from 'commander';
import type { z } from 'zod';
import { Agenda } from '../../manage/contract/alerts.ts';
import type { Begin, Session } from '../session.ts';
import { more, tenantOption } from '../options.ts';
import { safe, timeCell } from '../table.ts';
import { asWritten } from '../times.ts';

interface Options {
  tenant?: string;
  from?: string;
  to?: string;
  cursor?: string;
  limit: string;
}

export function addNext(program: Command, begin: Begin): void {
  program
    .command('next')
    .description('qué sale y cuándo: la agenda de todas las alertas activas')
    .addOption(tenantOption)
    .option('--from <hora>', 'desde cuándo, como 2026-03-02T12:00:00-03:00 (ahora)')
    .option('--to <hora>', 'hasta cuándo (24 horas después)')
    .option('--cursor <marca>', 'dónde seguir, como lo dice la página anterior, con lo demás igual')
    .option('--limit <cantidad>', 'cuántas', '20')
    .action(async (options: Options, command: Command) => {
      const session = begin(command);
      const query = { ...options };
      const answer = await session.ask({ method: 'GET', path: 'agenda', query }, Agenda);
      session.print(answer, (agenda) => shown(agenda, session));
    });
}

const held = { empresa_inactiva: 'empresa inactiva', pausa: 'pausa' } as const;

function shown(
  { occurrences, next, unreadable }: z.output<typeof Agenda>,
  { paint, table }: Session,
): string {
  const unread = unreadable.map(
    ({ alert, problem }) => `${paint('red', '✘')} La alerta ${alert} no se puede leer: ${safe(problem)}\n`,
  );
  if (occurrences.length === 0) return `No sale nada en ese tiempo.\n${unread.join('')}`;
  const rows = occurrences.map(({ local, alert, name, tenant, zone, heldBack }) => [
    timeCell(asWritten(local)),
    alert,
    name,
    tenant,
    zone,
    heldBack === null ? null : ({ text: held[heldBack], colour: 'yellow' } as const),
  ]);
  const heads = ['HORA DE LA EMPRESA', 'ALERTA', 'NOMBRE', 'EMPRESA', 'ZONA', 'NO SALE POR'];
  return `${table(heads, rows)}${more(next)}${unread.join('')}`;
}
