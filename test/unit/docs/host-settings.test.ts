import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { slots } from '../../../src/wiring/build-dispatch.ts';
import { rowsOfTable } from './rows-of-table.ts';

const queues = z.record(z.string(), z.union([z.string(), z.number()]));
const host = z
  .object({
    functionTimeout: z.string(),
    telemetryMode: z.string(),
    extensionBundle: z.object({ version: z.string() }),
    extensions: z.object({ queues }),
  })
  .parse(JSON.parse(readFileSync('host.json', 'utf8')));

test('docs/host-settings.md has the reason of every setting of host.json', () => {
  const documented = rowsOfTable(readFileSync('docs/host-settings.md', 'utf8'), 'Setting');
  const settings = Object.entries(host.extensions.queues).map(([name, value]) => [`queues.${name}`, value]);
  expect(documented.map(([name, value]) => [name, value])).toEqual(
    [
      ['functionTimeout', host.functionTimeout],
      ['telemetryMode', host.telemetryMode],
      ['extensionBundle', host.extensionBundle.version],
      ...settings,
    ].map(([name, value]) => [`\`${name}\``, `\`${value}\``]),
  );
  expect(documented.filter(([, , reason]) => !reason)).toEqual([]);
});

test('the program counts with as many dispatches at once as the host gives it', () => {
  const { batchSize, newBatchThreshold } = host.extensions.queues;
  expect(slots).toBe(Number(batchSize) + Number(newBatchThreshold));
});
