import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findKeeper, isAlive } from '../../dev/services/keeper-note.ts';
import type { ReceivedMail } from '../../dev/services/mail-sink.ts';
import { portsAt, requireFreePorts } from '../../dev/services/ports.ts';
import type { ReceivedRequest } from '../../dev/services/webhook-receiver.ts';
import { freeOffset } from '../support/free-offset.ts';
import { runCommand } from '../support/running-command.ts';

const data = mkdtempSync(join(tmpdir(), 'vigia-start-'));
chmodSync(data, 0o755);
afterAll(() => rmSync(data, { recursive: true, force: true }));

const offset = await freeOffset();
const ports = portsAt(offset);
const folder = join(data, `stack-${offset}`);
const options = ['--port-offset', String(offset), '--data', data];

async function json<T>(port: number, path: string): Promise<T> {
  return (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as T;
}

/** The processes of the stack, by what they wrote down. */
function stackProcesses(): number[] {
  const postgres = Number(readFileSync(join(folder, 'sqlserver', 'postmaster.pid'), 'utf8').split('\n')[0]);
  return [findKeeper(folder)?.pid ?? 0, postgres];
}

test('npm start shows deliveries, a retry, a refusal and the mail to the administrators, and ends leaving nothing', async () => {
  await using start = runCommand('start', options);
  await start.line(/✅ 000005 → Juan Pérez \(WhatsApp\)/, 60_000);
  await start.line(/↻ 000004 → María Fernández/, 75_000);
  await start.line(/❌ 000006 → Carlos Núñez/, 75_000);

  const requests = await json<ReceivedRequest[]>(ports.webhooks, '/requests');
  expect(requests.filter((one) => one.signature !== 'valid')).toEqual([]);
  const daily = requests.filter((one) => one.path === '/whatsapp/facturas');
  expect(daily).toHaveLength(1);
  expect(JSON.parse(daily[0]?.body ?? '')).toMatchObject({
    specversion: '1.0',
    id: daily[0]?.headers['webhook-id'],
  });
  expect(daily[0]?.body).toContain('Pinturería Del Sur');

  await expect.poll(() => json<ReceivedMail[]>(ports.mails, '/mails'), { timeout: 60_000 }).not.toEqual([]);
  const [mail] = await json<ReceivedMail[]>(ports.mails, '/mails');
  expect(mail?.to).toEqual(['administracion@vigia.example']);

  const processes = stackProcesses();
  const asked = Date.now();
  start.kill('SIGTERM');
  expect(await start.ended).toBe(0);
  expect(Date.now() - asked).toBeLessThan(10_000);
  expect(processes.filter(isAlive)).toEqual([]);
  await requireFreePorts(ports);
}, 240_000);

test('after kill -9 it starts again on the same data and alerts go out', async () => {
  const first = runCommand('start', options);
  await first.line(/✅ 000005/, 60_000);
  const processes = stackProcesses();
  first.kill('SIGKILL');
  await first.ended;

  await using second = runCommand('start', options);
  await second.line(/✅ 000005/, 60_000);
  expect(processes.filter(isAlive)).toEqual([]);
}, 150_000);
