import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ExpectedError } from './expected-error.ts';

/**
 * `npm run build`, without npm, into dist/ of that folder. The compiler's own lines say what is wrong. When the signal
 * aborts, the compiler is stopped and nobody is told.
 */
export async function buildApp({ folder = '.', signal }: { folder?: string; signal?: AbortSignal } = {}) {
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin',
    'tsc',
  );
  const build = spawn(
    process.execPath,
    [compiler, '-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist')],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const stop = () => build.kill();
  signal?.addEventListener('abort', stop, { once: true });
  const [code] = await once(build, 'exit');
  signal?.removeEventListener('abort', stop);
  if (code !== 0 && !signal?.aborted)
    throw new ExpectedError('The app could not be built: mend what the compiler says above.');
}
