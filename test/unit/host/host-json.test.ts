import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHostJson } from '../../../dev/host/host-json.ts';
import { applyLocalSettings, settingsFrom } from '../../../dev/host/settings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-settings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function given(content: unknown, environment: NodeJS.ProcessEnv = {}) {
  writeFileSync(join(folder, 'host.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return readHostJson(folder, environment);
}

describe('host.json', () => {
  test('has the defaults of func start', () => {
    expect(given({ version: '2.0' })).toEqual({
      routePrefix: 'api',
      functionTimeout: 1_800_000,
      queues: {
        maxPollingInterval: 2_000,
        visibilityTimeout: 0,
        batchSize: 16,
        newBatchThreshold: 8 * availableParallelism(),
        maxDequeueCount: 5,
        messageEncoding: 'base64',
      },
      logLevels: {},
    });
  });

  test('may hold a byte order mark, comments and last commas', () => {
    const text =
      '\uFEFF{ // why\n "version": "2.0", /* } */ "extensions": {"http": {"routePrefix": "a//b,]",},} // end\n}';
    expect(given(text).routePrefix).toBe('a//b,]');
  });

  test('is read whatever the case of its names', () => {
    const queues = { BatchSize: 32, messageEncoding: 'None', visibilityTimeout: '00:00:10' };
    const read = given({
      version: '2.0',
      functionTimeout: '-1',
      Extensions: { queues, http: { routePrefix: '' } },
    });
    expect(read).toMatchObject({
      routePrefix: '',
      functionTimeout: undefined,
      queues: { batchSize: 32, messageEncoding: 'none', visibilityTimeout: 10_000 },
    });
  });

  test('is overridden by the environment', () => {
    const environment = {
      AzureFunctionsJobHost__extensions__queues__batchSize: '3',
      AzureFunctionsJobHost__logging__logLevel__default: 'Warning',
    };
    expect(given({ version: '2.0' }, environment)).toMatchObject({
      queues: { batchSize: 3 },
      logLevels: { default: 'Warning' },
    });
  });

  test.each([
    [{ version: '1.0' }, '"version" must be "2.0", not "1.0"'],
    ['{', 'is not valid JSON'],
    [
      { version: '2.0', extensions: { queues: { batchSize: 33 } } },
      '"extensions.queues.batchSize" must be a number from 1 to 32, not 33',
    ],
    [
      { version: '2.0', extensions: { queues: { messageEncoding: 'utf8' } } },
      '"extensions.queues.messageEncoding" must be "base64" or "none", not "utf8"',
    ],
    [
      { version: '2.0', functionTimeout: 'long' },
      '"functionTimeout" must be a time span such as "00:00:02", not "long"',
    ],
  ])('refuses %j', (content, why) => expect(() => given(content)).toThrow(why));
});

describe('local.settings.json', () => {
  function applied(content: unknown, environment: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    writeFileSync(join(folder, 'local.settings.json'), JSON.stringify(content));
    applyLocalSettings(folder, environment);
    return environment;
  }

  test('fills the environment, which wins', () => {
    const environment = applied({ Values: { A: 'file', B: 'file', N: 1 } }, { A: 'mine' });
    expect(environment).toEqual({ A: 'mine', B: 'file', N: '1' });
  });

  test('that is encrypted is refused', () => {
    expect(() => applied({ IsEncrypted: true })).toThrow('is encrypted');
  });

  test('with a value that is no text is refused', () => {
    expect(() => applied({ Values: { A: {} } })).toThrow('the value of "A" must be a text');
  });
});

test('a setting is found whatever its case, and with __ for a colon', () => {
  const settings = settingsFrom({ azurewebjobsstorage: 'a', Mine__queueServiceUri: 'b' });
  expect([settings('AzureWebJobsStorage'), settings('Mine:queueServiceUri'), settings('Other')]).toEqual([
    'a',
    'b',
    undefined,
  ]);
});
