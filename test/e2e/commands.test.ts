import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { portsAt } from '../../dev/services/ports.ts';
import { freeOffset } from '../../dev/services/free-offset.ts';
import { runCommand } from '../support/running-command.ts';
import { stackOptions } from '../support/stack-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigia-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.for(['start', 'services', 'host', 'sqlserver', 'chaos'])(
  '%s answers an unknown option with its usage',
  async (name) => {
    const command = runCommand(name, ['--nonsense']);
    expect(await command.ended).toBe(1);
    const said = command.lines.join('\n');
    expect(said).toContain("'--nonsense'");
    expect(said).toContain(name === 'start' ? 'npm start' : `npm run ${name}`);
    expect(said).not.toContain('    at '); // no stack
  },
);

test.for(['start', 'services', 'sqlserver'])('%s shows its usage when asked for it', async (name) => {
  const command = runCommand(name, ['--help']);
  expect(await command.ended).toBe(0);
  expect(command.lines[0]).toContain(name === 'start' ? 'npm start' : `npm run ${name}`);
  expect(command.lines.join('\n')).toContain('--data FOLDER');
});

test('chaos shows its usage when asked for it, and names a value that it cannot take', async () => {
  const help = runCommand('chaos', ['--help']);
  expect(await help.ended).toBe(0);
  expect(help.lines.join('\n')).toContain('--kills N');
  const none = runCommand('chaos', ['--kills', '0']);
  expect(await none.ended).toBe(1);
  expect(none.lines.join('\n')).toContain('--kills takes a whole number from 1 to 10000, not "0".');
});

test('the host names an app folder that is not there', async () => {
  const command = runCommand('host', ['--app', join(folder, 'nowhere')]);
  expect(await command.ended).toBe(1);
  expect(command.lines).toEqual([`--app ${join(folder, 'nowhere')}: there is no such folder.`]);
});

test('a busy port is named with the advice to move the stack', async () => {
  const offset = await freeOffset();
  const { mails } = portsAt(offset);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(mails, '127.0.0.1', resolve));
  try {
    const command = runCommand('services', stackOptions(offset, folder));
    expect(await command.ended).toBe(1);
    expect(command.lines.join('\n')).toMatch(new RegExp(`Port ${mails} \\(mails\\).*--port-offset`));
  } finally {
    server.close();
  }
});

test('a data folder that cannot be written is named', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const command = runCommand('services', stackOptions(await freeOffset(), join(file, 'data')));
  expect(await command.ended).toBe(1);
  expect(command.lines.join('\n')).toContain(`The data folder ${join(file, 'data')}`);
});

test.for(['-1', '1.5', 'abc', '60000'])(
  'a port offset of %s is refused with what is allowed',
  async (value) => {
    const command = runCommand('services', [`--port-offset=${value}`]);
    expect(await command.ended).toBe(1);
    expect(command.lines.join('\n')).toContain(`takes a whole number from 0 to 50000, not "${value}"`);
  },
);
