import type { Command } from 'commander';
import type { z } from 'zod';
import { ProblemList } from '../../manage/contract/problems.ts';
import type { Begin } from '../session.ts';
import { cursorOption, more } from '../options.ts';
import { timeCell, type Cell } from '../table.ts';
import { inZone } from '../times.ts';

interface Options {
  tenant?: string;
  limit: string;
  cursor?: string;
}

export function addProblems(program: Command, begin: Begin): void {
  program
    .command('problems')
    .description('las filas de configuración que no se pueden leer o no pueden andar')
    .option('--tenant <código>', 'solo las de esta empresa, y las que comparte con otras')
    .addOption(cursorOption)
    .option('--limit <cantidad>', 'cuántas', '50')
    .action(async (options: Options, command: Command) => {
      const session = begin(command);
      const query = { ...options };
      const answer = await session.ask({ method: 'GET', path: 'problems', query }, ProblemList);
      session.print(answer, ({ problems, next }) => {
        if (problems.length === 0) return 'No hay ninguno.\n';
        const rows = problems.map((problem) => [
          rowCell(problem),
          problem.column,
          problem.tenant,
          problem.since === null ? null : timeCell(inZone(problem.since, session.surroundings.zone)),
          problem.alertCount === 0 ? null : problem.alertCount,
          { text: problem.reason, colour: 'yellow' } as const,
          problem.detail,
        ]);
        const heads = ['FILA', 'COLUMNA', 'EMPRESA', 'DESDE', 'ALERTAS', 'MOTIVO', 'QUÉ PASA'];
        return `${session.table(heads, rows)}${more(next)}`;
      });
    });
}

/** Which row it is must stand there in any terminal. */
function rowCell({ table, code }: z.output<typeof ProblemList>['problems'][number]): Cell {
  if (table === null) return 'ajuste';
  const text = `${table} ${code ?? ''}`.trim();
  return { text, short: text.replace(/^CT_(Alertas_)?/, '') };
}
