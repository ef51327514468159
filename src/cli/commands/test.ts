import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { MadeExecution } from '../../manage/contract/acts.ts';
import { keyOption, yesOption } from '../options.ts';
import type { Begin } from '../session.ts';
import { alertText, previewOf } from '../who-gets-it.ts';

interface Options {
  to: string;
  person?: string;
  idempotencyKey?: string;
  yes?: boolean;
}

export function addTest(program: Command, begin: Begin): void {
  program
    .command('test')
    .description('envía un mensaje de verdad, marcado como prueba, a un destino propio')
    .argument('<alerta>', 'código de la alerta')
    .requiredOption('--to <destino>', 'teléfono o correo, según el canal de la alerta')
    .option('--person <código>', 'con los datos de este destinatario (el primero)')
    .addOption(keyOption)
    .addOption(yesOption)
    .action(async (alert: string, options: Options, command: Command) => {
      const session = begin(command);
      const { to, person, idempotencyKey = randomUUID(), yes } = options;
      await session.agreeTo(async () => {
        const preview = await previewOf(session, alert, person === undefined ? undefined : [person]);
        return `¿Enviar una prueba de ${alertText(preview)} solo a ${to}, en ${session.base}?`;
      }, yes);
      const body = { destination: to, ...(person && { person }) };
      const path = `alerts/${encodeURIComponent(alert)}/test`;
      const answer = await session.ask({ method: 'POST', path, body, idempotencyKey }, MadeExecution);
      session.print(
        answer,
        ({ id }) => `Prueba en marcha, ejecución ${id}: vigia executions ${id} muestra cómo termina.\n`,
      );
    });
}
