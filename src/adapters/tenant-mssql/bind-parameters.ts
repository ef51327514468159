import { TYPES } from 'tedious';
import type { BuiltinParameters, ParameterValue } from '../../dispatch/prepare/run-query.ts';

export interface BoundParameter {
  /** Without @. */
  name: string;
  type: (typeof TYPES)[keyof typeof TYPES];
  value: unknown;
}

/** The built-in ones and those of qry_Parametros, which have other names. */
export function boundParameters(
  { fecha, ocurrencia, ...codes }: BuiltinParameters,
  given: Readonly<Record<string, ParameterValue>>,
): readonly BoundParameter[] {
  return [
    ...Object.entries(codes).map(([name, value]) => bound(name, value)),
    { name: 'fecha', type: TYPES.Date, value: new Date(`${fecha}T00:00:00Z`) },
    { name: 'ocurrencia', type: TYPES.DateTime2, value: new Date(`${ocurrencia}Z`) },
    ...Object.entries(given).map(([name, value]) => bound(name, value)),
  ];
}

/**
 * Plain ASCII text goes as VARCHAR: against the VARCHAR codes of the ERP an NVARCHAR parameter would keep the server from
 * using its indexes.
 */
export function bound(name: string, value: ParameterValue): BoundParameter {
  if (typeof value === 'boolean') return { name, type: TYPES.Bit, value };
  if (typeof value === 'number') return { name, type: numberType(value), value };
  const isAscii = value === null || /^[\0-\x7f]*$/.test(value);
  return { name, type: isAscii ? TYPES.VarChar : TYPES.NVarChar, value };
}

function numberType(value: number): BoundParameter['type'] {
  if (!Number.isSafeInteger(value)) return TYPES.Float;
  return value === Math.trunc(value) && Math.abs(value) < 2 ** 31 ? TYPES.Int : TYPES.BigInt;
}
