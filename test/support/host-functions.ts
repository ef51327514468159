import type { RetryOptions } from '../../dev/host/app/worker-protocol.ts';
import type { HostFunction } from '../../dev/host/function-table.ts';
import type { Trigger } from '../../dev/host/trigger.ts';
import type { HostConsole } from '../../dev/host/host-console.ts';
import type { InvocationOutcome, Invoker, Occasion } from '../../dev/host/invoker.ts';

/** A function of the host's table, as if an app had registered it. */
export function aFunction<Kind extends Trigger>(
  name: string,
  trigger: Kind,
  retryOptions?: RetryOptions,
): HostFunction & { readonly trigger: Kind } {
  return {
    name,
    trigger,
    triggerName: 'trigger',
    registered: {
      metadata: { name, bindings: {}, retryOptions },
      callback: () => undefined,
      scriptFile: 'functions.js',
      directory: '/app',
    },
    inputs: [],
    outputs: [],
    disabled: false,
  };
}

export interface RecordingInvoker extends Invoker {
  readonly occasions: readonly Occasion[];
}

/** Notes what it was asked to run and answers with `outcome`, after whatever that waits for. */
export function recordingInvoker(
  outcome: (occasion: Occasion) => InvocationOutcome | Promise<InvocationOutcome> = () => succeeded,
): RecordingInvoker {
  const occasions: Occasion[] = [];
  return {
    occasions,
    async invoke(_target, occasion) {
      occasions.push(occasion);
      return outcome(occasion);
    },
    stop: () => undefined,
  };
}

export const succeeded: InvocationOutcome = { kind: 'succeeded', http: undefined };
export const failed: InvocationOutcome = { kind: 'failed', error: new Error('on purpose') };

export interface RecordingConsole extends HostConsole {
  readonly lines: readonly string[];
}

export function recordingConsole(): RecordingConsole {
  const lines: string[] = [];
  return { lines, log: (level, _category, message) => void lines.push(`${level}: ${message}`) };
}
