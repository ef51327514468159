import { rmSync } from 'node:fs';
import { readableTemporaryFolder } from '../test/support/temporary-folder.ts';
import { freeOffset } from '../dev/services/free-offset.ts';
import { runCommand } from '../test/support/running-command.ts';
import { stackOptions } from '../test/support/stack-options.ts';
import { atMost, type Figure } from './figure.ts';

/** From typing `npm start` on an empty data folder and without dist/ to the first delivery shown. */
export async function measureFirstWebhook(): Promise<Figure[]> {
  rmSync('dist', { recursive: true, force: true });
  await using folder = readableTemporaryFolder('vigia-bench-');
  const began = performance.now();
  await using start = runCommand('start', stackOptions(await freeOffset(), folder.path));
  await start.line(/✅/, 120_000);
  return [atMost('first webhook after `npm start`', (performance.now() - began) / 1_000, 's', 60)];
}
