import { prepareDemo } from './demo/prepare-demo.ts';
import { endOfCommand, untilAborted } from './services/end-of-command.ts';
import { ExpectedError } from './services/expected-error.ts';
import { openStack, readStackOptions, stackOptions, stackUsage } from './services/open-stack.ts';
import { readOptions, runCommand } from './services/run-command.ts';
import { showAddresses } from './services/show-addresses.ts';

const usage = `npm run services -- [options]

Runs the local SQL Server, Azurite, the mail sink and the webhook receiver until it is ended (Ctrl-C).

${stackUsage}
  --demo            add the demo companies and alerts
  --help            this text`;

await runCommand(async () => {
  const values = readOptions({ ...stackOptions, demo: { type: 'boolean', default: false } }, usage);
  const options = readStackOptions(values);
  const ending = endOfCommand();
  console.log('Arrancando los servidores locales…');
  const stack = await openStack(options, ending);
  try {
    if (ending.aborted) return;
    if (values.demo) await prepareDemo(stack.ports);
    showAddresses(stack);
    if (stack.alreadyRunning) return console.log('Ya estaban en marcha, en otra terminal.');
    const fault = await Promise.race([untilAborted(ending), stack.ended]);
    if (fault !== undefined) throw new ExpectedError(fault);
  } finally {
    await stack.close();
  }
});
