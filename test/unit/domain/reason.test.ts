import { expect, test } from 'vitest';
import { isChannelCode } from '../../../src/domain/channel.ts';
import { isReason } from '../../../src/domain/reason.ts';
import { reasonSentence } from '../../../src/domain/reason-in-spanish.ts';

test.each([
  ['webhook_red: El webhook no respondió.', 'el webhook no respondió'],
  ['webhook_red', 'no se pudo llegar al webhook'],
  ['constructor: algo', 'constructor: algo'],
  ['algo más', 'algo más'],
])('the reason "%s" is said as "%s"', (stored, said) => {
  expect(reasonSentence(stored)).toBe(said);
});

test('a name that every object has is no code', () => {
  expect([isReason('constructor'), isReason('pausa')]).toEqual([false, true]);
  expect([isChannelCode('toString'), isChannelCode('0001')]).toEqual([false, true]);
});
