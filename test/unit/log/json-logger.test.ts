import { expect, test } from 'vitest';
import { jsonLogger } from '../../../src/adapters/log/json-logger.ts';
import { ExpectedError } from '../../../src/core/expected-error.ts';
import { clockAt } from '../../support/moved-clock.ts';

test('an event is one line of JSON, without the names of persons', () => {
  const lines: string[] = [];
  const logger = jsonLogger(clockAt('2026-03-02T15:49:00.043Z'), (line) => lines.push(line));
  logger.info('delivery.accepted', { alert: '000001', person: '17', personName: 'Juan\nPérez', ms: 38 });
  expect(lines).toEqual([
    '{"time":"2026-03-02T15:49:00.043Z","level":"info","event":"delivery.accepted","alert":"000001","person":"17","ms":38}\n',
  ]);
});

test('an error carries the messages of its causes and its stack', () => {
  const lines: string[] = [];
  const logger = jsonLogger(clockAt('2026-03-02T15:49:00Z'), (line) => lines.push(line));
  logger.error('scan.step_failed', { step: 'claim' }, new Error('outer', { cause: new Error('inner') }));
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'error',
    step: 'claim',
    error: { message: 'outer <- inner', stack: expect.stringContaining('json-logger.test.ts') },
  });
});

test('of an error that a person can mend code and message are enough', () => {
  const lines: string[] = [];
  const logger = jsonLogger(clockAt('2026-03-02T15:49:00Z'), (line) => lines.push(line));
  const cause = new ExpectedError('storage_refused', 'Give the role.', { cause: new Error('403') });
  logger.error('health.failing', {}, cause);
  expect(JSON.parse(lines[0] ?? '')).toHaveProperty('error', {
    code: 'storage_refused',
    message: 'Give the role. <- 403',
  });
  expect([cause.stack, String(cause)]).toEqual(Array(2).fill('storage_refused: Give the role.'));
});
