import { Temporal } from 'temporal-polyfill';
import { lateLimitMinutes } from '../domain/late-limit.ts';
import { parseAlert } from '../domain/parse-alert.ts';
import type { Reason } from '../domain/reason.ts';
import { cancelDetails, settleEdit, type EditVerdict } from '../domain/settle-edit.ts';
import type { DispatchPolicy } from './dispatch-policy.ts';
import { failed, type Ending, type Obstacle } from './end/ending.ts';
import type { OpenedExecution } from './open-execution.ts';
import { finalStateOf } from './end/tally.ts';

/** The opening that finds this many before it that did not end in order ends the execution. */
const mostRounds = 10;

const unreadable = 'sch_Pedido no se puede leer: alguien lo cambió. Pida la ejecución otra vez.';

export type Verdict = { kind: 'go' } | { kind: 'end'; ending: Ending };

/** What an opening looks at, and nobody after it. */
export function judgeOpening(
  execution: OpenedExecution,
  now: Temporal.Instant,
  policy: DispatchPolicy,
): Verdict {
  const { prepared, tally } = execution;
  if (prepared && tally.open === 0) return end({ kind: 'close', ...finalStateOf(tally), tally });
  if (execution.rounds >= mostRounds) return end(stuck(execution));
  if (!prepared) {
    if (execution.request === 'unreadable') return end(failed('configuracion_invalida', unreadable));
    const edit = settle(execution, now, policy);
    if (edit.kind === 'cancel') return end(cancelled(edit.reason));
    if (edit.kind === 'move') return end({ kind: 'move', to: edit.to.at });
  }
  if (!execution.everTaken && Temporal.Instant.compare(now, catchUpLimit(execution, policy)) > 0) {
    return end({
      kind: 'close',
      state: 'PERDIDA',
      reason: 'abierta_tarde',
      detail: lateness(execution, now),
    });
  }
  if (prepared || execution.origin === 'PRUEBA') return { kind: 'go' };
  const [obstacle] = obstaclesOf(execution);
  return obstacle === undefined ? { kind: 'go' } : end(obstacle);
}

/** What keeps an execution that is not prepared from being sent, whoever asked for it. The first one ends it. */
export function obstaclesOf({
  tenant,
  paused,
}: Pick<OpenedExecution, 'tenant' | 'paused'>): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  if (tenant?.active === false) obstacles.push(omitted('empresa_inactiva', 'La empresa está inactiva.'));
  if (paused) obstacles.push(omitted('pausa', 'Había una pausa en vigor.'));
  return obstacles;
}

/** Until when an execution of which nothing was delivered may still go out. */
export function catchUpLimit(
  { instant, alert }: Pick<OpenedExecution, 'instant' | 'alert'>,
  policy: Pick<DispatchPolicy, 'catchUpMinutes' | 'windowMinutes'>,
): Temporal.Instant {
  return instant.add({ minutes: lateLimitMinutes(alert?.row.catchUpMinutes ?? null, policy) });
}

/**
 * An execution that was asked for by hand follows no schedule: of its alert it only needs that it is active, and a trial
 * not even that.
 */
function settle(
  { origin, key, alert, instant }: OpenedExecution,
  now: Temporal.Instant,
  policy: DispatchPolicy,
): EditVerdict {
  if (alert !== null && origin === 'PRUEBA') return { kind: 'keep' };
  if (alert?.row.active !== true) return { kind: 'cancel', reason: 'alerta_desactivada' };
  if (origin !== 'AGENDA' || key === null) return { kind: 'keep' };
  return settleEdit({
    execution: { key, at: instant },
    alert: parseAlert(alert.row, policy.time),
    now,
    windowMinutes: policy.windowMinutes,
  });
}

function omitted(reason: Reason, detail: string): Obstacle {
  return { kind: 'close', state: 'OMITIDA', reason, detail };
}

function cancelled(reason: Extract<EditVerdict, { kind: 'cancel' }>['reason']): Ending {
  return { kind: 'close', state: 'CANCELADA', reason, detail: cancelDetails[reason], freesKey: true };
}

function stuck({ tally }: OpenedExecution): Ending {
  const detail = `El despacho empezó ${mostRounds} veces y ni terminó en orden ni avanzó; ${tally.accepted} de ${tally.total} entregas aceptadas.`;
  return failed('no_termina', detail);
}

function lateness({ instant }: OpenedExecution, now: Temporal.Instant): string {
  const minutes = Math.floor((now.epochMilliseconds - instant.epochMilliseconds) / 60_000);
  return `Pudo abrirse recién ${minutes} minutos después de su hora.`;
}

function end(ending: Ending): Verdict {
  return { kind: 'end', ending };
}
