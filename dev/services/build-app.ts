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
  const code = await compile(['--outDir', join(folder, 'dist')], signal);
  if (code !== 0 && !signal?.aborted)
    throw new ExpectedError('The app could not be built: mend what the compiler says above.');
}

/** Throws ExpectedError, after the compiler's own lines, when the app has a fault that it finds. Writes nothing. */
export async function requireSoundTypes(): Promise<void> {
  const code = await compile(['--noEmit']);
  if (code !== 0) throw new ExpectedError('Nothing was packed: mend what the compiler says above.');
}

async function compile(options: readonly string[], signal?: AbortSignal): Promise<number | null> {
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  const compiler = spawn(
    process.execPath,
    [join(typescript, 'bin', 'tsc'), '-p', 'tsconfig.build.json', ...options],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const stop = () => compiler.kill('SIGKILL'); // it finishes its work after a SIGTERM
  signal?.addEventListener('abort', stop, { once: true });
  const [code] = await once(compiler, 'exit');
  signal?.removeEventListener('abort', stop);
  return code;
}
