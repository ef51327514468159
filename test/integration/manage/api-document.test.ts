import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiClient, type ApiClient } from './api-client.ts';
import { apiDocumentOf, operationsOf, type ApiDocument, type JsonSchema } from './api-document.ts';
import { manageWorld, type ManageWorld } from './manage-world.ts';
import { rightText } from './right-request.ts';
import { seedEverything } from './seed-everything.ts';

let world: ManageWorld;
let served: Record<string, unknown>;
let document: ApiDocument;
let client: ApiClient;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T13:00:00Z', {
    environment: { SMTP_SERVER: '127.0.0.1', SMTP_FROM: 'vigia@example.com' },
  });
  await seedEverything(world.db);
  served = (await world.get('openapi.json')).body as Record<string, unknown>;
  document = apiDocumentOf(served);
  client = apiClient(served, (path, init) => world.send(path.replace('/api/', ''), init));
});
afterAll(() => world[Symbol.asyncDispose]());

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(served)).toEqual({ valid: true });
  });

  test('names every operation once, with a key and a problem that it may answer', () => {
    const operations = operationsOf(document);
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(document.security).toEqual([{ key: [] }]);
    for (const { operationId, responses } of operations) {
      const problem = responses['default']?.content?.['application/problem+json']?.schema;
      expect([operationId, problem]).toEqual([operationId, { $ref: '#/components/schemas/Problem' }]);
      const success = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      expect([operationId, success.length > 0]).toEqual([operationId, true]);
      for (const [, { content }] of success) expect(content?.['application/json']?.schema).toBeDefined();
    }
  });

  test('describes the parameters that stand in each path, and shows what each parameter may look like', () => {
    const unclear = operationsOf(document).flatMap(({ operationId, path, parameters }) => {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      const missing = inPath.filter((name) => !described.includes(name ?? ''));
      const obscure = parameters.filter(({ schema }) => !isShown(schema)).map(({ name }) => name);
      return [...missing, ...obscure].map((name) => `${operationId}: ${name}`);
    });
    expect(unclear).toEqual([]);
  });

  test('holds to itself in its examples', () => {
    const wrong = [...examplesIn(served, '')].flatMap(({ pointer, example }) => {
      const fault = client.wrongAt(pointer, example);
      return fault === null ? [] : [`${pointer}: ${JSON.stringify(example)} ${fault}`];
    });
    expect(wrong).toEqual([]);
  });

  test('keeps null out of schemas that others share', () => {
    const nullable = Object.entries(document.components.schemas).filter(([, { type }]) =>
      Array.isArray(type),
    );
    expect(nullable.map(([name]) => name)).toEqual([]);
  });
});

describe('a client made from the document alone', () => {
  test('gets from every GET what the document says', async () => {
    for (const { operationId, parameters } of operationsOf(document).filter(
      ({ method }) => method === 'GET',
    )) {
      const given = { path: {}, query: {} };
      for (const { name, schema, required, ...each } of parameters)
        if (required)
          Object.assign(each.in === 'path' ? given.path : given.query, { [name]: exampleAt(name, schema) });
      expect([operationId, (await client.call(operationId, given)).status]).toEqual([operationId, 200]);
    }
  });

  test('goes through a list to its end', async () => {
    const ids: unknown[] = [];
    let query: Record<string, string | number> = { limit: 1 };
    for (;;) {
      const { body } = await client.call('listExecutions', { query });
      const { executions, next } = body as { executions: { id: number }[]; next: string | null };
      ids.push(...executions.map(({ id }) => id));
      if (next === null) break;
      query = { limit: 1, cursor: next };
    }
    expect(ids).toEqual([3, 2, 1]);
  });

  test.each([
    ['showAlert', { code: 'NADIE' }, 404],
    ['listOccurrences', { code: '000002' }, 409],
    ['showExecution', { id: 99 }, 404],
  ])('is told by %s what is wrong', async (operationId, path, status) => {
    expect(await client.call(operationId, { path })).toMatchObject({ status, body: { status } });
  });

  test('acts, and gets from every act what the document says', async () => {
    const alert = { code: '000001' };
    const headers = { 'idempotency-key': 'una-vez' };
    const acts: [string, Parameters<ApiClient['call']>[1], number][] = [
      ['pause', { body: { alert: '000004', why: 'mudanza' } }, 201],
      ['resume', { body: { tenant: 'E01' } }, 200],
      ['previewAlert', { path: alert, body: {} }, 200],
      ['scan', { body: { dryRun: true } }, 200],
      ['runAlert', { path: alert, body: {} }, 409],
      ['cancelExecution', { path: { id: 2 }, body: { why: 'de más' } }, 200],
      ['runAlert', { path: alert, headers, body: {} }, 201],
      ['runAlert', { path: alert, headers, body: {} }, 200],
      ['cancelExecution', { path: { id: 4 } }, 200],
      ['testAlert', { path: alert, body: { destination: '+5491123456789' } }, 201],
      ['resendExecution', { path: { id: 1 }, body: {} }, 201],
      ['checkTenant', { path: { code: 'E01' }, body: {} }, 200],
      ['retryFault', { path: { id: 1 } }, 202],
      ['discardFault', { path: { id: 1 }, query: { why: 'arreglado' } }, 200],
      ['scan', { body: { dryRun: false } }, 200],
    ];
    for (const [operationId, given, status] of acts) {
      const answer = await client.call(operationId, given);
      expect({ operationId, ...answer }).toMatchObject({ operationId, status });
    }
    const known = operationsOf(document).filter(({ method }) => method !== 'GET');
    const called = new Set(acts.map(([operationId]) => operationId));
    expect(known.map(({ operationId }) => operationId).filter((name) => !called.has(name))).toEqual([]);
  });
});

function exampleAt(name: string, schema: JsonSchema): string | number {
  return name === 'id' ? 1 : rightText(schema);
}

function isShown({ example, default: standard, enum: values, type }: JsonSchema): boolean {
  return example !== undefined || standard !== undefined || values !== undefined || type === 'boolean';
}

/** Every example beside a type or a `$ref`, with the JSON pointer of its schema. */
function* examplesIn(value: unknown, pointer: string): Generator<{ pointer: string; example: unknown }> {
  if (typeof value !== 'object' || value === null) return;
  if ('example' in value && ('type' in value || '$ref' in value)) yield { pointer, example: value.example };
  for (const [name, below] of Object.entries(value))
    if (name !== 'example')
      yield* examplesIn(below, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}
