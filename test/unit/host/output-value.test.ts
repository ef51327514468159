import { describe, expect, test } from 'vitest';
import type { RpcTypedData } from '../../../dev/host/app/worker-protocol.ts';
import { messagesOf, outputValueOf } from '../../../dev/host/bindings/output-value.ts';

function messages(data: RpcTypedData): readonly (string | Uint8Array)[] {
  const output = outputValueOf(data);
  return output === undefined ? [] : messagesOf(output);
}

describe('what a function gives to a queue', () => {
  test.each([
    ['a text', { string: 'plain' }, ['plain']],
    ['a number', { int: 5 }, ['5']],
    ['a truth value', { json: 'true' }, ['True']],
    ['an object', { json: '{"a":1}' }, ['{\n  "a": 1\n}']],
    ['an array', { json: '["a",2,{"b":[]}]' }, ['a', '2', '{\n  "b": []\n}']],
    ['an empty array', { json: '[]' }, []],
    ['JSON as text', { string: '{"a":1}' }, ['{\n  "a": 1\n}']],
    ['an array as text', { string: ' [1,"x"] ' }, ['1', 'x']],
    ['null', { json: 'null' }, []],
    ['nothing', {}, []],
  ])('becomes messages: %s', (_what, data, expected) => {
    expect(messages(data)).toEqual(expected);
  });

  test('keeps its dates as an object, but not as JSON text, which Newtonsoft reads and writes again', () => {
    const json = '{"at":"2026-03-02T12:00:00.500Z"}';
    expect(messages({ json })).toEqual(['{\n  "at": "2026-03-02T12:00:00.500Z"\n}']);
    expect(messages({ string: json })).toEqual(['{\n  "at": "2026-03-02T12:00:00.5Z"\n}']);
  });

  test('fails when it only looks like JSON', () => {
    expect(() => messages({ string: '{oops}' })).toThrow(SyntaxError);
  });

  test('stays as it is when it is bytes', () => {
    expect(messages({ bytes: new Uint8Array([1, 2]) })).toEqual([new Uint8Array([1, 2])]);
  });
});
