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
    logging: z.object({ OpenTelemetry: z.object({ logLevel: z.record(z.string(), z.string()) }) }),
    singleton: z.record(z.string(), z.string()),
    extensionBundle: z.object({ version: z.string() }),
    extensions: z.object({ queues }),
  })
  .parse(JSON.parse(readFileSync('host.json', 'utf8')));

test('docs/host-settings.md has the reason of every setting of host.json', () => {
  const documented = rowsOfTable(readFileSync('docs/host-settings.md', 'utf8'), 'Setting');
  const levels = Object.entries(host.logging.OpenTelemetry.logLevel);
  const settings = Object.entries(host.extensions.queues).map(([name, value]) => [`queues.${name}`, value]);
  expect(documented.map(([name, value]) => [name, value])).toEqual(
    [
      ['functionTimeout', host.functionTimeout],
      ['telemetryMode', host.telemetryMode],
      ...levels.map(([category, level]) => [`logLevel.${category}`, level]),
      ...Object.entries(host.singleton).map(([name, value]) => [`singleton.${name}`, value]),
      ['extensionBundle', host.extensionBundle.version],
      ...settings,
    ].map(([name, value]) => [`\`${name}\``, `\`${value}\``]),
  );
  expect(documented.filter(([, , reason]) => !reason)).toEqual([]);
});

/** Its own filters, which let every level pass: a rule of ours counts only if its category is longer. */
const filtersOfTheHost = [
  'Azure.*',
  'Microsoft.Azure.WebJobs.*',
  'Function.*',
  'Host.Results',
  'Host.Aggregator',
];

test('every level of the telemetry outdoes the filter of the host that it is about, and none silences what the app says', () => {
  const categories = Object.keys(host.logging.OpenTelemetry.logLevel);
  const losers = categories.filter((category) => {
    const about = filtersOfTheHost.find((filter) => category.startsWith(filter.replace('*', '')));
    return about === undefined || category.length <= about.length;
  });
  expect(losers).toEqual([]);
  expect(categories.filter((category) => /^(Function|Host)\b/.test(category))).toEqual([]);
});

test('the program counts with as many dispatches at once as the host gives it', () => {
  const { batchSize, newBatchThreshold } = host.extensions.queues;
  expect(slots).toBe(Number(batchSize) + Number(newBatchThreshold));
});
