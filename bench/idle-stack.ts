import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { freeOffset } from '../test/support/free-offset.ts';
import { runCommand } from '../test/support/running-command.ts';
import { readableTemporaryFolder } from '../test/support/temporary-folder.ts';
import { atMost, type Figure } from './figure.ts';

const seconds = 120;
/** Linux counts processor time in ticks of 1/100 s. */
const ticksPerSecond = 100;

/** Processor time of every process of the local stack without alerts, two scans included. Linux only (/proc). */
export async function measureIdleStack(): Promise<Figure[]> {
  if (!existsSync('/proc/self/stat')) return [];
  await using folder = readableTemporaryFolder('vigia-bench-');
  const before = processTimes();
  const options = ['--port-offset', String(await freeOffset()), '--data', folder.path, '--no-demo'];
  await using start = runCommand('start', options);
  await start.line(/Azurite/, 60_000);
  await pause(15_000); // what starting costs is not idleness
  const from = ofStack(before);
  await pause(seconds * 1_000);
  const used = ofStack(before) - from;
  return [atMost('idle local stack', (100 * used) / ticksPerSecond / seconds, '% of a core', 5)];

  function ofStack(others: ReadonlyMap<string, number>): number {
    let sum = 0;
    for (const [process, ticks] of processTimes()) if (!others.has(process)) sum += ticks;
    return sum;
  }
}

/** User and system time of every process, those of its ended children included, by process id and start time. */
function processTimes(): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      const ticks = [11, 12, 13, 14]
        .map((index) => Number(fields[index]))
        .reduce((sum, value) => sum + value, 0);
      times.set(`${pid}/${fields[19]}`, ticks);
    } catch {
      continue; // it ended meanwhile
    }
  }
  return times;
}
