import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Held } from './listen.ts';

const startLimitMs = 20_000;

/** Azurite, with further options of its own, in a process that ends with the process that started it. */
export async function startAzurite(
  ports: { blob: number; queue: number; table: number },
  folder: string,
  options: readonly string[] = [],
): Promise<Held> {
  await mkdir(folder, { recursive: true });
  const azurite = spawn(
    process.execPath,
    [
      ...['--import', import.meta.resolve('./end-with-parent.ts')],
      fileURLToPath(import.meta.resolve('azurite/dist/src/azurite.js')),
      ...['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--location', folder],
      ...['--blobHost', '127.0.0.1', '--blobPort', String(ports.blob)],
      ...['--queueHost', '127.0.0.1', '--queuePort', String(ports.queue)],
      ...['--tableHost', '127.0.0.1', '--tablePort', String(ports.table)],
      ...options,
    ],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], windowsHide: true },
  );
  const ended = once(azurite, 'exit');
  await Promise.race([
    Promise.all([ports.blob, ports.queue, ports.table].map(answers)),
    ended.then(() => Promise.reject(new Error(`Azurite ended at its start (code ${azurite.exitCode}).`))),
  ]);
  return {
    ended: ended.then(() => 'Azurite ended.'),
    async close() {
      azurite.send('shutdown', () => {}); // it may be gone; no signal, which on Windows would keep it from saving
      // Azurite saves at once, but then waits for clients that keep their connections open.
      const patience = setTimeout(() => azurite.kill('SIGKILL'), 2_000);
      await ended;
      clearTimeout(patience);
    },
  };
}

async function answers(port: number): Promise<void> {
  const giveUp = Date.now() + startLimitMs;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (cause) {
      if (Date.now() > giveUp) throw new Error(`Azurite did not answer on port ${port}.`, { cause });
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      socket.destroy();
    }
  }
}
