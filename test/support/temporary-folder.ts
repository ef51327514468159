import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that other users may enter: under root, PostgreSQL runs as another one. `using` deletes it. */
export function readableTemporaryFolder(prefix: string): Disposable & AsyncDisposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(path, 0o755);
  // On Windows a file stays until the last process that has it open is gone.
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 10 });
  return { path, [Symbol.dispose]: remove, [Symbol.asyncDispose]: async () => remove() };
}
