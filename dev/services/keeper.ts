import { mkdirSync, rmSync } from 'node:fs';
import { type KeeperLine, keeperOptions, noteKeeper, forgetKeeper } from './keeper-note.ts';
import { startServices } from './start-services.ts';

/*
 * The process that holds the local services. It is detached from the terminal and ignores its signals, so that only the
 * end of its standard input stops it: that comes when the command that started it ends, however it ends. Then it stops
 * every server in order. It says in lines of JSON on standard output: {"ready":true} or {"failed":"why"}, and {"failed":"why"}
 * when a server ends by itself, after which it ends too.
 */

const stopLimitMs = 7_000;
const { ports, dataFolder, ownerPid, fresh } = keeperOptions.parse(JSON.parse(process.argv[2] ?? ''));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
for (const output of [process.stdout, process.stderr]) output.on('error', () => {}); // the owner may end before us
const ownerGone = new Promise<void>((resolve) => {
  process.stdin.once('end', resolve).once('error', resolve).once('close', resolve).resume();
});

if (fresh) rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10 });
mkdirSync(dataFolder, { recursive: true });
noteKeeper(dataFolder, { pid: process.pid, ownerPid, ports });

const services = startServices(ports, dataFolder).then(
  (running) => {
    say({ ready: true });
    return running;
  },
  (error: unknown) => {
    say({ failed: error instanceof Error ? error.message : String(error) });
    return undefined;
  },
);
const serverGone = services.then((running) => running?.ended ?? new Promise<never>(() => {}));

const failed = await Promise.race([ownerGone, serverGone]);
if (failed !== undefined) say({ failed });
setTimeout(() => process.exit(1), stopLimitMs).unref();
await (await services)?.close();
forgetKeeper(dataFolder);
process.exit(0);

function say(line: KeeperLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
