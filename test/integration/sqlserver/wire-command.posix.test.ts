import { expect, test } from 'vitest';
import { runCommand } from '../../support/running-command.ts';
import { readableTemporaryFolder } from '../../support/temporary-folder.ts';

test('npm run sqlserver ends in order on SIGTERM within five seconds', async () => {
  using folder = readableTemporaryFolder('wire-command-');
  await using command = runCommand('sqlserver', [
    ...['--data', folder.path, '--password', 'Tr€s tristes tigres 1', '--port', '0'],
  ]);
  await command.line(/^ready on /, 30_000);
  const began = performance.now();
  command.kill('SIGTERM');
  expect(await command.ended).toBe(0);
  expect(performance.now() - began).toBeLessThan(5_000);
});
