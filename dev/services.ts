import { prepareDemo } from './demo/prepare-demo.ts';
import { openStack, readStackOptions, stackOptions, stackUsage } from './services/open-stack.ts';
import { readOptions, runCommand } from './services/run-command.ts';
import { showAddresses } from './services/show-addresses.ts';
import { endOfCommand, untilAborted } from './services/end-of-command.ts';

const usage = `npm run services -- [options]

Runs the local SQL Server, Azurite, the mail sink and the webhook receiver until it is ended (Ctrl-C).
${stackUsage}
  --demo            add the demo companies and alerts`;

await runCommand(async () => {
  const ended = endOfCommand();
  const values = readOptions({ ...stackOptions, demo: { type: 'boolean', default: false } }, usage);
  const stack = await openStack(readStackOptions(values));
  try {
    if (values.demo) await prepareDemo(stack.ports);
    showAddresses(stack.ports);
    if (stack.alreadyRunning) console.log('Ya estaban en marcha: los tiene otra ventana.');
    else await untilAborted(ended);
  } finally {
    await stack.close();
  }
});
