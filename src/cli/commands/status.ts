import type { Command } from 'commander';
import type { z } from 'zod';
import { Status } from '../../manage/contract/status.ts';
import type { Begin, Session } from '../session.ts';
import { subjectText } from '../subject.ts';
import { timeCell, type Cell } from '../table.ts';
import { fromNow, inZone } from '../times.ts';

export function addStatus(program: Command, begin: Begin): void {
  program
    .command('status')
    .description('cómo anda: lo que falla, lo que espera y hasta cuándo, las pausas, los últimos ciclos')
    .action(async (_options: object, command: Command) => {
      const session = begin(command);
      const answer = await session.ask({ method: 'GET', path: 'status' }, Status);
      session.print(answer, (status) => shown(status, session));
    });
}

type Shown = z.output<typeof Status>;

function shown(status: Shown, { surroundings: { zone, now }, paint, table }: Session): string {
  const [last] = status.scans;
  const here = (at: string) => inZone(at, zone);
  const since = last === undefined ? 'ninguno todavía' : `${here(last.at)}, ${fromNow(last.at, now())}`;
  const lines = [
    `${paint('bold', 'Vigía')} ${status.version}, ${here(status.now)} (hora de ${zone})`,
    `Último ciclo         ${last?.error == null ? since : paint('red', `${since}, con fallas`)}`,
    `Próxima alerta       ${status.oldestPointer === null ? 'ninguna' : `${status.oldestPointer.alert}, ${here(status.oldestPointer.at)}`}`,
    `En las colas         ${status.queues === null ? paint('red', 'no se sabe: la cuenta de almacenamiento no responde') : queuesText(status.queues)}`,
    `Reintentos           ${status.retriesWaiting}`,
    `Fallas sin informar  ${status.faultsUnreported}`,
    `Alertas ilegibles    ${status.alertsUnreadable === 0 ? 0 : paint('red', `${status.alertsUnreadable}: vea «vigia problems»`)}`,
    `Aceptados y fallidos ${status.failedAfterAcceptance} en las últimas 24 h`,
  ];
  return [`${lines.join('\n')}\n`, ...tables(status, here, table)].join('\n');
}

function queuesText({ dispatch, reports }: NonNullable<Shown['queues']>): string {
  return `${dispatch} ejecuciones, ${reports} informes (aproximado)`;
}

function tables(
  { scans, tenantsWaiting, webhooksWaiting, pauses, incidents, incidentCount }: Shown,
  here: (at: string) => string,
  table: Session['table'],
) {
  const ofScans = scans.map((scan) => [
    timeCell(here(scan.at)),
    scan.durationMs,
    scan.candidates,
    scan.claimed,
    scan.missed,
    scan.swept,
    scan.error === null ? null : ({ text: scan.error, colour: 'red' } as const),
  ]);
  const ofPauses = pauses.map(({ tenant, alert, channel, until, by, why }) => [
    subjectText({ tenant, alert, channel }),
    until === null ? 'sin fin' : timeCell(here(until)),
    by,
    why,
  ]);
  const next = (at: string | null) => (at === null ? 'ahora mismo' : timeCell(here(at)));
  const waiting = tenantsWaiting.map(({ tenant, reason, executions, nextTry }) => [
    tenant,
    reason,
    executions,
    next(nextTry),
  ]);
  const retrying = webhooksWaiting.map(({ webhook, reason, executions, deliveries, nextTry }) => [
    webhook,
    reason,
    executions,
    deliveries,
    next(nextTry),
  ]);
  const failing = incidents.map(({ tenant, reason, since, lastFault, faults }) => [
    tenant,
    { text: reason, colour: 'red' } as const,
    timeCell(here(since)),
    timeCell(here(lastFault)),
    faults,
  ]);
  const left = incidentCount - incidents.length;
  const shownTable = (heads: string[], rows: Cell[][]) => (rows.length === 0 ? [] : [table(heads, rows)]);
  return [
    ...shownTable(['EMPRESA QUE FALLA', 'MOTIVO', 'DESDE', 'ÚLTIMA FALLA', 'FALLAS'], failing),
    ...(left > 0 ? [`y ${left} más\n`] : []),
    ...shownTable(['EMPRESA QUE ESPERA', 'MOTIVO', 'EJECUCIONES', 'PRÓXIMO INTENTO'], waiting),
    ...shownTable(['WEBHOOK QUE ESPERA', 'MOTIVO', 'EJECUCIONES', 'MENSAJES', 'PRÓXIMO INTENTO'], retrying),
    ...shownTable(['EN PAUSA', 'HASTA', 'QUIÉN', 'POR QUÉ'], ofPauses),
    ...shownTable(['CICLO', 'MS', 'VISTAS', 'TOMADAS', 'PERDIDAS', 'BARRIDAS', 'FALLAS'], ofScans),
  ];
}
