import { readFileSync } from 'node:fs';

/** Whether a process of that number runs, be it another than the one that had it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  try {
    return !isZombie(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true; // Linux alone has that file
  }
}

/**
 * Of a line of /proc/PID/stat: the process has ended, and its parent has not asked for its end. In a container whose first
 * process does not do so, orphans stay like this.
 */
export function isZombie(stat: string): boolean {
  return stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
}
