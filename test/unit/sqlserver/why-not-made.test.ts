import { expect, test } from 'vitest';
import { whyNotMade } from '../../../dev/sqlserver/postgres/data-folder.ts';

test.each([
  { code: 0xc000_0135, said: '' },
  { code: 1, said: 'initdb: error: child process was terminated by exception 0xC0000005' },
])('a Windows that lacks the Visual C++ runtime ($code, $said) is told which to install', (made) => {
  expect(whyNotMade('pgdata', made)).toMatch(/Visual C\+\+ runtime .*vc_redist\.x64\.exe/);
});

test('any other end of initdb is told in its own words, or by its code', () => {
  const disk = { code: 1, said: 'No space left on device' };
  expect(whyNotMade('pgdata', disk)).toBe(
    'PostgreSQL could not make its folder pgdata: No space left on device',
  );
  expect(whyNotMade('pgdata', { code: 3, said: '' })).toContain('initdb ended with 3');
});
