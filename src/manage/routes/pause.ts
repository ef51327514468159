import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import { actOf, logAct, type Act, type ActPorts } from '../act.ts';
import { operatorHeader } from '../contract/acts.ts';
import { Pause, PauseRequest, Resumed, ResumeRequest } from '../contract/pauses.ts';
import { concerns, type ReadPauses } from '../held-back.ts';
import type { ManageApi } from '../manage-api.ts';
import { noRow } from '../no-row.ts';
import { invalidRequest } from '../refuse-invalid.ts';
import { jsonAnswer, jsonBody, problemAnswers } from './answers.ts';

interface About {
  tenant: string | null;
  alert: string | null;
  channel: string | null;
}

/** What stands in the tables under these codes, written as there; null = not asked for, or no such row. */
export type FindNamed = (about: About) => Promise<
  About & {
    /** Whether the alert is one of that tenant, and goes out by that channel. */
    tenantFits: boolean;
    channelFits: boolean;
    /** What the alert is sent as. */
    alertTenant: string | null;
    alertChannel: string | null;
  }
>;

/** Begins now. */
export type BeginPause = (
  about: About,
  rest: { until: Temporal.Instant | null; why: string },
  act: Act,
) => Promise<z.output<typeof Pause>>;

/** Ends those in force that are about exactly this. None: nothing is recorded. */
export type EndPauses = (about: About, act: Act) => Promise<readonly z.output<typeof Pause>[]>;

export interface PausePorts extends ActPorts {
  findNamed: FindNamed;
  beginPause: BeginPause;
  endPauses: EndPauses;
  readPauses: ReadPauses;
}

const pause = createRoute({
  method: 'post',
  path: '/pause',
  operationId: 'pause',
  tags: ['pauses'],
  summary: 'Hold back everything, a tenant, a channel or an alert',
  description: 'What falls into a pause ends as OMITIDA with the reason `pausa`, and is not made up for.',
  request: { query: z.strictObject({}), headers: operatorHeader, body: jsonBody(PauseRequest) },
  responses: { 201: jsonAnswer(Pause, 'The pause, in force from now.'), ...problemAnswers },
});

const resume = createRoute({
  method: 'post',
  path: '/resume',
  operationId: 'resume',
  tags: ['pauses'],
  summary: 'End pauses',
  description:
    'Ends the pauses in force that are about exactly what is named; `everything` those of everything. What still holds it back, such as the pause of its tenant, is named.',
  request: { query: z.strictObject({}), headers: operatorHeader, body: jsonBody(ResumeRequest) },
  responses: { 200: jsonAnswer(Resumed, 'What was ended, and what was not.'), ...problemAnswers },
});

export function pauseAndResume(api: ManageApi, ports: PausePorts): void {
  const { log, findNamed, beginPause, endPauses, readPauses } = ports;
  api.openapi(pause, async (context) => {
    const { until = null, why, ...given } = context.req.valid('json');
    const about = await aboutOf(whole(given), findNamed);
    const detail = { why, until: until?.toString() ?? null };
    const act = actOf(context.req.raw.headers, { act: 'pause', on: inWords(about), detail }, ports);
    if (until !== null && until.epochMilliseconds <= act.at.epochMilliseconds)
      throw invalidRequest([{ at: 'body.until', message: 'must lie in the future' }]);
    const begun = await beginPause(about, { until, why }, act);
    logAct(act, log);
    return context.json(begun, 201);
  });
  api.openapi(resume, async (context) => {
    const given = whole(context.req.valid('json'));
    const named = await findNamed(given);
    const on = inWords(whole(given, named));
    const act = actOf(context.req.raw.headers, { act: 'resume', on }, ports);
    const pauses = await endPauses(given, act);
    if (pauses.length === 0) refuseUnknown(given, named);
    else logAct(act, log);
    const inForce = await readPauses({ from: act.at, upTo: act.at });
    const sent = {
      code: named.alert ?? given.alert ?? '',
      tenant: given.tenant ?? named.alertTenant,
      channel: given.channel ?? named.alertChannel,
    };
    const stillInForce = inForce.filter((each) => concerns(each, sent));
    return context.json({ pauses: [...pauses], stillInForce }, 200);
  });
}

/** The codes as their tables have them. Throws what keeps a pause of them from ever holding anything back. */
async function aboutOf(given: About, findNamed: FindNamed): Promise<About> {
  const { tenantFits, channelFits, tenant, alert, channel } = await findNamed(given);
  const named = { tenant, alert, channel };
  refuseUnknown(given, named);
  const wrong = [
    ...(alert !== null && tenant !== null && !tenantFits
      ? [{ at: 'body.tenant', message: `is not the tenant of the alert ${alert}; leave it out` }]
      : []),
    ...(alert !== null && channel !== null && !channelFits
      ? [{ at: 'body.channel', message: `is not the channel of the alert ${alert}; leave it out` }]
      : []),
  ];
  if (wrong.length > 0) throw invalidRequest(wrong);
  return named;
}

const names = ['tenant', 'alert', 'channel'] as const;

function refuseUnknown(given: About, named: About): void {
  for (const name of names) {
    const code = given[name];
    if (code !== null && named[name] === null) throw noRow(name, code);
  }
}

/** The first code that is there of each. */
function whole(given: Partial<Record<keyof About, string | null | undefined>>, named?: About): About {
  const codeOf = (name: keyof About) => named?.[name] ?? given[name] ?? null;
  return { tenant: codeOf('tenant'), alert: codeOf('alert'), channel: codeOf('channel') };
}

function inWords(about: About): string {
  const parts = names.flatMap((name) => (about[name] === null ? [] : [`${name} ${about[name]}`]));
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
