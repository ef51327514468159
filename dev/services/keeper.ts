import { mkdirSync, rmSync } from 'node:fs';
import { keeperOptions, noteKeeper, forgetKeeper } from './keeper-note.ts';
import { startServices } from './start-services.ts';

/*
 * The process that holds the local services. It is detached from the terminal and ignores its signals, so that only the
 * end of its standard input stops it: that comes when the command that started it ends, however it ends. Then it stops
 * every server in order. It says one line of JSON on standard output: {"ready":true} or {"failed":"why"}.
 */

const stopLimitMs = 9_000;
const { ports, dataFolder, ownerPid, fresh } = keeperOptions.parse(JSON.parse(process.argv[2] ?? ''));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
for (const output of [process.stdout, process.stderr]) output.on('error', () => {}); // the owner may end before us
const ownerGone = new Promise<void>((resolve) => {
  process.stdin.once('end', resolve).once('error', resolve).once('close', resolve).resume();
});

if (fresh) rmSync(dataFolder, { recursive: true, force: true });
mkdirSync(dataFolder, { recursive: true });
noteKeeper(dataFolder, { pid: process.pid, ownerPid, ports });

const services = startServices(ports, dataFolder).then(
  (running) => {
    process.stdout.write('{"ready":true}\n');
    return running;
  },
  (error: unknown) => {
    process.stdout.write(
      `${JSON.stringify({ failed: error instanceof Error ? error.message : String(error) })}\n`,
    );
    return undefined;
  },
);

await ownerGone;
setTimeout(() => process.exit(1), stopLimitMs).unref();
await (await services)?.close();
forgetKeeper(dataFolder);
process.exit(0);
