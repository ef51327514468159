import { createRoute, z } from '@hono/zod-openapi';
import type { Clock } from '../../core/clock.ts';
import { inSpanish } from '../../domain/reason-in-spanish.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Tenant } from '../../domain/tenant.ts';
import { actOf, logAct, type ActPorts } from '../act.ts';
import { CheckRequest, TenantCheck } from '../contract/tenant-check.ts';
import { tenantCode } from '../contract/values.ts';
import { operatorHeader } from '../contract/acts.ts';
import type { ManageApi } from '../manage-api.ts';
import { noRow } from '../no-row.ts';
import { refuseOtherBodies } from '../refuse-other-bodies.ts';
import { jsonAnswer, optionalJsonBody, problemAnswers } from './answers.ts';
import type { RecordAct } from './scan.ts';

type Answer = z.output<typeof TenantCheck>;

/** Whom to look up; null = nobody is known. */
export interface Sample {
  person: string | null;
  profile: string | null;
}

/** With somebody whom its alerts are for; null = there is no such tenant. */
export type ReadTenantToCheck = (code: string) => Promise<{ tenant: Tenant; sample: Sample } | null>;

/** `detail` is a sentence in Spanish without any value of the connection. */
export interface FoundProblem extends Pick<
  Answer['problems'][number],
  'step' | 'blocks' | 'passes' | 'detail'
> {
  reason: Reason;
  /** In Spanish; undefined = what the reason tells. */
  advice?: string;
}

/**
 * Opens a connection of its own to the tenant's database, looks at it and runs the look-ups, as far as it gets. Reads
 * alone. What the signal ends is a problem like any other; `seconds` is its limit.
 */
export type CheckDatabase = (
  tenant: Tenant,
  sample: Sample,
  limit: { seconds: number; signal: AbortSignal },
) => Promise<
  Pick<Answer, 'loginMs' | 'server' | 'tls' | 'rights' | 'person' | 'profile'> & {
    problems: readonly FoundProblem[];
  }
>;

export interface CheckPorts extends ActPorts {
  readTenantToCheck: ReadTenantToCheck;
  checkDatabase: CheckDatabase;
  recordAct: RecordAct;
}

/** For everything together: what takes longer than that is no use to an alert either. */
const limitSeconds = 30;

const inactive: FoundProblem = {
  step: 'tenant',
  reason: 'empresa_inactiva',
  blocks: true,
  passes: false,
  detail: 'La empresa está inactiva (emp_Activo en 0).',
};

const route = createRoute({
  method: 'post',
  path: '/tenants/{code}/check',
  operationId: 'checkTenant',
  tags: ['tenants'],
  middleware: refuseOtherBodies,
  summary: 'Try a tenant’s database',
  description:
    'Connects anew, measures, runs the look-ups on one person and one profile, and reads what the login may do. Whatever is wrong is a part of the answer, with the reason that a dispatch would give.',
  request: {
    params: z.strictObject({ code: tenantCode }),
    query: z.strictObject({}),
    headers: operatorHeader,
    body: optionalJsonBody(CheckRequest),
  },
  responses: { 200: jsonAnswer(TenantCheck, 'What was found.'), ...problemAnswers },
});

export function checkTenant(api: ManageApi, ports: CheckPorts): void {
  const { clock, log, readTenantToCheck, checkDatabase, recordAct } = ports;
  api.openapi(route, async (context) => {
    const { code } = context.req.valid('param');
    const { person, profile } = context.req.valid('json');
    const found = await readTenantToCheck(code);
    if (found === null) throw noRow('tenant', code);
    const { tenant, sample } = found;
    const what = { act: 'tenant.check', on: `tenant ${tenant.code}` };
    const act = actOf(context.req.raw.headers, what, ports);
    const looked = { person: person ?? sample.person, profile: profile ?? sample.profile };
    const { problems: met, ...facts } = await withinLimit(clock, (signal) =>
      checkDatabase(tenant, looked, { seconds: limitSeconds, signal }),
    );
    const problems = [...(tenant.active ? [] : [inactive]), ...met];
    const ok = problems.every(({ blocks }) => !blocks);
    await recordAct({ ...act, detail: { ok, reasons: problems.map(({ reason }) => reason) } });
    logAct(act, log);
    const { code: stored, name, active } = tenant;
    const shown = problems.map((problem) => ({
      ...problem,
      advice: problem.advice ?? inSpanish[problem.reason].advice,
    }));
    const at = act.at.toString();
    return context.json({ tenant: stored, name, active, at, ok, ...facts, problems: shown }, 200);
  });
}

async function withinLimit<T>(clock: Clock, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  const until = clock.now().add({ seconds: limitSeconds });
  const watching = clock.waitUntil(until, done.signal).then(
    () => limit.abort(),
    () => undefined,
  );
  try {
    return await work(limit.signal);
  } finally {
    done.abort();
    await watching;
  }
}
