import { createRoute, z } from '@hono/zod-openapi';
import type { TimeSettings } from '../../domain/alert.ts';
import { ProblemList, problemTables } from '../contract/problems.ts';
import { limit, tenantCode, text } from '../contract/values.ts';
import type { ManageApi } from '../manage-api.ts';
import { requireNamed } from '../require-named.ts';
import { pageOf } from '../page.ts';
import { alertsUsing, concernsTenant } from '../problems/alerts-using.ts';
import { findProblems, problemKey } from '../problems/find-problems.ts';
import type { Judges } from '../problems/finding.ts';
import type { StoredConfiguration } from '../problems/stored-configuration.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';
import type { FindNamed } from './pause.ts';

export type ReadConfiguration = () => Promise<StoredConfiguration>;

export interface ProblemPorts {
  settings: TimeSettings;
  readConfiguration: ReadConfiguration;
  judges: Judges;
  findNamed: FindNamed;
}

/** Codes in one problem. */
const mostAlerts = 20;

const route = createRoute({
  method: 'get',
  path: '/problems',
  operationId: 'listProblems',
  tags: ['status'],
  summary: 'What stands wrong in the configuration',
  description:
    'Every row, and every setting that mails need, that cannot be read or cannot work: as whoever sends an alert reads it, and as runs have met it. No tenant’s database is asked.',
  request: {
    query: z.strictObject({
      table: z.enum(problemTables).optional(),
      tenant: tenantCode.optional().openapi({
        description: 'Rows that its alerts share with others, and settings, included.',
      }),
      cursor: text(500).optional().openapi({
        description: 'Where to go on: `next` of the page before.',
        example: 'CT_Alertas_Config/000001/cfgcan_Cod/configuracion_invalida',
      }),
      limit,
    }),
  },
  responses: { 200: jsonAnswer(ProblemList, 'A page of problems.'), ...problemAnswers },
});

export function listProblems(api: ManageApi, ports: ProblemPorts): void {
  const { settings, readConfiguration, judges, findNamed } = ports;
  api.openapi(route, async (context) => {
    const { table, tenant, cursor = '', limit: most } = context.req.valid('query');
    const configuration = await readConfiguration();
    const all = await findProblems(configuration, judges, settings);
    const usersOf = alertsUsing(configuration);
    const wanted = all.filter(
      (problem) =>
        (table === undefined || problem.table === table) &&
        (tenant === undefined || concernsTenant(problem, usersOf(problem), tenant)) &&
        (cursor === '' || problemKey(problem) > cursor),
    );
    const { items, next } = await pageOf(most, async (size) => wanted.slice(0, size), problemKey);
    // Settings are every tenant's, of one that is not there as well.
    if (items.every((problem) => problem.tenant === null)) await requireNamed({ tenant }, findNamed);
    const problems = items.map(({ since, ...problem }) => {
      const codes = usersOf(problem).map(({ code }) => code);
      const users = { alerts: codes.toSorted().slice(0, mostAlerts), alertCount: codes.length };
      return { ...problem, since: since?.toString() ?? null, ...users };
    });
    return context.json({ problems, next }, 200);
  });
}
