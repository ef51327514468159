import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExpectedError } from '../services/expected-error.ts';

/** Makes the folder where it is not there. Throws ExpectedError when nothing can be written to it. */
export async function requireWritable(folder: string): Promise<void> {
  const probe = join(folder, '.vigia-package');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ExpectedError(`--out names ${folder}, which is no folder that can be written to (${why}).`, {
      cause,
    });
  }
}
