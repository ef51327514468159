import { dropDemo, prepareDemo } from './demo/prepare-demo.ts';
import { buildApp } from './services/build-app.ts';
import { endOfCommand, untilAborted } from './services/end-of-command.ts';
import { ExpectedError } from './services/expected-error.ts';
import { requireWritable } from './services/hold-services.ts';
import { scanNow, startHostProcess } from './services/host-process.ts';
import { openStack, readStackOptions, type Stack, stackOptions, stackUsage } from './services/open-stack.ts';
import { requireFreePorts } from './services/ports.ts';
import { readOptions, runCommand } from './services/run-command.ts';
import { showAddresses } from './services/show-addresses.ts';

const usage = `npm start -- [options]

Builds the app and runs it on the local stack, with demo companies, until it is ended (Ctrl-C).

${stackUsage}
  --no-demo         without the demo: the empty schema
  --app FOLDER      runs the app in that folder, such as an unpacked package, and builds nothing
  --help            this text`;

await runCommand(async () => {
  const values = readOptions(
    { ...stackOptions, 'no-demo': { type: 'boolean', default: false }, app: { type: 'string' } },
    usage,
  );
  const { app } = values;
  const options = readStackOptions(values);
  requireWritable(options.dataFolder);
  await requireFreePorts({ host: options.ports.host });
  const ending = endOfCommand();
  const compiling = app === undefined ? 'Compilando la aplicación y arrancando' : 'Arrancando';
  console.log(`${compiling} los servidores locales…`);
  const opening = openStack(options, ending);
  try {
    const building = app === undefined ? buildApp({ signal: ending }) : undefined;
    const [stack] = await Promise.all([opening, building]);
    if (!ending.aborted) await (values['no-demo'] ? dropDemo : prepareDemo)(stack.ports);
    if (!ending.aborted) await runUntil(ending, stack, app);
  } finally {
    await (await opening).close();
  }
});

async function runUntil(ending: AbortSignal, stack: Stack, app: string | undefined): Promise<void> {
  const { ports } = stack;
  const address = `http://127.0.0.1:${ports.host}`;
  showAddresses(stack, [
    ['Operación', `${address}/api/manage/docs`],
    ['Salud', `${address}/api/health`],
    ['Functions', `${address}/admin/functions`],
  ]);
  const host = startHostProcess(ports, app === undefined ? {} : { app });
  const ended = untilAborted(ending);
  const hostEnded = host.ended.then((code) => `The Functions host ended (code ${code}).`);
  try {
    await Promise.race([host.ready, ended]);
    if (!ending.aborted) await scanNow(ports);
    const fault = await Promise.race([ended, hostEnded, stack.ended]);
    if (fault !== undefined) throw new ExpectedError(fault);
  } finally {
    await host.close();
  }
}
