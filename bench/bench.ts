import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExpectedError } from '../dev/services/expected-error.ts';
import { readOptions, runCommand } from '../dev/services/run-command.ts';
import { measureBurst } from './burst.ts';
import { measureColdStart } from './cold-start.ts';
import { measureFirstWebhook } from './first-webhook.ts';
import type { Figure } from './figure.ts';
import { measureIdleStack } from './idle-stack.ts';
import { measureLateness } from './lateness.ts';
import { measureManage } from './manage.ts';
import { measureMemory } from './memory.ts';
import { measurePreview } from './preview.ts';
import { measureRoundTrips } from './round-trips.ts';
import { measureScan } from './scan.ts';
import { measureSqlServer } from './sql-server.ts';
import { measureTests } from './tests.ts';
import { measureThroughput } from './throughput.ts';

const rows = {
  'first-webhook': measureFirstWebhook,
  lateness: measureLateness,
  burst: measureBurst,
  throughput: measureThroughput,
  'round-trips': measureRoundTrips,
  memory: measureMemory,
  scan: measureScan,
  manage: measureManage,
  preview: measurePreview,
  'sql-server': measureSqlServer,
  'cold-start': measureColdStart,
  idle: measureIdleStack,
  tests: measureTests,
} as const;

const usage = `npm run bench -- [--only ROW]

Measures the product's figures, prints a table and writes .local/bench.json.
  --only ROW   one of ${Object.keys(rows).join(', ')}`;

await runCommand(async () => {
  const { only } = readOptions({ only: { type: 'string' } }, usage);
  if (only !== undefined && !Object.hasOwn(rows, only))
    throw new ExpectedError(`--only takes one of ${Object.keys(rows).join(', ')}, not "${only}".`);
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(rows)) {
    if (only === undefined || only === name) figures.push(...(await measure()));
  }
  const file = '.local/bench.json';
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`);
  print(figures);
});

function print(figures: readonly Figure[]): void {
  const lines = figures.map(({ name, value, unit, goal, met }) => [
    name,
    `${value} ${unit}`,
    goal ?? '',
    met === null ? '' : met ? 'met' : 'MISSED',
  ]);
  const table = [['figure', 'value', 'goal', ''], ...lines];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((line) => (line[column] ?? '').length)));
  for (const line of table)
    console.log(line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}
