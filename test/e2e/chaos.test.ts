import { afterAll, expect, test } from 'vitest';
import { runCommand } from '../support/running-command.ts';
import { readableTemporaryFolder } from '../support/temporary-folder.ts';
import { unpackedPackage } from '../support/unpacked-package.ts';

const load = ['--companies', '2', '--people', '6', '--alerts', '2'];

const folder = readableTemporaryFolder('vigia-killed-');
afterAll(() => folder[Symbol.dispose]());

test('the packed app on a host that is killed again and again loses nothing and repeats nothing under another webhook-id; alerts that kill it are given up', async () => {
  const { app } = await unpackedPackage(folder.path);
  const kills = ['--kills', '3', '--fatal-kills', '1', '--seed', '422'];
  await using chaos = runCommand('chaos', ['--app', app, ...kills, ...load]);
  const code = await chaos.ended;
  expect(chaos.lines.at(-1)).toBe('Nothing is wrong.');
  expect(code).toBe(0);
  const said = (name: string) =>
    chaos.lines
      .find((line) => line.startsWith(name))
      ?.slice(name.length)
      .trim();
  expect(said('seed')).toBe('422');
  expect(said('kills')).toMatch(/^3 at planned moments, [12] by an alert that kills when opened, [12] by /);
  expect(said('lost')).toBe('0');
  expect(said('repeated otherwise')).toBe('0');
  expect(Number(said('deliveries expected'))).toBeGreaterThan(10);
  expect(said('deliveries received')).toBe(said('deliveries expected'));
}, 240_000);
