import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Beside the bundle: what the host reads, and the one file that is served and not imported. */
export async function writePackageFiles(app: string): Promise<void> {
  const { name, version } = JSON.parse(await readFile('package.json', 'utf8'));
  const bin = { vigia: 'bin/vigia.mjs' };
  const description = { name, version, private: true, type: 'module', main: 'functions/*.js', bin };
  await writeFile(join(app, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
  await copyFile('host.json', join(app, 'host.json'));
  await copyViewer(app);
}

/** Where src/adapters/files/read-viewer.ts finds it as in a checkout. */
async function copyViewer(app: string): Promise<void> {
  const viewer = 'openapi-explorer/dist/browser/openapi-explorer.min.js';
  const to = join(app, 'node_modules', viewer);
  await mkdir(dirname(to), { recursive: true });
  await copyFile(createRequire(import.meta.url).resolve(viewer), to);
}
