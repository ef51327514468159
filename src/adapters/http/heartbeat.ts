import { Agent, request } from 'undici';
import type { Logger } from '../../core/logger.ts';

export interface Heartbeat {
  /** Calls once, unless the last call is still under way. Waits for nothing and never fails. */
  beat(): void;
  /** Ends a call under way. */
  close(): Promise<void>;
}

const timeLimitMs = 10_000;

/**
 * GET to a monitor that notices when the calls stop. Any 2xx will do, redirects are not followed. Of failures in a row the
 * first is logged, without the address: whoever knows it can call too.
 */
export function heartbeat(url: string, log: Logger, timeoutMs = timeLimitMs): Heartbeat {
  const dispatcher = new Agent({ connections: 1 });
  let underWay: Promise<void> | undefined;
  let isFailing = false;
  let isClosed = false;

  async function call(): Promise<void> {
    const why = await failureOf(url, dispatcher, timeoutMs);
    if (isClosed) return;
    if (why !== null && !isFailing) log.warn('heartbeat.failed', { why });
    if (why === null && isFailing) log.info('heartbeat.recovered');
    isFailing = why !== null;
  }

  return {
    beat() {
      underWay ??= call().finally(() => {
        underWay = undefined;
      });
    },
    async close() {
      isClosed = true;
      await dispatcher.destroy();
      await underWay;
    },
  };
}

/** null: it was taken. */
async function failureOf(url: string, dispatcher: Agent, timeoutMs: number): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { statusCode, body } = await request(url, { dispatcher, signal });
    await body.dump();
    return statusCode >= 200 && statusCode < 300 ? null : `status ${statusCode}`;
  } catch (error) {
    const { name, code } = error as NodeJS.ErrnoException;
    return code === undefined || typeof code !== 'string' ? name : code;
  }
}
