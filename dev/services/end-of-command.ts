import { endWithNpm } from '../end-with-npm.ts';

const patienceMs = 9_500;

/**
 * Aborts when this command is to end: Ctrl-C, SIGTERM, a closed terminal, or the end of the npm that runs it. A command
 * that has not ended 9.5 s later, or is told again, ends at once; what it held ends with it.
 */
export function endOfCommand(): AbortSignal {
  const controller = new AbortController();
  const end = () => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
    console.log('\nTerminando…');
    setTimeout(() => process.exit(1), patienceMs).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {}); // the terminal may be gone
  if (process.env['npm_lifecycle_event'] !== undefined)
    endWithNpm(() => {
      if (!controller.signal.aborted) end();
    });
  return controller.signal;
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
