import type { Logger } from '../core/logger.ts';

/** Runs the steps of one scan; a fault of one is logged and kept, and does not end the others. */
export function stepsOf(log: Logger) {
  const failures: string[] = [];
  return {
    failures: failures as readonly string[],
    async run<T>(step: string, work: () => Promise<T>): Promise<T | undefined> {
      try {
        return await work();
      } catch (error) {
        failures.push(`${step}: ${messageOf(error)}`);
        log.error('scan.step_failed', { step }, error);
        return undefined;
      }
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
