import { describe, expect, test } from 'vitest';
import { emptyRegistry } from '../../../dev/host/app/core-api.ts';
import type { BindingInfo } from '../../../dev/host/app/worker-protocol.ts';
import { indexFunctions, type FunctionTable } from '../../../dev/host/function-table.ts';
import { findRoute } from '../../../dev/host/http/function-route.ts';

interface Given {
  readonly name: string;
  readonly bindings: Readonly<Record<string, BindingInfo>>;
}

function index(functions: readonly Given[], settings: Record<string, string> = {}): FunctionTable {
  const registry = emptyRegistry();
  for (const metadata of functions) {
    registry.functions.set(metadata.name, {
      metadata,
      callback: () => undefined,
      scriptFile: '',
      directory: '',
    });
  }
  return indexFunctions(registry, { settings: (name) => settings[name], routePrefix: 'api', now: 0 });
}

function http(name: string, more: object = {}): Given {
  const trigger: BindingInfo = {
    type: 'httpTrigger',
    direction: 'in',
    authLevel: 'anonymous',
    methods: ['GET'],
    ...more,
  };
  return { name, bindings: { trigger, $return: { type: 'http', direction: 'out' } } };
}

function queue(name: string, more: object): Given {
  return {
    name,
    bindings: { trigger: { type: 'queueTrigger', direction: 'in', connection: 'Jobs', ...more } },
  };
}

function reasons(functions: readonly Given[], settings: Record<string, string> = {}): string[] {
  return index(functions, settings).inError.map(({ reason }) => reason);
}

describe('HTTP routes', () => {
  test('are tried in the order of the functions names, however general they are', () => {
    const table = index([http('bbb', { route: 'jobs/stats' }), http('aaa', { route: 'jobs/{id}' })]);
    expect(findRoute(table, 'GET', '/api/jobs/stats')).toMatchObject({
      target: { name: 'aaa' },
      params: { id: 'stats' },
    });
  });

  test('are tried in the order of capitals, digits and signs, not of a language', () => {
    const names = ['job_a', 'jobs', 'Job1', 'job-a'];
    const table = index(names.map((name) => http(name)));
    expect(table.functions.map(({ name }) => name)).toEqual(['job-a', 'Job1', 'jobs', 'job_a']);
  });

  test('belong to the first function by name when methods overlap', () => {
    const table = index([
      http('second', { route: 'Jobs', methods: ['GET', 'POST'] }),
      http('first', { route: 'jobs' }),
      http('third', { route: 'jobs', methods: ['POST'] }),
      http('zeroth', { route: 'jobs', methods: [] }),
    ]);
    expect(table.functions.map(({ name }) => name)).toEqual(['first', 'third']);
    expect(table.inError).toMatchObject([
      { name: 'second', reason: "The route specified conflicts with the route defined by function 'first'." },
      { name: 'zeroth' },
    ]);
  });

  test('may be shared by functions with different methods', () => {
    const table = index([
      http('a', { route: '{*path}' }),
      http('b', { route: '{*path}', methods: ['post'] }),
    ]);
    expect(findRoute(table, 'POST', '/api/x')?.target.name).toBe('b');
    expect(findRoute(table, 'HEAD', '/api/x')).toBeUndefined();
  });

  test('take every method when none is listed', () => {
    expect(findRoute(index([http('a', { methods: [] })]), 'PROPFIND', '/api/a')).toBeDefined();
  });

  test.each([['administer'], ['x', { route: '/runtime/x' }], ['x', { route: 'Admin' }]])(
    'that start like the built-in ones are refused: %s %j',
    (name, more?: object) => {
      expect(reasons([http(name, more)])).toEqual([
        'The specified route conflicts with one or more built in routes.',
      ]);
    },
  );
});

describe('a function is in error, and the others are not,', () => {
  test.each([
    ['for its name', http('1st'), "'1st' is not a valid function name."],
    ['for a name that is taken', http('Host'), "'Host' is not a valid function name."],
    ['for its schedule', timer('often'), "The schedule expression 'often' was not recognized"],
    ['for a missing setting', timer('%WHEN%'), "'%WHEN%' does not resolve to a value."],
    [
      'for a missing connection',
      queue('q', { queueName: 'jobs' }),
      "Storage account connection string 'AzureWebJobsJobs' does not exist.",
    ],
    [
      'for its queue name',
      queue('q', { queueName: 'no_queue', connection: '' }),
      "'no_queue' is not a valid queue name.",
    ],
    [
      'for a binding that this host does not know',
      { name: 'c', bindings: { trigger: { type: 'cosmosDBTrigger', direction: 'in' } } as const },
      "does not run bindings of type 'cosmosDBTrigger' (in)",
    ],
    ['for want of a trigger', { name: 'n', bindings: {} }, 'No trigger binding specified.'],
  ])('%s', (_why, given, reason) => {
    const table = index([given, http('fine')], { AzureWebJobsStorage: 'x' });
    expect(table.inError).toMatchObject([{ reason: expect.stringContaining(reason) as string }]);
    expect(table.functions.map(({ name }) => name)).toEqual(['fine']);
  });

  function timer(schedule: string): Given {
    return { name: 't', bindings: { trigger: { type: 'timerTrigger', direction: 'in', schedule } } };
  }
});

test.each([
  [{ AzureWebJobsJobs: 'first', Jobs: 'second' }, 'first'],
  [{ Jobs: 'second', 'ConnectionStrings:Jobs': 'third' }, 'second'],
  [{ 'ConnectionStrings:Jobs': 'third' }, 'third'],
])('a connection is looked up as the WebJobs SDK does: %j', (settings, connectionString) => {
  const [target] = index([queue('q', { queueName: '%NAME%' })], { ...settings, NAME: 'Jobs' }).functions;
  expect(target?.trigger).toMatchObject({
    queueName: 'jobs',
    connection: { kind: 'string', connectionString },
  });
});

test('a connection may be an address with an identity', () => {
  const settings = { 'Jobs:queueServiceUri': 'https://a.queue.core.windows.net' };
  const [target] = index([queue('q', { queueName: 'jobs' })], settings).functions;
  expect(target?.trigger).toMatchObject({
    connection: { kind: 'identity', queues: 'https://a.queue.core.windows.net' },
  });
});

test.each([['1'], ['TRUE']])('a function is disabled by its setting %s', (value) => {
  const table = index([http('off'), http('on')], { 'AzureWebJobs.off.Disabled': value });
  expect(table.functions.map(({ disabled }) => disabled)).toEqual([true, false]);
});
