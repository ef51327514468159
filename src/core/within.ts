import type { Clock } from './clock.ts';

/** What the work gives, or an error once it has taken that many seconds; it then goes on by itself. */
export async function within<Result>(
  seconds: number,
  work: Promise<Result>,
  clock: Pick<Clock, 'now' | 'waitUntil'>,
): Promise<Result> {
  const ended = new AbortController();
  const tooLong = clock.waitUntil(clock.now().add({ seconds }), ended.signal).then(() => {
    throw new Error(`No answer within ${seconds} s.`);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    ended.abort();
  }
}
