import { createRoute, z } from '@hono/zod-openapi';
import { Audit } from '../contract/audit.ts';
import { limit, longCursor } from '../contract/values.ts';
import type { ManageApi } from '../manage-api.ts';
import { pageOf } from '../page.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';

/** Newest first; only ids below. */
export type ReadAudit = (page: {
  below: number | undefined;
  limit: number;
}) => Promise<z.output<typeof Audit>['entries']>;

const route = createRoute({
  method: 'get',
  path: '/audit',
  operationId: 'listAudit',
  tags: ['audit'],
  summary: 'What operators did, newest first',
  request: { query: z.strictObject({ cursor: longCursor.optional(), limit }) },
  responses: { 200: jsonAnswer(Audit, 'A page of entries.'), ...problemAnswers },
});

export function listAudit(api: ManageApi, { readAudit }: { readAudit: ReadAudit }): void {
  api.openapi(route, async (context) => {
    const { limit: most, cursor: below } = context.req.valid('query');
    const read = (size: number) => readAudit({ below, limit: size });
    const { items: entries, next } = await pageOf(most, read, ({ id }) => id);
    return context.json({ entries, next }, 200);
  });
}
