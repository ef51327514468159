import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isAlive } from '../../dev/services/is-alive.ts';
import { findKeeper, noteKeeper } from '../../dev/services/keeper-note.ts';
import { portsAt, requireFreePorts } from '../../dev/services/ports.ts';
import { freeOffset } from '../../dev/services/free-offset.ts';
import { runCommand, type RunningCommand } from '../support/running-command.ts';
import { stackOptions } from '../support/stack-options.ts';
import { readableTemporaryFolder } from '../support/temporary-folder.ts';

const data = readableTemporaryFolder('vigia-start-');
afterAll(() => data[Symbol.dispose]());

const offset = await freeOffset();
const ports = portsAt(offset);
const folder = join(data.path, `stack-${offset}`);
const options = stackOptions(offset, data.path);

const firstDeliveryMs = 60_000;
const endMs = 10_000;

async function json<T>(port: number, path: string): Promise<T> {
  return (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as T;
}

/** The keeper and PostgreSQL, by what they wrote down. */
function serverProcesses(): { keeper: number; postgres: number } {
  const mark = readFileSync(join(folder, 'sqlserver', 'pgdata', 'postmaster.pid'), 'utf8');
  return { keeper: findKeeper(folder)?.pid ?? 0, postgres: Number(mark.split('\n')[0]) };
}

/** Everything that the command started is gone, 10 s after whatever ended it at the latest. */
async function expectNothingLeft(processes: ReturnType<typeof serverProcesses>): Promise<void> {
  const left = async () => ({
    processes: Object.entries(processes).filter(([, pid]) => isAlive(pid)),
    ports: await requireFreePorts(ports).catch((error: unknown) => error),
    note: findKeeper(folder),
  });
  await expect
    .poll(left, { timeout: endMs, interval: 200 })
    .toEqual({ processes: [], ports: undefined, note: undefined });
}

async function endsInOrder(command: RunningCommand, signal: NodeJS.Signals): Promise<void> {
  const processes = serverProcesses();
  const asked = performance.now();
  command.kill(signal);
  expect(await command.ended).toBe(0);
  expect(performance.now() - asked).toBeLessThan(endMs);
  await expectNothingLeft(processes);
}

test('npm start builds the app, shows deliveries, and ends leaving nothing', async () => {
  await using start = runCommand('start', options);
  await start.line(/✅ 000005 → Juan Pérez \(WhatsApp\)/, firstDeliveryMs);
  await start.line(/✓✓ 000005 → .*: entregado/, 10_000);
  await endsInOrder(start, 'SIGTERM');
}, 240_000);

test('after kill -9 nothing stays, and a start on the same data sends alerts', async () => {
  await using first = runCommand('start', options);
  await first.line(/✅ 000005/, firstDeliveryMs);
  const processes = serverProcesses();
  first.kill('SIGKILL');
  await first.ended;
  await expectNothingLeft(processes);

  await using second = runCommand('start', options);
  await second.line(/✅ 000005/, firstDeliveryMs);
}, 200_000);

test.for(['keeper', 'postgres'] as const)(
  'when its %s is killed the command says so, ends and leaves nothing',
  async (which) => {
    await using services = runCommand('services', options);
    await services.line(/Azurite/, firstDeliveryMs);
    const processes = serverProcesses();
    process.kill(processes[which], 'SIGKILL');
    expect(await services.ended).toBe(1);
    expect(services.lines.at(-1)).toMatch(/ended\.$/);
    await expectNothingLeft(processes);
  },
);

test('a note of services that were killed does not hold another start, whatever has their process number now', async () => {
  mkdirSync(folder, { recursive: true });
  noteKeeper(folder, { pid: process.pid, ownerPid: process.pid, ports });
  await using services = runCommand('services', options);
  await services.line(/Azurite/, firstDeliveryMs);
  expect(services.lines.join('\n')).not.toContain('Ya estaban en marcha');
  await endsInOrder(services, 'SIGTERM');
});

test('npm start runs on the servers of npm run services, and ends with them', async () => {
  await using services = runCommand('services', options);
  await services.line(/Azurite/, firstDeliveryMs);
  await using start = runCommand('start', [...options, '--no-demo']);
  await start.line(/Functions/, firstDeliveryMs);
  await expect
    .poll(() => json(ports.host, '/admin/host/status').catch(() => undefined), { timeout: 30_000 })
    .toMatchObject({ state: 'Running' });
  expect((await json<{ name: string }[]>(ports.host, '/admin/functions')).map(({ name }) => name)).toEqual([
    'callbacks',
    'dispatch-alert',
    'health',
    'manage-act',
    'manage-read',
    'report-poison',
    'scan-due-alerts',
  ]);
  expect(await json(ports.host, '/api/manage/openapi.json')).toMatchObject({ openapi: '3.1.0' });
  const health = async () => (await fetch(`http://127.0.0.1:${ports.host}/api/health`)).status;
  await expect.poll(health, { timeout: 30_000, interval: 1_000 }).toBe(200);

  await endsInOrder(services, 'SIGINT');
  expect(await start.ended).toBe(1);
  expect(start.lines.at(-1)).toBe('The local services ended with the command that had started them.');
});

test('a closed terminal during the start ends it', async () => {
  await using start = runCommand('start', options);
  await expect.poll(() => findKeeper(folder), { timeout: 30_000 }).toBeDefined();
  start.kill('SIGHUP');
  expect(await start.ended).toBe(0);
  const busy = () => requireFreePorts(ports).catch((error: unknown) => error);
  await expect.poll(busy, { timeout: endMs }).toBeUndefined();
  expect(findKeeper(folder)).toBeUndefined();
});
