import type { Command } from 'commander';
import type { z } from 'zod';
import { TenantCheck } from '../../manage/contract/tenant-check.ts';
import { CommandEnd, exitCodes } from '../command-end.ts';
import type { Begin, Session } from '../session.ts';
import { safe } from '../table.ts';
import { peopleText } from '../who-gets-it.ts';

interface Options {
  person?: string;
  profile?: string;
}

export function addCheck(program: Command, begin: Begin): void {
  program
    .command('check')
    .description('prueba la base de una empresa: ingreso, permisos, búsquedas, tiempos; solo lee')
    .argument('<empresa>', 'código de la empresa')
    .option('--person <código>', 'a quién buscar (alguien de una alerta suya)')
    .option('--profile <código>', 'qué perfil buscar (el de una alerta suya)')
    .action(async (tenant: string, { person, profile }: Options, command: Command) => {
      const session = begin(command);
      const body = { ...(person !== undefined && { person }), ...(profile !== undefined && { profile }) };
      const path = `tenants/${encodeURIComponent(tenant)}/check`;
      const answer = await session.ask({ method: 'POST', path, body }, TenantCheck);
      const { ok } = answer.value;
      if (ok || !session.json) session.print(answer, (check) => shown(check, session));
      // The shell is told as well.
      if (!ok)
        throw new CommandEnd(
          exitCodes.refused,
          `Así no sale nada de la empresa ${answer.value.tenant}: corrija lo marcado y repita vigia check ${answer.value.tenant}.`,
          answer.text,
        );
    });
}

type Check = z.output<typeof TenantCheck>;

function shown(check: Check, { paint }: Session): string {
  const { tenant, name, ok, problems } = check;
  const sign = (blocks: boolean) => (blocks ? paint('red', '✘') : paint('yellow', '!'));
  const lines = [
    paint('bold', `Empresa ${tenant} «${safe(name)}»`),
    ...facts(check).map(([label, text]) => `${label.padEnd(10)} ${safe(text)}`),
    ...problems.map(
      ({ blocks, passes, detail, reason, advice }) =>
        `${sign(blocks)} ${safe(detail)} (${reason}) ${safe(advice)}${passes ? ' Mientras tanto, los envíos esperan.' : ''}`,
    ),
    ...(ok ? [paint('green', 'La base responde y sus alertas pueden salir.')] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function facts({ loginMs, server, tls, rights, person, profile }: Check): [string, string][] {
  return [
    ['Ingreso', loginMs === null ? 'no se pudo' : `en ${loginMs} ms`],
    ...fact('Servidor', server, ({ version, edition, collation }) =>
      [`SQL Server ${version}`, edition, collation].filter((part) => part !== null).join(', '),
    ),
    ...fact('Cifrado', tls, ({ protocol, certificateChecked }) =>
      protocol === null
        ? 'no'
        : `${protocol}, certificado ${certificateChecked ? 'comprobado' : 'sin comprobar'}`,
    ),
    ...fact('Permisos', rights, ({ mayWrite, which }) =>
      mayWrite ? `puede escribir: ${which.join(', ')}` : 'solo lectura',
    ),
    ...fact('Persona', person, ({ code, found, name, contacts, lookupMs }) =>
      found
        ? `${code} ${name ?? ''}, contactos: ${contacts}, en ${lookupMs} ms`
        : `${code} no está, en ${lookupMs} ms`,
    ),
    ...fact(
      'Perfil',
      profile,
      ({ code, persons, lookupMs }) => `${code}, ${peopleText(persons)}, en ${lookupMs} ms`,
    ),
  ];
}

/** Nothing of what is not known. */
function fact<Known>(label: string, known: Known | null, say: (known: Known) => string): [string, string][] {
  return known === null ? [] : [[label, say(known)]];
}
