import { build } from 'esbuild';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The operators' command line as one file of its own, so that the functions' chunks stay as they are, with its launcher. */
export async function bundleCommand(app: string): Promise<void> {
  await build({
    entryPoints: ['src/cli/vigia.ts'],
    outfile: join(app, 'src/cli/vigia.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    sourcemap: true,
    sourcesContent: false,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'eof',
    logLevel: 'warning',
  });
  await mkdir(join(app, 'bin'), { recursive: true });
  await copyFile('bin/vigia.mjs', join(app, 'bin/vigia.mjs'));
}
