import { build } from 'esbuild';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { functionNames } from './require-entry-files.ts';

/** What packages that are CommonJS ask for. */
const banner = `import { createRequire as requireOf } from 'node:module';const require = requireOf(import.meta.url);`;

/**
 * All functions and the libraries they use, into `out`/app: an entry file for each, what they share in chunks (each
 * would have connections of its own else), source maps beside. The Functions worker answers @azure/functions-core.
 */
export async function bundleApp(out: string): Promise<string> {
  const app = join(out, 'app');
  await rm(app, { recursive: true, force: true });
  await build({
    entryPoints: functionNames.map((name) => `functions/${name}.ts`),
    outdir: app,
    outbase: '.',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['@azure/functions-core'],
    banner: { js: banner },
    sourcemap: true,
    sourcesContent: false,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'eof',
    logLevel: 'warning',
  });
  return app;
}
