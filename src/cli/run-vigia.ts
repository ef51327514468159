import { Command, CommanderError, type Option } from 'commander';
import { CommandEnd, exitCodes } from './command-end.ts';
import { addAudit } from './commands/audit.ts';
import { addCancel } from './commands/cancel.ts';
import { addCheck } from './commands/check.ts';
import { addExecutions } from './commands/executions.ts';
import { addFaults } from './commands/faults.ts';
import { addNext } from './commands/next.ts';
import { addPause } from './commands/pause.ts';
import { addPreview } from './commands/preview.ts';
import { addProblems } from './commands/problems.ts';
import { addResend } from './commands/resend.ts';
import { addResume } from './commands/resume.ts';
import { addRun } from './commands/run.ts';
import { addScan } from './commands/scan.ts';
import { addStatus } from './commands/status.ts';
import { addTest } from './commands/test.ts';
import { addWhy } from './commands/why.ts';
import { sessionsIn } from './session.ts';
import type { Surroundings } from './surroundings.ts';
import { usageInSpanish } from './usage-in-spanish.ts';

const environmentHelp = `
En una terminal las tablas se cortan (…) a lo ancho; enteras con --json, o al pasarlas a otro programa (| more).
Variables: VIGIA_URL, VIGIA_KEY (o VIGIA_READ_KEY para mirar y VIGIA_ACT_KEY para actuar), VIGIA_OPERATOR, NO_COLOR.
Termina con 0 si se hizo, 1 si la API dijo que no, 2 si el pedido está mal escrito, 3 si no se pudo hablar con ella,\n130 si se interrumpió la pregunta.`;

/** Runs one command of the command line; gives the exit code. */
export async function runVigia(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { writeError, write } = surroundings;
  const program = programIn(surroundings);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.done;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return exitCodes.done;
      // Without a command its help was shown.
      if (thrown.code === 'commander.help') return exitCodes.usage;
      writeError(usageInSpanish(thrown));
      return exitCodes.usage;
    }
    if (!(thrown instanceof CommandEnd)) throw thrown;
    if (thrown.json !== undefined && args.includes('--json')) write(`${thrown.json.trimEnd()}\n`);
    else writeError(`${thrown.message}\n`);
    return thrown.code;
  }
}

function programIn(surroundings: Surroundings): Command {
  const { write, writeError } = surroundings;
  const program = new Command('vigia')
    .usage('<comando> [opciones]')
    .description('Pregunta y pide a Vigía por su API de operación.')
    .option('--url <dirección>', 'dónde está la aplicación (http://127.0.0.1:7071)')
    .option('--key <clave>', 'la clave de la función; mejor en el ambiente, donde nadie la ve')
    .option('--operator <nombre>', 'quién lo pide, para el registro (el usuario de esta máquina)')
    .option('--json', 'la respuesta tal como la da la API, para programas')
    .addHelpText('after', environmentHelp)
    .exitOverride()
    .helpOption('-h, --help', 'muestra esta ayuda')
    .helpCommand(false)
    .configureOutput({ writeOut: write, writeErr: writeError, outputError: () => undefined })
    .configureHelp({
      styleTitle: titleInSpanish,
      showGlobalOptions: true,
      optionDescription: describeOption,
    });
  const begin = sessionsIn(surroundings);
  for (const add of [
    addStatus,
    addNext,
    addWhy,
    addPreview,
    addTest,
    addRun,
    addResend,
    addCancel,
    addPause,
    addResume,
    addScan,
    addCheck,
    addExecutions,
    addProblems,
    addFaults,
    addAudit,
  ])
    add(program, begin);
  return program;
}

const titles: Readonly<Record<string, string>> = {
  'Usage:': 'Uso:',
  'Arguments:': 'Argumentos:',
  'Options:': 'Opciones:',
  'Global Options:': 'Opciones de todos:',
  'Commands:': 'Comandos:',
};

/** Commander would say `default: "20"`. */
function describeOption({ description, defaultValue }: Option): string {
  return defaultValue === undefined ? description : `${description} (${String(defaultValue)})`;
}

function titleInSpanish(title: string): string {
  return titles[title] ?? title;
}
