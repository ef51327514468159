import { expect, test } from 'vitest';
import { hostConsole } from '../../../dev/host/host-console.ts';

function printed(levels: Record<string, string>, quiet = false): string[] {
  const lines: string[] = [];
  const console = hostConsole({ write: (line) => void lines.push(line), now: () => 0, levels, quiet });
  console.log('information', 'Function.tick', 'started');
  console.log('information', 'Function.tick.User', 'said');
  console.log('debug', 'Function.tick.User', 'whispered');
  console.log('information', 'Worker.System', 'internals');
  console.log('error', 'Function.tick', 'failed');
  return lines.map((line) => line.replace('[1970-01-01T00:00:00.000Z] ', ''));
}

test.each([
  [{}, ['started', 'said', 'failed']],
  [{ default: 'Error' }, ['failed']],
  [{ Function: 'Warning', 'Function.tick.User': 'Debug' }, ['said', 'whispered', 'failed']],
  [{ 'Function.tick': 'None' }, []],
])('the levels %j of host.json let through %j', (levels, expected) =>
  expect(printed(levels)).toEqual(expected),
);

test('a quiet console tells what functions log, and troubles', () => {
  expect(printed({}, true)).toEqual(['said', 'failed']);
});
