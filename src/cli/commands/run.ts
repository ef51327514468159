import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { MadeExecution } from '../../manage/contract/acts.ts';
import { confirmOption, keyOption, personsOption, yesOption } from '../options.ts';
import type { Begin } from '../session.ts';
import { alertText, previewOf, warningsOf, whomText } from '../who-gets-it.ts';

interface Options {
  person?: string[];
  confirmRecipients?: number;
  idempotencyKey?: string;
  yes?: boolean;
}

export function addRun(program: Command, begin: Begin): void {
  program
    .command('run')
    .description('envía una alerta ahora, a todos o a las personas que se nombran')
    .argument('<alerta>', 'código de la alerta')
    .addOption(personsOption)
    .addOption(confirmOption)
    .addOption(keyOption)
    .addOption(yesOption)
    .action(async (alert: string, options: Options, command: Command) => {
      const session = begin(command);
      const { person, confirmRecipients, idempotencyKey = randomUUID(), yes } = options;
      await session.agreeTo(async () => {
        const preview = await previewOf(session, alert, person);
        const whom = whomText(preview, person);
        return `${warningsOf(preview)}¿Enviar ahora ${alertText(preview)} ${whom}, en ${session.base}?`;
      }, yes);
      const body = { ...(person && { persons: person }), ...(confirmRecipients && { confirmRecipients }) };
      const path = `alerts/${encodeURIComponent(alert)}/run`;
      const answer = await session.ask({ method: 'POST', path, body, idempotencyKey }, MadeExecution);
      session.print(
        answer,
        ({ id }) => `Ejecución ${id} en marcha: vigia executions ${id} muestra cómo termina.\n`,
      );
    });
}
