import type { Company } from './plan-companies.ts';
import { randomFrom, type Random } from './random.ts';

export type Rule = 'PUNTUAL' | 'DIARIO' | 'SEMANAL' | 'MENSUAL' | 'ANUAL';

export interface PlannedAlert {
  /** cfg_Cod */
  code: string;
  company: Company;
  type: TypeCode;
  /** A profile of the company. */
  profile: string;
  rule: Rule;
  /** When it is due, in seconds after it was written into the control database; a PERIODICO alert once. */
  seconds: readonly number[];
}

/**
 * Query and template of each kind of alert. The queries give something else each time they run, so that an execution
 * prepared twice posts other bytes.
 */
export const types = {
  TEXTO: { query: null, text: 'Hola {{ destinatario.nombre }}: {{ ocurrencia }}' },
  FILAS: {
    query:
      'SELECT TOP (3) fac_Cliente AS cliente, SYSDATETIME() AS leido FROM VtaFacturas ORDER BY fac_Numero',
    text: '{% for fila in filas %}{{ fila.cliente }} a las {{ fila.leido }}. {% endfor %}',
  },
  PROPIA: {
    query:
      'SELECT Tper_Nombre AS nombre, SYSDATETIME() AS leido FROM TgeCTPersonas WHERE Tper_Cod = @persona',
    text: '{{ nombre }} a las {{ leido }}',
  },
} as const;
type TypeCode = keyof typeof types;

/** The alerts written before the host is started for the `wave`th time: something is due at every second that follows. */
export function planWave(
  seed: number,
  wave: number,
  companies: readonly Company[],
  alerts: number,
): PlannedAlert[] {
  return Array.from({ length: alerts }, (_, index) => {
    const random = randomFrom(seed, 'alert', wave, index);
    const [first, ...others] = companies;
    if (first === undefined) throw new Error('There are no companies.');
    const company = random.pick([first, ...others]);
    return { code: codeOf(wave * alerts + index), company, ...planOne(random, company) };
  });
}

function planOne(random: Random, company: Company): Omit<PlannedAlert, 'code' | 'company'> {
  const [first = '', ...others] = Object.keys(company.profiles);
  const rule: Rule = random.chance(0.6) ? 'PUNTUAL' : random.pick(['DIARIO', 'SEMANAL', 'MENSUAL', 'ANUAL']);
  const times = rule === 'PUNTUAL' ? random.between(1, 4) : 1;
  const seconds = new Set(Array.from({ length: times }, () => random.between(2, 8)));
  return {
    type: random.pick(['TEXTO', 'FILAS', 'PROPIA']),
    profile: random.pick([first, ...others]),
    rule,
    seconds: [...seconds].sort((a, b) => a - b),
  };
}

function codeOf(number: number): string {
  return `A${number.toString(36).toUpperCase().padStart(5, '0')}`;
}
