import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { freeOffset } from '../dev/services/free-offset.ts';
import { runCommand } from '../test/support/running-command.ts';
import { stackOptions } from '../test/support/stack-options.ts';
import { readableTemporaryFolder } from '../test/support/temporary-folder.ts';
import { atMost, type Figure } from './figure.ts';

const seconds = 120;
/** Linux counts processor time in ticks of 1/100 s. */
const ticksPerSecond = 100;

/** Processor time of every process of the local stack without alerts, two scans included. Linux only (/proc). */
export async function measureIdleStack(): Promise<Figure[]> {
  if (!existsSync('/proc/self/stat')) return [];
  await using folder = readableTemporaryFolder('vigia-bench-');
  const options = [...stackOptions(await freeOffset(), folder.path), '--no-demo'];
  await using start = runCommand('start', options);
  await start.line(/Azurite/, 60_000);
  await pause(15_000); // what starting costs is not idleness
  const before = ticksOfStack(folder.path);
  await pause(seconds * 1_000);
  const used = ticksOfStack(folder.path) - before;
  return [atMost('idle local stack', (100 * used) / ticksPerSecond / seconds, '% of a core', 5)];
}

interface Process {
  pid: string;
  parent: string;
  command: string;
  /** User and system time, that of its ended children included. */
  ticks: number;
}

/** The processes that name the data folder on their command line, and all that they started. */
function ticksOfStack(dataFolder: string): number {
  const processes = allProcesses();
  const ours = new Set(processes.filter(({ command }) => command.includes(dataFolder)).map(({ pid }) => pid));
  for (let before = -1; before !== ours.size;) {
    before = ours.size;
    for (const { pid, parent } of processes) if (ours.has(parent)) ours.add(pid);
  }
  return processes.reduce((sum, { pid, ticks }) => (ours.has(pid) ? sum + ticks : sum), 0);
}

function allProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
        const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return [{ pid, parent: fields[1] ?? '', command, ticks }];
      } catch {
        return []; // it ended meanwhile
      }
    });
}
