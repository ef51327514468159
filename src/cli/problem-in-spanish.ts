import type { z } from 'zod';
import type { ProblemDocument } from '../manage/contract/problem.ts';
import { valueInSpanish } from './value-in-spanish.ts';

type Problem = z.output<typeof ProblemDocument>;

/** What a problem is, as the beginning of a line; what the API says of it comes after. */
const meanings: Readonly<Partial<Record<Problem['code'], string>>> = {
  invalid_request: 'Algún valor no sirve',
  unknown_path: 'La aplicación no conoce este pedido: quizá es de otra versión',
  wrong_method: 'La aplicación no conoce este pedido: quizá es de otra versión',
  unknown_alert: 'No existe esa alerta',
  unknown_tenant: 'No existe esa empresa',
  unknown_channel: 'No existe ese canal',
  unknown_execution: 'No existe esa ejecución',
  unknown_fault: 'No existe esa falla',
  fault_reported: 'La falla ya se avisó',
  mail_off: 'No hay servidor de correo configurado',
  alert_invalid: 'La alerta no se puede leer',
  alert_inactive: 'La alerta está inactiva',
  tenant_inactive: 'La empresa está inactiva',
  alert_paused: 'Hay una pausa en vigor',
  under_way: 'Otra ejecución de la alerta todavía está en curso',
  key_reused: 'Esa Idempotency-Key ya se usó con otro pedido',
  foreign_execution: 'La ejecución es del sistema anterior',
  execution_open: 'La ejecución todavía no terminó',
  execution_finished: 'La ejecución ya terminó',
  call_under_way: 'Ahora mismo se está llamando al webhook',
  nothing_to_resend: 'No queda nadie a quien reenviar',
  already_resent: 'Ya se reenvió',
  internal: 'La aplicación falló',
};

/** A problem document as a sentence; what there are no Spanish words for stands in those of the API. */
export function problemInSpanish({ code, title, detail, values = [] }: Problem): string {
  const spanish =
    values.length > 0
      ? `${values.map(valueInSpanish).join('; ')}.`
      : detail.replace(/^(\w+) has no row (.+)\.$/, '$1 no tiene la fila $2.');
  return `${meanings[code] ?? title.replace(/\.$/, '')} (${code}): ${spanish}`;
}
