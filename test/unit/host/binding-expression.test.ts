import { describe, expect, test } from 'vitest';
import { BindingData } from '../../../dev/host/bindings/binding-data.ts';
import { resolveExpression, resolveSettings } from '../../../dev/host/bindings/binding-expression.ts';

const NOW = Date.parse('2026-03-02T12:49:05.007Z');
const data = new BindingData()
  .setText('queueTrigger', 'hello')
  .setJson('DequeueCount', 3)
  .applyJsonBody('{"order":{"Id":"o-1","lines":[1]}}');

describe('a binding expression', () => {
  test.each([
    ['plain', 'plain'],
    ['out-{QueueTrigger}', 'out-hello'],
    ['{dequeueCount}/{order.id}', '3/o-1'],
    ['{DateTime}', '2026-03-02T12-49-05Z'],
    ['{datetime:yyyy/MM/dd}', '2026/03/02'],
  ])('%s gives %s', (text, expected) => expect(resolveExpression(text, data, NOW)).toBe(expected));

  test('gives a new identifier at each {rand-guid}', () => {
    const [first, second] = resolveExpression('{rand-guid} {rand-guid:N}', data, NOW).split(' ');
    expect(first).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(second).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each(['{missing}', '{order.missing}', '{queueTrigger.length}'])(
    '%s that nothing stands for is a fault',
    (text) => {
      expect(() => resolveExpression(text, data, NOW)).toThrow(
        `No value for named parameter '${text.slice(1, -1)}'.`,
      );
    },
  );
});

test('a setting between percent signs is put in', () => {
  expect(resolveSettings('%A%-x-%B%', (name) => `<${name}>`)).toBe('<A>-x-<B>');
});

test('a missing setting is named', () => {
  expect(() => resolveSettings('%QUEUE%', () => undefined)).toThrow("'%QUEUE%' does not resolve to a value.");
});
