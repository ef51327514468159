import { sentenceOf } from '../../domain/config-fault.ts';
import type { AlertParse } from '../../domain/alert.ts';
import { inSpanish } from '../../domain/reason-in-spanish.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Obstacle } from '../end/ending.ts';
import { obstaclesOf } from '../judge-opening.ts';
import type { Configuration } from '../open-execution.ts';
import type { Parts } from '../prepare/read-parts.ts';
import type { PreviewObstacle } from './preview.ts';

/** What keeps an alert from going out that its rows alone tell, all of it. */
export function obstaclesInRows(
  found: Configuration,
  { parse, parts, isOurs }: { parse: AlertParse; parts: Parts; isOurs: boolean },
): PreviewObstacle[] {
  const obstacles: PreviewObstacle[] = [];
  if (found.alert?.row.active === false)
    obstacles.push(withoutExecution('alerta_desactivada', 'La alerta está desactivada (cfg_Activo en 0).'));
  // That there is no company is among the parts.
  const faults = parse.kind === 'valid' ? [] : parse.faults.filter(({ column }) => column !== 'cfgemp_Cod');
  if (faults.length > 0) obstacles.push(unreadable(faults.map(sentenceOf).join(' '), parts));
  if (!isOurs) obstacles.push(outOfScope);
  const ofRows = Object.values(parts).flatMap((part) => (part.kind === 'fault' ? [part.ending] : []));
  return [...obstacles, ...[...obstaclesOf(found), ...ofRows].map(shownObstacle)];
}

export function shownObstacle(obstacle: Obstacle): PreviewObstacle {
  const { reason, detail } = obstacle;
  const outcome = obstacle.kind === 'wait' ? 'espera' : obstacle.state;
  const known = reason ?? 'entregas_fallidas';
  return { reason: known, outcome, detail: detail ?? inSpanish[known].what, advice: inSpanish[known].advice };
}

/** The address itself is refused: it would be when each delivery is posted. */
export function refusedAddress(detail: string): PreviewObstacle {
  return {
    reason: 'webhook_direccion',
    outcome: 'ERROR',
    detail,
    advice: inSpanish['webhook_direccion'].advice,
  };
}

const outOfScope: PreviewObstacle = {
  reason: 'fuera_de_alcance',
  outcome: null,
  detail: 'ALERTS_ONLY no nombra a la alerta ni a su empresa: la corre otro sistema.',
  advice: 'Si debe correrla Vigía, nómbrela en ALERTS_ONLY.',
};

/** When the alert fires is what no dispatch asks: one by hand goes out all the same. */
function unreadable(detail: string, { alert }: Parts): PreviewObstacle {
  const obstacle = withoutExecution('configuracion_invalida', detail);
  return alert.kind === 'fault'
    ? obstacle
    : { ...obstacle, advice: `${obstacle.advice} Hasta entonces no sale por la agenda; pedida a mano, sí.` };
}

/** The scan does not begin one. */
function withoutExecution(reason: Reason, detail: string): PreviewObstacle {
  return { reason, outcome: null, detail, advice: inSpanish[reason].advice };
}
