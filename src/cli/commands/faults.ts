import type { Command } from 'commander';
import type { z } from 'zod';
import { Fault, FaultList } from '../../manage/contract/faults.ts';
import {
  alertOption,
  cursorOption,
  fromOption,
  more,
  reasonOption,
  tenantOption,
  toOption,
  yesOption,
} from '../options.ts';
import type { Begin, Session } from '../session.ts';
import { spoken } from '../spoken.ts';
import { safe, timeCell } from '../table.ts';
import { inZone } from '../times.ts';
import { unlessUnseen } from '../unless-unseen.ts';

type Shown = z.output<typeof Fault>;

interface Options {
  state?: Shown['state'];
  alert?: string;
  tenant?: string;
  reason?: string;
  from?: string;
  to?: string;
  cursor?: string;
  limit: string;
}

const states = spoken<Shown['state']>({ waiting: 'espera', reported: 'avisada', discarded: 'descartada' });

export function addFaults(program: Command, begin: Begin): void {
  const faults = program
    .command('faults')
    .description('lo que se avisa a los administradores, lo último primero; o una falla entera')
    .argument('[número]', 'número de una falla')
    .option('--state <estado>', `solo las que están así: ${states.all}`, states.read)
    .addOption(alertOption)
    .addOption(tenantOption)
    .addOption(reasonOption)
    .addOption(fromOption)
    .addOption(toOption)
    .addOption(cursorOption)
    .option('--limit <cantidad>', 'cuántas', '20')
    .action(async (id: string | undefined, options: Options, command: Command) => {
      const session = begin(command);
      if (id === undefined) return await list(options, session);
      const answer = await session.ask({ method: 'GET', path: pathOf(id) }, Fault);
      session.print(answer, (fault) => one(fault, session));
    });
  addRetry(faults, begin);
  addDiscard(faults, begin);
}

async function list(options: Options, session: Session): Promise<void> {
  const answer = await session.ask({ method: 'GET', path: 'faults', query: { ...options } }, FaultList);
  session.print(answer, ({ faults, next }) => {
    if (faults.length === 0) return 'No hay ninguna.\n';
    const rows = faults.map(({ id, at, reason, tenant, alert, state, detail }) => [
      id,
      timeCell(inZone(at, session.surroundings.zone)),
      state === 'waiting' ? ({ text: states.say(state), colour: 'yellow' } as const) : states.say(state),
      tenant,
      alert,
      reason,
      detail,
    ]);
    const heads = ['N.º', 'CUÁNDO', 'AVISO', 'EMPRESA', 'ALERTA', 'MOTIVO', 'QUÉ PASÓ'];
    return `${session.table(heads, rows)}${more(next)}`;
  });
}

function addRetry(faults: Command, begin: Begin): void {
  faults
    .command('retry')
    .description('manda el aviso de una falla ahora, o de nuevo')
    .argument('<número>', 'número de la falla')
    .addOption(yesOption)
    .action(async (id: string, { yes }: { yes?: boolean }, command: Command) => {
      const session = begin(command);
      await session.agreeTo(
        async () =>
          `¿Mandar ahora a los administradores el aviso de ${await named(id, session)}, en ${session.base}?`,
        yes,
      );
      const answer = await session.ask({ method: 'POST', path: `${pathOf(id)}/retry` }, Fault);
      session.print(
        answer,
        (fault) =>
          `El aviso de la falla ${fault.id} está por salir, con lo demás que espere de lo mismo: vigia faults ${fault.id} muestra si salió.\n`,
      );
    });
}

function addDiscard(faults: Command, begin: Begin): void {
  faults
    .command('discard')
    .description('descarta una falla antes de que se avise')
    .argument('<número>', 'número de la falla')
    .requiredOption('--why <motivo>', 'por qué, para quien lo lea después')
    .addOption(yesOption)
    .action(async (id: string, { why, yes }: { why: string; yes?: boolean }, command: Command) => {
      const session = begin(command);
      await session.agreeTo(
        async () => `¿No avisar a nadie de ${await named(id, session)}, en ${session.base}?`,
        yes,
      );
      const answer = await session.ask({ method: 'DELETE', path: pathOf(id), query: { why } }, Fault);
      session.print(
        answer,
        (fault) =>
          `Falla ${fault.id} descartada: no se avisa a nadie. Si fue por error: vigia faults retry ${fault.id}\n`,
      );
    });
}

function pathOf(id: string): string {
  return `faults/${encodeURIComponent(id)}`;
}

/** `la falla 17 (webhook_red, empresa E1, alerta A1: no se pudo…)` */
async function named(id: string, session: Session): Promise<string> {
  const fault = await session
    .ask({ method: 'GET', path: pathOf(id) }, Fault)
    .then(({ value }) => value, unlessUnseen);
  if (fault === null) return `la falla ${id}`;
  const of = [fault.reason, ...subjectOf(fault)].join(', ');
  return `la falla ${id} (${of}${fault.detail === null ? '' : `: ${safe(fault.detail)}`})`;
}

function subjectOf({ tenant, alert, execution }: Shown): string[] {
  return [
    ...(tenant === null ? [] : [`empresa ${safe(tenant)}`]),
    ...(alert === null ? [] : [`alerta ${safe(alert)}`]),
    ...(execution === null ? [] : [`ejecución ${execution}`]),
  ];
}

function one(fault: Shown, { surroundings: { zone } }: Session): string {
  const { id, at, reason, detail, body, incident } = fault;
  const here = (time: string) => inZone(time, zone);
  const ended = incident?.endedAt == null ? 'sigue' : `terminó el ${here(incident.endedAt)}`;
  const lines = [
    [`Falla ${id}, ${reason}, ${here(at)}`, ...subjectOf(fault)].join(', '),
    ...(detail === null ? [] : [safe(detail)]),
    ...(body === null ? [] : [`Mensaje: ${safe(body)}`]),
    stateText(fault, here),
    ...(incident === null
      ? []
      : [
          `Avería desde el ${here(incident.since)}, ${ended}; fallas: ${incident.faults}, correos: ${incident.mails}.`,
        ]),
    `Horas de ${zone}`,
  ];
  return `${lines.join('\n')}\n`;
}

function stateText({ state, reportedAt, discarded }: Shown, here: (time: string) => string): string {
  switch (state) {
    case 'waiting':
      return 'Espera el correo a los administradores.';
    case 'reported':
      return `Avisada${reportedAt === null ? '' : ` el ${here(reportedAt)}`}.`;
    case 'discarded':
      return discarded === null
        ? 'Descartada.'
        : `Descartada el ${here(discarded.at)} por ${safe(discarded.by ?? '-')}: ${safe(discarded.why ?? '-')}`;
  }
}
