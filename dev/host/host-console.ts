import type { LogLevel } from './app/worker-protocol.ts';

const ORDER: readonly LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];

/** What the library tells the host's operators: only troubles are for the app's developer. */
export const SYSTEM = 'Worker.System';

/** Prints what the host and the functions' contexts say. What the app writes itself never passes through here. */
export interface HostConsole {
  log(level: LogLevel, category: string, message: string): void;
}

export interface HostConsoleOptions {
  readonly write: (line: string) => void;
  readonly now: () => number;
  /** From host.json: lowest level by category prefix. */
  readonly levels: Readonly<Record<string, string>>;
  /** Raises the level to Warning for all but what functions log themselves. */
  readonly quiet: boolean;
}

/** Lines as `func start` prints them, `[2026-03-02T12:49:00.001Z] text`, filtered by host.json's logging.logLevel. */
export function hostConsole({ write, now, levels, quiet }: HostConsoleOptions): HostConsole {
  const lowest = new Map<string, number>();
  const lowestOf = (category: string): number => {
    const raised = category === SYSTEM || (quiet && !category.endsWith('.User'));
    const floor = raised ? ORDER.indexOf('warning') : 0;
    const known = lowest.get(category) ?? Math.max(floor, lowestLevel(category, levels));
    lowest.set(category, known);
    return known;
  };
  return {
    log(level, category, message) {
      if (ORDER.indexOf(level) < lowestOf(category)) return;
      write(`[${new Date(now()).toISOString()}] ${message}`);
    },
  };
}

/** The longest prefix of the category decides, then `default`, then Information. */
function lowestLevel(category: string, levels: Readonly<Record<string, string>>): number {
  const name = category.toLowerCase();
  const [rule] = Object.entries(levels)
    .filter(([prefix]) => name === prefix.toLowerCase() || name.startsWith(`${prefix.toLowerCase()}.`))
    .sort(([a], [b]) => b.length - a.length);
  const level = (rule?.[1] ?? levels['default'] ?? 'information').toLowerCase();
  const index = ORDER.findIndex((each) => each === level);
  return index < 0 ? ORDER.indexOf('information') : index;
}
