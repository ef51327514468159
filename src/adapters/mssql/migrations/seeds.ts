import type { ControlSchema } from '../schema.ts';

export interface Seed {
  table: keyof ControlSchema;
  key: { column: string; value: string | number };
  values: Readonly<Record<string, string>>;
}

/** The rows without which the program cannot work. */
export const seeds: readonly Seed[] = [
  { table: 'CT_Scheduler_Estado', key: { column: 'est_id', value: 1 }, values: {} },
  {
    table: 'CT_Alertas_Canales',
    key: { column: 'can_Cod', value: '0001' },
    values: { can_Nombre: 'WhatsApp' },
  },
  {
    table: 'CT_Alertas_Canales',
    key: { column: 'can_Cod', value: '0002' },
    values: { can_Nombre: 'E-mail' },
  },
  { table: 'CT_Alertas_Canales', key: { column: 'can_Cod', value: '0003' }, values: { can_Nombre: 'SMS' } },
];
