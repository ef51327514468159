import type { Command } from 'commander';
import { Audit } from '../../manage/contract/audit.ts';
import { cursorOption, more } from '../options.ts';
import type { Begin } from '../session.ts';
import { timeCell } from '../table.ts';
import { inZone } from '../times.ts';

export function addAudit(program: Command, begin: Begin): void {
  program
    .command('audit')
    .description('lo que hicieron los operadores, lo último primero')
    .addOption(cursorOption)
    .option('--limit <cantidad>', 'cuántas', '20')
    .action(async (options: { cursor?: string; limit: string }, command: Command) => {
      const session = begin(command);
      const answer = await session.ask({ method: 'GET', path: 'audit', query: { ...options } }, Audit);
      session.print(answer, ({ entries, next }) => {
        if (entries.length === 0) return 'No hay nada.\n';
        const rows = entries.map(({ at, who, act, on, detail }) => [
          timeCell(inZone(at, session.surroundings.zone)),
          who,
          act,
          inSpanish(on),
          typeof detail === 'string' ? detail : detailText(detail ?? {}),
        ]);
        const heads = ['CUÁNDO', 'QUIÉN', 'QUÉ HIZO', 'CON QUÉ', 'DETALLE'];
        return `${session.table(heads, rows)}${more(next)}`;
      });
    });
}

const nouns: Readonly<Record<string, string>> = {
  tenant: 'empresa',
  alert: 'alerta',
  channel: 'canal',
  execution: 'ejecución',
  fault: 'falla',
  everything: 'todo',
};

/** `tenant E01, channel 0002` → `empresa E01, canal 0002` */
function inSpanish(on: string): string {
  return on.replaceAll(/(?<=^|, )[a-z]+/g, (noun) => nouns[noun] ?? noun);
}

/** `why: mudanza, persons: P1 P2`; without what was not given. */
function detailText(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join(', ');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
