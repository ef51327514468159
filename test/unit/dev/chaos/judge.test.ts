import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import type { Arrival } from '../../../../dev/chaos/chaos-receiver.ts';
import { executionKey, type ExpectedExecution } from '../../../../dev/chaos/expected.ts';
import { judge } from '../../../../dev/chaos/judge.ts';
import type { Records } from '../../../../dev/chaos/records.ts';

const at = Temporal.Instant.from('2026-03-02T15:49:00Z');
const key = executionKey('A00001', at);
const expected: ExpectedExecution = {
  alert: 'A00001',
  at,
  name: 'A00001#0',
  fates: { P000: 'accepts', P001: 'refuses', P002: 'has no address' },
  fatal: false,
};

/** A request of the first life, at that many ms, that was answered 5 ms later. */
function request(person: string, ms: number, more: Partial<Arrival> = {}): Arrival {
  const answer = person === 'P000' ? 'accept' : 'refuse';
  const facts = { execution: key, person, webhookId: `id-${person}`, body: `{"to":"${person}"}` };
  return { ...facts, at: ms, life: 1, answer, answeredAt: ms + 5, ...more };
}

const requests = [request('P000', 0), request('P001', 0)];
const records: Records = {
  executions: [{ id: 1, key, state: 'PARCIAL', reason: 'entregas_fallidas', accepted: 1 }],
  deliveries: new Map([
    [
      1,
      [
        { person: 'P000', state: 'ENVIADO', webhookId: 'id-P000', gaveUpWaiting: false },
        { person: 'P001', state: 'RECHAZADO', webhookId: 'id-P001', gaveUpWaiting: false },
        { person: 'P002', state: 'SIN_CONTACTO', webhookId: 'id-P002', gaveUpWaiting: false },
      ],
    ],
  ]),
  faults: new Map([[1, 1]]),
};

function wrongs(arrivals: readonly Arrival[], kept: Partial<Records> = {}): string[] {
  return judge([expected], arrivals, { ...records, ...kept }).findings.map(({ wrong }) => wrong);
}

test('what came as expected and is on record is right', () => {
  expect(judge([expected], requests, records)).toEqual({
    executions: 1,
    expected: 2,
    received: 2,
    requests: 2,
    repeated: 0,
    findings: [],
  });
});

test('a delivery that never came is lost, and so is one that was never accepted', () => {
  expect(wrongs(requests.slice(1))).toEqual(['lost']);
  expect(wrongs(requests.slice(0, 1))).toEqual(['lost']);
  expect(wrongs([request('P000', 0, { answer: 'fail' }), request('P001', 0)])).toEqual(['lost']);
});

test('a repeat in a later life with the same webhook-id and bytes is counted and right', () => {
  const verdict = judge([expected], [...requests, request('P000', 9_000, { life: 2 })], records);
  expect(verdict).toMatchObject({ requests: 3, repeated: 1, findings: [] });
});

test('a repeat in the same life as its acceptance is wrong', () => {
  expect(wrongs([...requests, request('P000', 9_000)])).toEqual(['repeated without a kill']);
});

test('a repeat in the same life is right when the host is on record as not having had the answer', () => {
  const rows = (records.deliveries.get(1) ?? []).map((row) => ({ ...row, gaveUpWaiting: true }));
  expect(wrongs([...requests, request('P000', 9_000)], { deliveries: new Map([[1, rows]]) })).toEqual([]);
});

test('a repeat after an answer that the caller did not wait for is right', () => {
  const late = request('P000', 0, { answeredAt: null });
  expect(wrongs([late, request('P000', 9_000), request('P001', 0)])).toEqual([]);
});

test('a repeat with another webhook-id or other bytes is wrong, in whatever life', () => {
  const again = (more: Partial<Arrival>) =>
    wrongs([...requests, request('P000', 9_000, { life: 2, ...more })]);
  expect(again({ webhookId: 'another' })).toEqual(['repeated with another webhook-id']);
  expect(again({ body: '{}' })).toEqual(['repeated with other bytes']);
});

test('requests and executions that nobody expected are wrong', () => {
  expect(wrongs([...requests, request('P009', 0)])).toEqual(['not expected']);
  expect(wrongs([...requests, request('P002', 0)])).toEqual(['not expected']);
  const extra = {
    id: 2,
    key: executionKey('A00001', at.add({ seconds: 1 })),
    state: 'ENVIADA',
    reason: null,
    accepted: 1,
  };
  expect(wrongs(requests, { executions: [...records.executions, extra] })).toEqual(['not expected']);
});

test('two executions of one occurrence are wrong, and so is none', () => {
  const twice = records.executions.flatMap((one) => [one, { ...one, id: 2 }]);
  expect(wrongs(requests, { executions: twice })).toEqual(['executions of one occurrence']);
  expect(wrongs(requests, { executions: [] })).toContain('executions of one occurrence');
});

test('an execution that is open, counts other than what was accepted or has no report is wrong', () => {
  const but = (change: Partial<Records['executions'][number]>) =>
    wrongs(requests, { executions: records.executions.map((one) => ({ ...one, ...change })) });
  expect(but({ state: 'EN_PROCESO' })).toEqual(['final state']);
  expect(but({ accepted: 2 })).toEqual(['final state']);
  expect(wrongs(requests, { faults: new Map() })).toEqual(['reports']);
});

test('a delivery on record in another state than its fate is wrong', () => {
  const changed = (records.deliveries.get(1) ?? []).map((one) => ({ ...one, state: 'ENVIADO' }));
  expect(wrongs(requests, { deliveries: new Map([[1, changed]]) })).toEqual(['deliveries on record']);
});

test('the alert that kills the process must have ended as no_termina', () => {
  const fatal = { ...expected, fates: {}, fatal: true };
  const ended = (reason: string) =>
    judge([fatal], [], {
      executions: [{ id: 1, key, state: 'ERROR', reason, accepted: 0 }],
      deliveries: new Map(),
      faults: new Map([[1, 1]]),
    }).findings.map(({ wrong }) => wrong);
  expect(ended('no_termina')).toEqual([]);
  expect(ended('empresa_no_disponible')).toEqual(['final state']);
});
