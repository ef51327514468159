import { expect, test } from 'vitest';
import { noRows, type RunQuery } from '../../../../src/dispatch/prepare/run-query.ts';
import { aDispatch } from '../dispatch-world.ts';

/** Rows for everybody but the second person. */
const rowsForSome: RunQuery = async (_tenant, _query, { persona }) =>
  persona === '02'
    ? { kind: 'answer', value: noRows }
    : { kind: 'answer', value: { columns: [{ name: 'saldo' }], rows: [{ saldo: 10 }], truncated: false } };

const query = { code: 'Q1', sql: 'SELECT @persona', parameters: null, timeoutSeconds: null };

function delivered(world: ReturnType<typeof aDispatch>): string[] {
  return world.store.deliveries.map(({ person }) => person);
}

test('with qry_OmitirSiVacio only those with rows get anything, and the execution is sent', async () => {
  const world = aDispatch({
    configuration: { query: { ...query, omitIfEmpty: true } },
    ports: { runQuery: rowsForSome },
  });
  await world.dispatch();
  expect(delivered(world)).toEqual(['01', '03']);
  expect(world.calls).toHaveLength(2);
  expect(world.store.execution.state).toBe('ENVIADA');
});

test('without it everybody gets theirs, rows or not', async () => {
  const world = aDispatch({
    configuration: { query: { ...query, omitIfEmpty: false } },
    ports: { runQuery: rowsForSome },
  });
  await world.dispatch();
  expect(delivered(world)).toEqual(['01', '02', '03']);
  expect(world.calls).toHaveLength(3);
});

test('of one query for all, no rows mean that nobody gets anything only where that is asked for', async () => {
  const runQuery: RunQuery = async () => ({ kind: 'answer', value: noRows });
  const shared = { ...query, sql: 'SELECT 1' };
  const omitted = aDispatch({
    configuration: { query: { ...shared, omitIfEmpty: true } },
    ports: { runQuery },
  });
  const sent = aDispatch({
    configuration: { query: { ...shared, omitIfEmpty: false } },
    ports: { runQuery },
  });
  await omitted.dispatch();
  await sent.dispatch();
  expect([omitted.calls.length, omitted.store.execution.state]).toEqual([0, 'OMITIDA']);
  expect([sent.calls.length, sent.store.execution.state]).toEqual([3, 'ENVIADA']);
});
