import { join } from 'node:path';

/** Options of a local stack that leaves the repository and the stacks of others alone. */
export function stackOptions(offset: number, folder: string): string[] {
  return [
    ...['--port-offset', String(offset), '--data', folder],
    ...['--settings', join(folder, 'local.settings.json')],
  ];
}
