import type { z } from 'zod';
import { Preview } from '../manage/contract/preview.ts';
import type { Session } from './session.ts';
import { safe } from './table.ts';

export type Previewed = z.output<typeof Preview>;

/** What an alert would do now. Throws CommandEnd: there is no such alert. */
export async function previewOf(
  { ask }: Session,
  alert: string,
  persons: readonly string[] | undefined,
): Promise<Previewed> {
  const path = `alerts/${encodeURIComponent(alert)}/preview`;
  const body = { limit: 1, ...(persons && { persons }) };
  const { value } = await ask({ method: 'POST', path, body }, Preview);
  return value;
}

/** `la alerta 000001 «Facturas», empresa E1,` */
export function alertText({ alert, name, tenant }: Pick<Previewed, 'alert' | 'name' | 'tenant'>): string {
  const label = name.trim() === '' ? '' : ` «${safe(name)}»`;
  return `la alerta ${alert}${label}, empresa ${tenant ?? 'sin nombre'},`;
}

/** `a 4 personas (saldrían 3 mensajes)`, `a P1 y P2` */
export function whomText({ recipients }: Previewed, persons: readonly string[] | undefined): string {
  const { total, checked, deliver } = recipients;
  const goOut = checked < total || deliver === total ? '' : ` (saldrían ${deliver})`;
  if (persons === undefined) return `a ${peopleText(total)}${goOut}`;
  return `a ${persons.join(', ')}: ${peopleText(total)}${goOut}`;
}

export function peopleText(count: number): string {
  return count === 0 ? 'nadie' : count === 1 ? '1 persona' : `${count} personas`;
}

/** What stands in the way, a line each. */
export function warningsOf({ obstacles, notRecipients }: Previewed): string {
  const lines = [
    ...obstacles.map(({ detail }) => `Atención: ${safe(detail)}`),
    ...notRecipients.map((person) => `Atención: ${safe(person)} no está entre los destinatarios.`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
