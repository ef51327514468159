import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from '../../../src/version.ts';
import { manageWorld, type ManageWorld } from './manage-world.ts';

let world: ManageWorld;
beforeAll(async () => {
  world = await manageWorld('2026-03-02T10:00:00-03:00');
});
afterAll(() => world[Symbol.asyncDispose]());

test('GET openapi.json describes every call, its parameters and its problems', async () => {
  const { status, body } = await world.get('openapi.json');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    openapi: '3.1.0',
    paths: {
      '/api/manage/alerts/{code}/occurrences': {
        get: {
          operationId: 'listOccurrences',
          parameters: [
            { in: 'path', name: 'code', required: true },
            { in: 'query', name: 'from', schema: { type: 'string', format: 'date-time' } },
            { in: 'query', name: 'to' },
            { in: 'query', name: 'limit', schema: { minimum: 1, maximum: 1000, default: 100 } },
          ],
          responses: {
            200: {
              content: { 'application/json': { schema: { $ref: '#/components/schemas/OccurrenceList' } } },
            },
            default: { content: { 'application/problem+json': expect.anything() } },
          },
        },
      },
    },
  });
});

test('the document begins with keys, times, lists and who did it, and every act takes the name of who does it', async () => {
  const { body } = await world.get('openapi.json');
  const { info, paths } = body as {
    info: { description: string };
    paths: Record<string, Record<string, { operationId: string; parameters?: { name: string }[] }>>;
  };
  for (const word of ['manage-read', 'ISO 8601', '`cursor`', 'X-Operator', 'RFC 9457'])
    expect(info.description).toContain(word);
  const acts = Object.values(paths).flatMap(({ post, delete: remove }) =>
    [post, remove].flatMap((each) => each ?? []),
  );
  const without = acts.filter(({ parameters = [] }) => !parameters.some(({ name }) => name === 'x-operator'));
  expect(without.map(({ operationId }) => operationId)).toEqual(['previewAlert']);
});

test('GET docs is a page whose script is ours too', async () => {
  const page = await world.get('docs');
  expect(page).toMatchObject({ status: 200, type: expect.stringContaining('text/html') });
  expect(page.body).toContain("'/viewer.js?'");
  expect(page.body).toContain(`query.set('v', '${version}')`);
  expect(page.body).toContain('lang="en"');
  expect(page.body).not.toMatch(/https?:\/\//);
  const script = await world.get('docs/viewer.js');
  expect(script).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' });
  expect(script.body).toContain('openapi-explorer');
});
