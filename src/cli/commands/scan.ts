import type { Command } from 'commander';
import type { z } from 'zod';
import { ScanAnswer } from '../../manage/contract/scan.ts';
import { CommandEnd, exitCodes } from '../command-end.ts';
import { whole } from '../option-values.ts';
import { cursorOption, more, yesOption } from '../options.ts';
import type { Begin, Session } from '../session.ts';
import { spoken } from '../spoken.ts';
import { safe, timeCell } from '../table.ts';
import { asWritten, inZone } from '../times.ts';

type Answer = z.output<typeof ScanAnswer>;
type Dry = Extract<Answer, { dryRun: true }>;
type Decision = Dry['decisions'][number]['decision'];

interface Options {
  real?: boolean;
  at?: string;
  tenant?: string;
  alert?: string;
  decision?: Decision[];
  limit?: number;
  cursor?: string;
  yes?: boolean;
}

const decisions = spoken<Decision>({
  due: 'sale',
  late: 'atrasada',
  paused: 'pausada',
  tenant_inactive: 'empresa-inactiva',
  missed: 'perdida',
  already: 'hecha',
  waiting: 'espera',
  over: 'terminada',
  inactive: 'inactiva',
  invalid: 'ilegible',
  outside: 'ajena',
});

export function addScan(program: Command, begin: Begin): void {
  program
    .command('scan')
    .description('qué haría un ciclo con cada alerta, sin hacer nada; o un ciclo de verdad con --real')
    .option('--real', 'un ciclo de verdad, ahora: envía lo que toca')
    .option('--at <hora>', 'como si fuera esta hora, como 2026-03-02T12:49:00-03:00 (ahora)')
    .option('--tenant <código>', 'solo las alertas de esta empresa')
    .option('--alert <código>', 'solo esta alerta')
    .option(
      '--decision <cuál>',
      `solo estas, se puede repetir: ${decisions.all}`,
      (text, before: Decision[] | undefined) => [...(before ?? []), decisions.read(text)],
    )
    .addOption(cursorOption)
    .option('--limit <cantidad>', 'cuántas (20)', whole)
    .addOption(yesOption)
    .action(async ({ real, yes, ...options }: Options, command: Command) => {
      const session = begin(command);
      if (real === true) return await scanNow(options, yes, session);
      const { decision, limit = 20, ...rest } = options;
      const body = { ...rest, limit, ...(decision && { decisions: decision }) };
      const answer = await session.ask({ method: 'POST', path: 'scan', body }, ScanAnswer);
      session.print(answer, (scan) => shown(scan, session));
    });
}

async function scanNow(dryOnly: object, yes: boolean | undefined, session: Session): Promise<void> {
  const [name] = Object.keys(dryOnly);
  if (name !== undefined)
    throw new CommandEnd(exitCodes.usage, `Con --real no va --${name}: un ciclo es de ahora, y de todo.`);
  await session.agreeTo(() => questionOf(session), yes);
  const body = { dryRun: false };
  const answer = await session.ask({ method: 'POST', path: 'scan', body }, ScanAnswer);
  session.print(answer, (scan) => shown(scan, session));
}

async function questionOf({ ask, base }: Session): Promise<string> {
  const { value } = await ask({ method: 'POST', path: 'scan', body: { limit: 1 } }, ScanAnswer);
  const { due = 0, late = 0, missed = 0 } = value.dryRun ? value.counts : {};
  return `¿Hacer un ciclo ahora, en ${base}? Le toca a ${due + late} (${late} con atraso), y ${missed} se darían por perdidas.`;
}

function shown(answer: Answer, session: Session): string {
  return answer.dryRun ? dryText(answer, session) : realText(answer, session);
}

const calm: ReadonlySet<Decision> = new Set(['already', 'waiting', 'over', 'inactive', 'outside']);

function dryText(
  { at, counts, decisions: list, next }: Dry,
  { table, surroundings: { zone } }: Session,
): string {
  const tally = Object.entries(counts).map(([decision, count]) => `${count} ${decisions.say(decision)}`);
  const head = `Un ciclo del ${inZone(at, zone)} (hora de ${zone}) vería: ${tally.join(', ') || 'nada'}.\n`;
  const rows = list.map(({ alert, name, tenant, decision, occurrences: [first], next: coming, detail }) => {
    const local = first?.local ?? coming?.local;
    const word = decisions.say(decision);
    return [
      alert,
      name,
      tenant,
      calm.has(decision) ? word : ({ text: word, colour: decision === 'due' ? 'green' : 'yellow' } as const),
      local === undefined ? null : timeCell(asWritten(local)),
      detail,
    ];
  });
  const heads = ['ALERTA', 'NOMBRE', 'EMPRESA', 'DECISIÓN', 'HORA DE LA EMPRESA', 'QUÉ PASARÍA'];
  const shownTable = rows.length === 0 ? '' : `\n${table(heads, rows)}`;
  return `${head}${shownTable}${more(next)}No se hizo nada: vigia scan --real hace un ciclo ahora.\n`;
}

function realText(
  { durationMs, claimed, missed, swept, left, finished, failures }: Exclude<Answer, Dry>,
  { paint }: Session,
): string {
  const lines = [
    `Ciclo hecho en ${durationMs} ms: ${claimed} ejecuciones empezadas, ${missed} perdidas, ${swept} retomadas.`,
    ...failures.map((failure) => `${paint('red', '✘')} ${safe(failure)}`),
    ...(finished && left === 0
      ? []
      : [
          paint(
            'yellow',
            `No alcanzó para todo: quedan ${left} para el próximo ciclo, en menos de un minuto.`,
          ),
        ]),
    'vigia executions muestra cómo terminan.',
  ];
  return `${lines.join('\n')}\n`;
}
