import { notSupported } from '../parser/sql-fault.ts';
import { quote } from '../types/typed-sql.ts';

/** The steps of a JSON path in lax mode: `$.a."b c"[0]` is a, b c, 0. */
export function jsonSteps(path: string, line = 0): string[] {
  const [, mode = '', rest] = /^\s*(lax\s+|strict\s+)?\$(.*)$/is.exec(path) ?? [];
  if (rest === undefined || mode.toLowerCase().startsWith('strict'))
    throw notSupported(`the JSON path ${path}`, line);
  const steps: string[] = [];
  const step = /\.(?:"((?:[^"\\]|\\.)*)"|([\p{L}_$][\p{L}\p{N}_$]*))|\[(\d+)\]/uy;
  while (step.lastIndex < rest.length) {
    const found = step.exec(rest);
    if (!found) throw notSupported(`the JSON path ${path}`, line);
    steps.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  return steps;
}

/** The steps as a PostgreSQL array. */
export function jsonStepsText(steps: readonly string[]): string {
  return `ARRAY[${steps.map(quote).join(', ')}]::text[]`;
}
