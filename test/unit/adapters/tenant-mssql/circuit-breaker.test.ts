import { expect, test } from 'vitest';
import { circuitBreaker } from '../../../../src/adapters/tenant-mssql/circuit-breaker.ts';
import type { TenantFault } from '../../../../src/adapters/tenant-mssql/tenant-fault.ts';

const fault: TenantFault = {
  kind: 'passing',
  reason: 'empresa_no_disponible',
  detail: 'No.',
  connection: 'failed',
};

function breakerAt() {
  let now = 0;
  const breaker = circuitBreaker({ failures: 3, openMs: 1_000, now: () => now });
  return { breaker, pass: (ms: number) => (now += ms) };
}

test('it opens after so many failures in a row, and gives the last fault', () => {
  const { breaker } = breakerAt();
  breaker.failed(fault);
  breaker.failed(fault);
  expect(breaker.refusal()).toBeUndefined();
  breaker.failed({ ...fault, detail: 'The last.' });
  expect(breaker.refusal()).toMatchObject({ detail: 'The last.' });
});

test('a success in between starts the count again', () => {
  const { breaker } = breakerAt();
  breaker.failed(fault);
  breaker.failed(fault);
  breaker.succeeded();
  breaker.failed(fault);
  breaker.failed(fault);
  expect(breaker.refusal()).toBeUndefined();
});

test('half open, it lets one try through; a success closes it', () => {
  const { breaker, pass } = breakerAt();
  for (let index = 0; index < 3; index += 1) breaker.failed(fault);
  pass(999);
  expect(breaker.refusal()).toBeDefined();
  pass(1);
  expect(breaker.refusal()).toBeUndefined();
  expect(breaker.refusal()).toBeDefined();
  breaker.succeeded();
  expect(breaker.refusal()).toBeUndefined();
  expect(breaker.refusal()).toBeUndefined();
});

test('a try that fails keeps it open for as long again', () => {
  const { breaker, pass } = breakerAt();
  for (let index = 0; index < 3; index += 1) breaker.failed(fault);
  pass(1_000);
  expect(breaker.refusal()).toBeUndefined();
  pass(500);
  breaker.failed(fault);
  pass(999);
  expect(breaker.refusal()).toBeDefined();
  pass(1);
  expect(breaker.refusal()).toBeUndefined();
});

test('a try whose end is never told does not keep it closed for ever', () => {
  const { breaker, pass } = breakerAt();
  for (let index = 0; index < 3; index += 1) breaker.failed(fault);
  pass(1_000);
  expect(breaker.refusal()).toBeUndefined();
  pass(1_000);
  expect(breaker.refusal()).toBeUndefined();
});
