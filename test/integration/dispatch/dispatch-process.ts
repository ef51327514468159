import { dispatchAlert, type DispatchPorts } from '../../../src/dispatch/dispatch-alert.ts';
import { breakingProcess, type Breaker } from '../../support/breaking-process.ts';
import type { SqlWorld } from './sql-world.ts';

/** What reaches beyond the process: where a crash may lie. */
const steps = [
  'openExecution',
  'lookupRecipients',
  'runQuery',
  'loadStoredDeliveries',
  'storeDeliveries',
  'takeDeliveries',
  'deliverWebhook',
  'holdDeliveries',
  'recordOutcomes',
  'closeExecution',
  'storeWait',
  'endRounds',
  'moveExecution',
  'sendDispatch',
  'nudgeReports',
] as const satisfies readonly (keyof DispatchPorts)[];

const quick = ['newId', 'random', 'getSecret'] as const;

/** What a process knew when it let its message go. */
export interface LettingGo {
  /** The names that it has given itself. */
  ids: ReadonlySet<string>;
  /** How often which webhook-id was answered to it. */
  answered: ReadonlyMap<string, number>;
}

interface DispatchProcess extends LettingGo {
  end: Promise<'let go' | 'failed' | 'died'>;
  waitsFor(): number;
}

/** A process that is handed the message of the world's execution. */
export function startProcess(
  world: SqlWorld,
  given: {
    sendDispatch: DispatchPorts['sendDispatch'];
    breaker?: Breaker;
    posting?: (webhookId: string) => Promise<void>;
  },
): DispatchProcess {
  const { executionId } = world;
  const { newId, deliverWebhook } = world.ports;
  const { breaker = { steps: [], at: -1, how: 'throws before' }, sendDispatch, posting } = given;
  const ids = new Set<string>();
  const answered = new Map<string, number>();
  const process = breakingProcess<DispatchPorts>(
    {
      ...world.ports,
      sendDispatch,
      newId: () => {
        const id = newId();
        ids.add(id);
        return id;
      },
      deliverWebhook: async (call, signal) => {
        await posting?.(call.webhookId);
        return await deliverWebhook(call, signal);
      },
    },
    breaker,
    { steps, quick },
  );
  const ports: DispatchPorts = {
    ...process.ports,
    deliverWebhook: async (call, signal) => {
      const answer = await process.ports.deliverWebhook(call, signal);
      answered.set(call.webhookId, (answered.get(call.webhookId) ?? 0) + 1);
      return answer;
    },
  };
  const run = dispatchAlert(ports)({ executionId }).then(
    () => 'let go' as const,
    () => 'failed' as const,
  );
  return { end: Promise.race([run, process.died]), waitsFor: () => process.waitsFor(), ids, answered };
}
