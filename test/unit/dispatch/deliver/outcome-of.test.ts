import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { outcomeOf, type Attempt } from '../../../../src/dispatch/deliver/outcome-of.ts';
import { answered, instant, policy, secondsAfter } from '../dispatch-world.ts';

const now = Temporal.Instant.from(instant);
const retry: Attempt['verdict'] = {
  kind: 'retry',
  reason: 'webhook_fallo',
  detail: 'Respondió 500.',
  after: null,
};
const delivery = {
  id: 7,
  webhookId: 'id',
  person: '01',
  personName: 'Persona 01',
  destination: '+541',
  subject: null,
  text: 'Hola',
  rows: null,
};

function outcome(
  verdict: Attempt['verdict'],
  {
    attempts = 0,
    random = 0.5,
    retryDelaysSeconds = policy.retryDelaysSeconds,
  }: { attempts?: number; random?: number; retryDelaysSeconds?: readonly number[] } = {},
) {
  const answer = {
    ...answered(500),
    kind: 'answered',
    status: 500,
    body: 'no',
    retryAfter: null,
    ms: 12,
  } as const;
  const rule = {
    retryDelaysSeconds,
    random: () => random,
    zone: policy.time.timeZone,
  };
  return outcomeOf({ delivery: { ...delivery, attempts }, answer, verdict, startedAt: now, now }, rule);
}

test('an accepted delivery keeps its time in the wall time of the tenant', () => {
  const accepted = outcome({ kind: 'accepted', wamid: 'wamid.1' });
  expect(accepted).toMatchObject({
    state: 'ENVIADO',
    attempt: 1,
    wamid: 'wamid.1',
    nextAttempt: null,
    reason: null,
  });
  expect(accepted.sentAt?.toString()).toBe('2026-03-02T12:49:00');
});

test.each([
  [0, 30],
  [1, 120],
  [2, 600],
  [3, 1800],
  [4, 7200],
])('after %i attempts before it, it is tried again in %i s', (attempts, seconds) => {
  const { state, nextAttempt } = outcome(retry, { attempts });
  expect([state, nextAttempt?.toString()]).toEqual(['REINTENTO', secondsAfter(seconds)]);
});

test('retries are spread by a fifth of their delay', () => {
  expect(outcome(retry, { random: 0 }).nextAttempt?.toString()).toBe(secondsAfter(24));
  expect(outcome(retry, { random: 1 }).nextAttempt?.toString()).toBe(secondsAfter(36));
});

test('a receiver that names a time is asked again then', () => {
  const after = Temporal.Instant.from(secondsAfter(3600));
  expect(outcome({ ...retry, after }).nextAttempt?.toString()).toBe(after.toString());
});

test('not even a receiver that names a time is asked again after the last attempt', () => {
  const after = Temporal.Instant.from(secondsAfter(3600));
  expect(outcome({ ...retry, after }, { attempts: 5 })).toMatchObject({ state: 'ERROR', nextAttempt: null });
});

test.each([
  [[], 0, 'ERROR'],
  [[10], 0, 'REINTENTO'],
  [[10], 1, 'ERROR'],
])('with the delays %j and %i attempts before it, a failure is %s', (retryDelaysSeconds, attempts, state) => {
  expect(outcome(retry, { attempts, retryDelaysSeconds }).state).toBe(state);
});

test('every delay stays within a fifth of what is set', () => {
  for (const random of [0, 0.25, 0.5, 0.75, 0.999_999]) {
    for (const [attempts, seconds] of policy.retryDelaysSeconds.entries()) {
      const next = outcome(retry, { attempts, random }).nextAttempt?.epochMilliseconds ?? 0;
      const delay = (next - now.epochMilliseconds) / 1000;
      expect(delay).toBeGreaterThanOrEqual(seconds * 0.8);
      expect(delay).toBeLessThanOrEqual(seconds * 1.2);
    }
  }
});

test('the sixth failure is the last', () => {
  expect(outcome(retry, { attempts: 5 })).toMatchObject({
    state: 'ERROR',
    attempt: 6,
    nextAttempt: null,
    reason: 'webhook_fallo',
    detail: 'Respondió 500.',
    status: 500,
    answer: 'no',
    durationMs: 12,
  });
});

test('a refusal is final at once, and so is a body that cannot be written', () => {
  expect(outcome({ kind: 'rejected', reason: 'webhook_rechazo', detail: '410' }).state).toBe('RECHAZADO');
  expect(outcome({ kind: 'unsendable', reason: 'plantilla_invalida', detail: 'x' }).state).toBe('ERROR');
});
