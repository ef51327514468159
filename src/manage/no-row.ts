import { Problem } from './problem.ts';

const tables = {
  alert: 'CT_Alertas_Config',
  tenant: 'CT_Empresas',
  channel: 'CT_Alertas_Canales',
  execution: 'CT_Scheduler_Alertas',
  fault: 'CT_Scheduler_Fallas',
} as const;

/** There is nothing under the code or number that a request names. */
export function noRow(what: keyof typeof tables, code: string | number): Problem {
  return new Problem(`unknown_${what}`, `${tables[what]} has no row ${code}.`);
}
