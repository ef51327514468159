import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { askPerson } from '../../../src/cli/ask-person.ts';

async function answerTo(keys: string) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const asked = askPerson('¿Enviar? [s/N] ', { input, output });
  input.write(keys);
  const answer = await asked;
  output.end();
  return { answer, shown: await text(output) };
}

test('a person answers with a line', async () => {
  const { answer, shown } = await answerTo('sí\r');
  expect(answer).toBe('sí');
  expect(shown).toContain('¿Enviar? [s/N] ');
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s is no answer, and leaves the line of the question', async (_key, keys) => {
  const { answer, shown } = await answerTo(keys);
  expect(answer).toBeNull();
  expect(shown).toMatch(/\n$/);
});
