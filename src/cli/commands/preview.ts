import type { Command } from 'commander';
import type { z } from 'zod';
import { Preview } from '../../manage/contract/preview.ts';
import { collect, whole } from '../option-values.ts';
import type { Begin, Session } from '../session.ts';
import { safe, type Colour } from '../table.ts';
import { asWritten } from '../times.ts';

interface Options {
  at?: string;
  person?: string[];
  limit: number;
}

export function addPreview(program: Command, begin: Begin): void {
  program
    .command('preview')
    .description('qué saldría y para quién; no envía ni guarda nada')
    .argument('<alerta>', 'código de la alerta')
    .option('--at <hora>', 'como si fuera esta hora, como 2026-03-02T12:49:00-03:00 (ahora)')
    .option('--person <código>', 'solo esta persona; se puede repetir', collect)
    .option('--limit <cantidad>', 'cuántos mensajes mostrar', whole, 5)
    .action(async (alert: string, { at, person, limit }: Options, command: Command) => {
      const session = begin(command);
      const body = { limit, ...(at && { occurrence: at }), ...(person && { persons: person }) };
      const path = `alerts/${encodeURIComponent(alert)}/preview`;
      const answer = await session.ask({ method: 'POST', path, body }, Preview);
      session.print(answer, (preview) => shown(preview, session));
    });
}

const outcomes: Readonly<Record<string, { text: string; colour: Colour }>> = {
  deliver: { text: 'saldría', colour: 'green' },
  no_contact: { text: 'sin contacto', colour: 'red' },
  duplicate: { text: 'duplicado', colour: 'yellow' },
  no_rows: { text: 'sin filas', colour: 'yellow' },
  fault: { text: 'con error', colour: 'red' },
  undecided: { text: 'no se sabe', colour: 'yellow' },
};

function shown(preview: z.output<typeof Preview>, { paint, table }: Session): string {
  const { alert, name, tenant, occurrence, goesOut, recipients, obstacles, deliveries, webhook } = preview;
  const lines = [
    `Alerta ${alert} ${safe(name)}, empresa ${tenant ?? '-'}, para el ${asWritten(occurrence.local)}${occurrence.scheduled ? '' : ' (no está en su horario)'}`,
    goesOut ? paint('green', 'Saldría.') : paint('red', 'No saldría.'),
    `Destinatarios: ${recipients.total}; saldrían ${recipients.deliver}, sin contacto ${recipients.withoutContact}, duplicados ${recipients.duplicates}, sin filas ${recipients.withoutRows}${recipients.checked < recipients.total ? ` (de los ${recipients.checked} mirados)` : ''}`,
    ...(webhook === null
      ? []
      : [`Webhook ${webhook.code}: ${webhook.origin}${webhook.signed ? '' : ', sin firma'}`]),
    ...preview.notRecipients.map((person) => `${person} no está entre los destinatarios.`),
    ...(preview.recordOnly ? ['DELIVERY_MODE=record: en esta instalación nada sale de verdad.'] : []),
    ...obstacles.map(
      ({ reason, detail, advice }) => `${paint('red', '✘')} ${safe(detail)} (${reason}) ${safe(advice)}`,
    ),
  ];
  const rows = deliveries.map((delivery) => [
    delivery.person,
    delivery.name,
    delivery.destination,
    outcomes[delivery.outcome] ?? delivery.outcome,
    delivery.detail ?? delivery.reason,
  ]);
  const texts = deliveries.flatMap(({ person, subject, text }) =>
    text === null
      ? []
      : [
          `${paint('bold', `${person}:`)} ${subject === null ? '' : `${safe(subject)}\n`}${safe(text).trimEnd()}\n`,
        ],
  );
  const people =
    rows.length === 0 ? [] : [table(['PERSONA', 'NOMBRE', 'DESTINO', 'QUÉ PASARÍA', 'DETALLE'], rows)];
  return [`${lines.join('\n')}\n`, ...people, ...texts].join('\n');
}
