import { cancelExecution } from '../adapters/mssql/cancel-execution.ts';
import { makeExecution, readChannel } from '../adapters/mssql/make-execution.ts';
import { markEnqueued } from '../adapters/mssql/mark-enqueued.ts';
import { retried } from '../adapters/mssql/retry-conflicts.ts';
import { resendExecution } from '../adapters/mssql/resend-execution.ts';
import type { DispatchQueue } from '../adapters/storage-queue/dispatch-queue.ts';
import { within } from '../core/within.ts';
import { chooseContact } from '../dispatch/prepare/choose-contact.ts';
import { isChannelCode } from '../domain/channel.ts';
import type { CancelPorts } from '../manage/routes/cancel-execution.ts';
import type { ResendPorts } from '../manage/routes/resend-execution.ts';
import type { ReadDestination, TestPorts } from '../manage/routes/test-alert.ts';
import { enqueueExecutions } from '../scan/enqueue-executions.ts';
import { country } from './build-dispatch.ts';
import type { Parts } from './parts.ts';

export interface ActSettings {
  leaseSeconds: number;
  prepareSeconds: number;
}

/** Seconds after which whoever asked is answered, whether the queue has heard of it or not: the sweep looks after it. */
const patience = 4;

/** What makes and ends executions by hand. */
export function buildActs(
  policy: ActSettings & { timeZone: string },
  {
    clock,
    log,
    db,
    queue,
  }: Pick<Parts, 'clock' | 'log' | 'db'> & { queue: Pick<DispatchQueue, 'sendDispatch'> },
): Omit<TestPorts & ResendPorts & CancelPorts, 'clock' | 'log' | 'trustsSignIn'> {
  const { sendDispatch } = queue;
  const enqueue = enqueueExecutions({ clock, log, policy, sendDispatch, markEnqueued: markEnqueued(db) });
  return {
    makeExecution: makeExecution(db, policy),
    resendExecution: resendExecution(db, policy),
    cancelExecution: cancelExecution(db, policy),
    enqueueExecutions: (executions) =>
      within(patience, enqueue(executions), clock).catch((cause: unknown) =>
        log.warn('execution.not_enqueued', {
          executionId: executions[0]?.executionId,
          error: String(cause),
        }),
      ),
    readChannel: retried(readChannel(db, country)),
    readDestination,
  };
}

/** As the only contact of a person would be read. */
const readDestination: ReadDestination = async (text, channel, tenantCountry) => {
  if (!isChannelCode(channel)) {
    const detail = `cfgcan_Cod «${channel}» is no channel: 0001 (WhatsApp), 0002 (e-mail) or 0003 (SMS).`;
    return { kind: 'misconfigured', detail };
  }
  const person = { code: '', name: '', contacts: [{ code: '', phone: text, mail: text }] };
  const choice = await chooseContact(person, channel, null, tenantCountry);
  return choice.kind === 'usable' ? { kind: 'destination', destination: choice.destination } : choice;
};
