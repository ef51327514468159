import { createRoute, z } from '@hono/zod-openapi';
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { Pause, PauseList, PauseRequest, ResumeRequest } from '../contract/pauses.ts';
import type { ManageApi } from '../manage-api.ts';
import { operatorOf } from '../operator-of.ts';
import { Problem } from '../problem.ts';
import { jsonAnswer, jsonBody, problemAnswers } from './answers.ts';

interface About {
  tenant: string | null;
  alert: string | null;
  channel: string | null;
}

export interface Act {
  at: Temporal.Instant;
  who: string;
}

type Unknown = { kind: 'unknown'; what: 'tenant' | 'alert' | 'channel'; code: string };

/** Begins now. Stored with its audit entry, or not at all. */
export type BeginPause = (
  about: About,
  rest: { until: Temporal.Instant | null; why: string },
  act: Act,
) => Promise<{ kind: 'begun'; pause: z.output<typeof Pause> } | Unknown>;

/** Ends those in force that are about exactly this. Stored with its audit entry. */
export type EndPauses = (about: About, act: Act) => Promise<readonly z.output<typeof Pause>[]>;

export interface PausePorts {
  clock: Clock;
  trustsSignIn: boolean;
  beginPause: BeginPause;
  endPauses: EndPauses;
}

const pause = createRoute({
  method: 'post',
  path: '/pause',
  operationId: 'pause',
  tags: ['pauses'],
  summary: 'Hold back everything, a tenant, a channel or an alert',
  description: 'What falls into a pause ends as OMITIDA with the reason `pausa`, and is not made up for.',
  request: { query: z.strictObject({}), body: jsonBody(PauseRequest) },
  responses: { 201: jsonAnswer(Pause, 'The pause, in force from now.'), ...problemAnswers },
});

const resume = createRoute({
  method: 'post',
  path: '/resume',
  operationId: 'resume',
  tags: ['pauses'],
  summary: 'End pauses',
  description:
    'Ends the pauses in force that are about exactly what is named; `everything` those of everything.',
  request: { query: z.strictObject({}), body: jsonBody(ResumeRequest) },
  responses: { 200: jsonAnswer(PauseList, 'What was ended.'), ...problemAnswers },
});

export function pauseAndResume(
  api: ManageApi,
  { clock, trustsSignIn, beginPause, endPauses }: PausePorts,
): void {
  const actOf = (headers: Headers): Act => ({ at: clock.now(), who: operatorOf(headers, trustsSignIn) });
  api.openapi(pause, async (context) => {
    const { until = null, why, ...about } = context.req.valid('json');
    const act = actOf(context.req.raw.headers);
    if (until !== null && until.epochMilliseconds <= act.at.epochMilliseconds)
      throw new Problem('invalid_request', 'body.until must lie in the future.', [
        { at: 'body.until', message: 'must lie in the future' },
      ]);
    const begun = await beginPause(whole(about), { until, why }, act);
    if (begun.kind === 'unknown') throw unknown(begun);
    return context.json(begun.pause, 201);
  });
  api.openapi(resume, async (context) => {
    const about = context.req.valid('json');
    const pauses = await endPauses(whole(about), actOf(context.req.raw.headers));
    return context.json({ pauses: [...pauses] }, 200);
  });
}

function whole({ tenant, alert, channel }: Partial<Record<keyof About, string | undefined>>): About {
  return { tenant: tenant ?? null, alert: alert ?? null, channel: channel ?? null };
}

function unknown({ what, code }: Unknown): Problem {
  const tables = { tenant: 'CT_Empresas', alert: 'CT_Alertas_Config', channel: 'CT_Alertas_Canales' };
  return new Problem(`unknown_${what}`, `${tables[what]} has no row ${code}.`);
}
