import { unzipSync } from 'fflate';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './running-command.ts';

/** What `npm run package` writes, unpacked in that folder as Azure would: the app, and the names of its files. */
export async function unpackedPackage(folder: string): Promise<{ app: string; names: string[] }> {
  await using packing = runCommand('package', ['--out', folder]);
  if ((await packing.ended) !== 0) throw new Error(packing.lines.join('\n'));
  const app = join(folder, 'unpacked');
  const files = Object.entries(unzipSync(readFileSync(join(folder, 'vigia.zip'))));
  for (const [name, bytes] of files) {
    const path = join(app, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return { app, names: files.map(([name]) => name) };
}
