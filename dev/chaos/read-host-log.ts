import { readFileSync } from 'node:fs';

/** What the host said that it should not have had to say. */
export interface HostLog {
  /** Messages that it moved to the poison queue. */
  poisoned: number;
  /** What functions threw, once for each time. */
  exceptions: readonly string[];
}

export function readHostLog(path: string): HostLog {
  const lines = readFileSync(path, 'utf8').split('\n');
  return {
    poisoned: lines.filter((line) => line.includes('Message has reached MaxDequeueCount')).length,
    exceptions: lines.filter((line) => line.startsWith('Exception: ')),
  };
}
