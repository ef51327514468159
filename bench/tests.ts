import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { atMost, type Figure } from './figure.ts';

/** `npm test`, once. */
export async function measureTests(): Promise<Figure[]> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const began = performance.now();
  const run = spawn(process.execPath, [vitest, 'run'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(run, 'exit');
  if (code !== 0) throw new Error('npm test failed: a figure of failing tests says nothing.');
  return [atMost('npm test', (performance.now() - began) / 60_000, 'min', 5)];
}
