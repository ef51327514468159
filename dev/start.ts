import { dropDemo, prepareDemo } from './demo/prepare-demo.ts';
import { buildApp } from './services/build-app.ts';
import { endOfCommand, untilAborted } from './services/end-of-command.ts';
import { scanNow, startHostProcess } from './services/host-process.ts';
import { openStack, readStackOptions, stackOptions, stackUsage } from './services/open-stack.ts';
import { requireFreePorts } from './services/ports.ts';
import { readOptions, runCommand } from './services/run-command.ts';
import { showAddresses } from './services/show-addresses.ts';

const usage = `npm start -- [options]

Builds the app and runs it on the local stack, with demo companies, until it is ended (Ctrl-C).
${stackUsage}
  --no-demo         without the demo: the empty schema`;

await runCommand(async () => {
  const values = readOptions({ ...stackOptions, 'no-demo': { type: 'boolean', default: false } }, usage);
  const options = readStackOptions(values);
  await requireFreePorts({ host: options.ports.host });
  const ending = endOfCommand();
  const [, stack] = await Promise.all([buildApp(), openStack(options)]);
  try {
    await (values['no-demo'] ? dropDemo : prepareDemo)(stack.ports);
    if (!ending.aborted) await runUntil(ending, stack.ports);
  } finally {
    await stack.close();
  }
});

async function runUntil(ending: AbortSignal, ports: Parameters<typeof startHostProcess>[0]): Promise<void> {
  showAddresses(ports, [['Functions', `http://127.0.0.1:${ports.host}/admin/functions`]]);
  const host = await startHostProcess(ports);
  try {
    await scanNow(ports);
    const code = await Promise.race([untilAborted(ending), host.ended]);
    if (code !== undefined) throw new Error(`The host ended (code ${code}).`);
    console.log('\nTerminando…');
  } finally {
    await host.close();
  }
}
