import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import type { ExecutionOrigin } from '../../../src/domain/execution.ts';
import { judgeOpening } from '../../../src/dispatch/judge-opening.ts';
import type { OpenedExecution } from '../../../src/dispatch/open-execution.ts';
import { daily } from '../../support/alert-rows.ts';
import { aDispatch, instant, policy, secondsAfter } from './dispatch-world.ts';

const tally = {
  total: 2,
  open: 2,
  accepted: 0,
  rejected: 0,
  failed: 0,
  withoutContact: 0,
  duplicated: 0,
  nextAttempt: null,
};

function opened(changes: Partial<OpenedExecution> = {}): OpenedExecution {
  return {
    ...aDispatch().store.configuration,
    id: 1,
    owner: 'me',
    instant: Temporal.Instant.from(instant),
    rounds: 0,
    prepared: false,
    payload: null,
    tally: { ...tally, total: 0, open: 0 },
    everTaken: false,
    ...changes,
  };
}

function withCatchUp(catchUpMinutes: number | null, origin: ExecutionOrigin = 'AGENDA'): OpenedExecution {
  const { alert } = aDispatch().store.configuration;
  if (alert === null) return expect.unreachable();
  return opened({ origin, alert: { ...alert, row: daily('12:49:00', { catchUpMinutes }) } });
}

const at = (seconds: number) => Temporal.Instant.from(secondsAfter(seconds));
const judge = (execution: OpenedExecution, seconds: number) => judgeOpening(execution, at(seconds), policy);

describe('an execution of which nothing was delivered may open', () => {
  const limits: [string, OpenedExecution, number][] = [
    ['within ALERTS_CATCH_UP_MINUTES', withCatchUp(null), 30],
    ['within its own cfg_RecuperacionMin', withCatchUp(90), 90],
    ['within a shorter cfg_RecuperacionMin', withCatchUp(5), 5],
    ['within the window, when cfg_RecuperacionMin is less', withCatchUp(0), 2],
    ['when it was asked for by hand, counted from the request', withCatchUp(null, 'MANUAL'), 30],
    ['when it is a repetition, counted from the request', withCatchUp(10, 'REENVIO'), 10],
    ['when it is a trial, counted from the request', withCatchUp(10, 'PRUEBA'), 10],
  ];

  test.each(limits)('%s, and not a second later', (_when, execution, minutes) => {
    expect(judge(execution, 60 * minutes)).toEqual({ kind: 'go' });
    expect(judge(execution, 60 * minutes + 1)).toMatchObject({
      kind: 'end',
      ending: { kind: 'close', state: 'PERDIDA', reason: 'abierta_tarde' },
    });
  });

  test('also when it was prepared and never taken', () => {
    const prepared = opened({ prepared: true, tally });
    expect(judge(prepared, 1800)).toEqual({ kind: 'go' });
    expect(judge(prepared, 1801)).toMatchObject({ ending: { state: 'PERDIDA' } });
  });
});

test('an execution of which a delivery was taken opens however late it is', () => {
  expect(judge(opened({ prepared: true, everTaken: true, tally }), 100_000)).toEqual({ kind: 'go' });
});

test('the eleventh opening is the last, unless everything is done', () => {
  const ten = { prepared: true, everTaken: true, rounds: 10 };
  expect(judge(opened({ ...ten, rounds: 9, tally }), 60)).toEqual({ kind: 'go' });
  expect(judge(opened({ ...ten, tally }), 60)).toMatchObject({
    ending: { kind: 'close', state: 'ERROR', reason: 'no_termina' },
  });
  const done = { ...tally, open: 0, accepted: 2 };
  expect(judge(opened({ ...ten, tally: done }), 60)).toMatchObject({
    ending: { kind: 'close', state: 'ENVIADA', reason: null },
  });
});

test('what is prepared is not asked about edits, pauses or its company any more', () => {
  const { tenant } = aDispatch().store.configuration;
  const gone = { alert: null, paused: true, tenant: tenant && { ...tenant, active: false } };
  expect(judge(opened({ ...gone, prepared: true, tally }), 60)).toEqual({ kind: 'go' });
});
