import { createRoute, z } from '@hono/zod-openapi';
import { actOf, logAct, type Act, type ActPorts } from '../act.ts';
import { Fault, faultId } from '../contract/faults.ts';
import { operatorHeader } from '../contract/acts.ts';
import type { ManageApi } from '../manage-api.ts';
import { noRow } from '../no-row.ts';
import { Problem } from '../problem.ts';
import { jsonAnswer, problemAnswers } from './answers.ts';
import type { FindFaults } from './list-faults.ts';

/** Has a fault wait for a mail again, whatever became of it. False: there is no such fault. */
export type RetryFault = (id: number, act: Act) => Promise<boolean>;

export interface RetryFaultPorts extends ActPorts {
  findFaults: FindFaults;
  retryFault: RetryFault;
  /** Wakes the mailer. */
  nudgeReports: () => Promise<void>;
  /** Settings for want of which no mail can go out. */
  lackingForMail: readonly string[];
}

const route = createRoute({
  method: 'post',
  path: '/faults/{id}/retry',
  operationId: 'retryFault',
  tags: ['faults'],
  summary: 'Mail the report of a fault now, or again',
  description:
    'Also one that was reported, or discarded. The mail tells whatever waits of the same tenant and reason.',
  request: { params: z.strictObject({ id: faultId }), query: z.strictObject({}), headers: operatorHeader },
  responses: { 202: jsonAnswer(Fault, 'The fault, which waits for its mail.'), ...problemAnswers },
});

export function retryFault(api: ManageApi, ports: RetryFaultPorts): void {
  const { log, findFaults, nudgeReports, lackingForMail } = ports;
  api.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    if (lackingForMail.length > 0)
      throw new Problem(
        'mail_off',
        `No mail can go out for want of ${lackingForMail.join(', ')}: GET problems says what to do.`,
      );
    const act = actOf(context.req.raw.headers, { act: 'fault.retry', on: `fault ${id}` }, ports);
    if (!(await ports.retryFault(id, act))) throw noRow('fault', id);
    logAct(act, log);
    // A nudge that is lost costs nothing but time: the scan sends another.
    await nudgeReports().catch((cause: unknown) => log.warn('report.nudge-failed', { error: String(cause) }));
    return context.json(await knownFault(id, findFaults), 202);
  });
}

/** Throws unknown_fault. */
export async function knownFault(id: number, findFaults: FindFaults): Promise<z.output<typeof Fault>> {
  const [fault] = await findFaults({ id, limit: 1 });
  if (fault === undefined) throw noRow('fault', id);
  return fault;
}
