import type { Command } from 'commander';
import type { z } from 'zod';
import { AlertDetails } from '../../manage/contract/alerts.ts';
import { Why } from '../../manage/contract/why.ts';
import { CommandEnd, exitCodes } from '../command-end.ts';
import { readDate } from '../read-date.ts';
import type { Begin, Session } from '../session.ts';
import { safe } from '../table.ts';

interface Options {
  person?: string;
}

export function addWhy(program: Command, begin: Begin): void {
  program
    .command('why')
    .description('qué pasó con una alerta, o con el mensaje de una persona, en una fecha, y por qué')
    .argument('<alerta>', 'código de la alerta')
    .argument('[fecha]', 'hoy (si no se dice), ayer, mañana, 2026-03-02, 02/03/2026 o 02/03')
    .option('--person <quién>', 'código de la persona, o el comienzo de su nombre')
    .action(async (alert: string, date: string | undefined, { person }: Options, command: Command) => {
      const session = begin(command);
      const query = { alert, date: await dateOf(date ?? 'hoy', alert, session), person };
      const answer = await session.ask({ method: 'GET', path: 'why', query }, Why);
      const { outcome, sentence } = answer.value;
      // As every other command ends that names an alert which is not there.
      if (outcome === 'unknown-alert') throw new CommandEnd(exitCodes.refused, sentence.es, answer.text);
      session.print(answer, (why) => shown(why, session));
    });
}

/** Today is a day of the alert's own zone, as far as one is known. */
async function dateOf(text: string, alert: string, { ask, surroundings }: Session): Promise<string> {
  const known = readDate(text, null);
  if (known !== null) return known.toString();
  const path = `alerts/${encodeURIComponent(alert)}`;
  const zone = await ask({ method: 'GET', path }, AlertDetails).then(
    ({ value }) => value.zone,
    () => null,
  );
  const today = surroundings
    .now()
    .toZonedDateTimeISO(zone ?? surroundings.zone)
    .toPlainDate();
  return (readDate(text, today) ?? today).toString();
}

const names: Readonly<Record<string, string>> = {
  exists: 'existe',
  active: 'activa',
  due: 'le tocaba',
  scanned: 'un ciclo la vio',
  claimed: 'se tomó',
  recipient: 'destinatario',
  contact: 'contacto útil',
  sent: 'se envió',
  answered: 'lo aceptaron',
  delivered: 'llegó',
};

function shown({ steps, sentence }: z.output<typeof Why>, { paint }: Session): string {
  const widest = Math.max(...steps.map(({ step }) => (names[step] ?? step).length));
  const lines = steps.map(({ step, ok, evidence }) => {
    const name = (names[step] ?? step).padEnd(widest);
    if (ok === null) return paint('dim', `· ${name}  ${safe(evidence)}`);
    return `${ok ? paint('green', '✔') : paint('red', '✘')} ${name}  ${safe(evidence)}`;
  });
  return `${lines.join('\n')}\n\n${paint('bold', safe(sentence.es))}\n`;
}
