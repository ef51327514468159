import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Ports, portsAt } from '../../dev/services/ports.ts';
import type { ReceivedMail } from '../../dev/services/mail-sink.ts';
import type { ReceivedRequest } from '../../dev/services/webhook-receiver.ts';
import { freeOffset } from '../../dev/services/free-offset.ts';
import { otlpReceiver } from '../support/otlp-receiver.ts';
import { runCommand, type RunningCommand } from '../support/running-command.ts';
import { stackOptions } from '../support/stack-options.ts';
import { readableTemporaryFolder } from '../support/temporary-folder.ts';
import { unpackedPackage } from '../support/unpacked-package.ts';

const folder = readableTemporaryFolder('vigia-package-');
afterAll(() => folder[Symbol.dispose]());

const app = join(folder.path, 'unpacked');

test('the unpacked package runs without the repository: the demo comes to its end, its API answers and a collector hears of it', async () => {
  await using collector = await otlpReceiver();
  const { names } = await unpackedPackage(folder.path);
  expect(names.filter((name) => /^(dev|test|bench|infra)\/|local\.settings|\.env|\.ts$/.test(name))).toEqual(
    [],
  );
  expect(names).toContain('functions/dispatch-alert.js');
  const code = names.filter((name) => name.endsWith('.js') && !name.startsWith('node_modules/'));
  expect(code.filter((name) => !names.includes(`${name}.map`))).toEqual([]);

  const offset = await freeOffset();
  const ports = portsAt(offset);
  await using start = runCommand('start', [...stackOptions(offset, folder.path), '--app', app], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
  });
  await demoShown(start, ports);
  const answer = async (path: string) =>
    await (await fetch(`http://127.0.0.1:${ports.host}/api/manage/${path}`)).text();
  expect(JSON.parse(await answer('alerts/000005'))).toMatchObject({ code: '000005', problem: null });
  const command = spawnSync(
    process.execPath,
    [join(app, 'bin/vigia.mjs'), 'executions', '--alert', '000005', '--json'],
    {
      env: { VIGIA_URL: `http://127.0.0.1:${ports.host}` },
      encoding: 'utf8',
    },
  );
  expect({ status: command.status, error: command.stderr }).toEqual({ status: 0, error: '' });
  const alerts = JSON.parse(command.stdout).executions.map(({ alert }: { alert: string }) => alert);
  expect(new Set(alerts)).toEqual(new Set(['000005']));
  expect(await answer('docs/viewer.js')).toContain('openapi-explorer');
  await collector.heard('process vigia-alerts');
  await collector.heard('vigia.deliveries');
}, 200_000);

test('every part of it that is loaded later finds what it needs', () => {
  const chunks = readdirSync(join(app, 'chunks')).filter((name) => name.endsWith('.js'));
  expect(chunks.some((name) => name.startsWith('nodemailer'))).toBe(true);
  const loading = chunks.map((name) => `await import(${JSON.stringify(`./chunks/${name}`)});`).join('\n');
  const loaded = spawnSync(process.execPath, ['--input-type=module', '-e', `${loading}\nprocess.exit(0);`], {
    cwd: app,
    encoding: 'utf8',
  });
  expect(loaded.stderr).not.toMatch(/Error/);
  expect(loaded.status).toBe(0);
});

/** The demo of `npm start` comes to its end: deliveries, a retry, a refusal, and the mail to the administrators. */
async function demoShown(start: RunningCommand, ports: Ports): Promise<void> {
  await start.line(/✅ 000005 → Juan Pérez \(WhatsApp\)/, 60_000);
  await start.line(/↻ 000004 → María Fernández/, 60_000);
  await start.line(/❌ 000006 → Carlos Núñez/, 60_000);
  await start.line(/📧 .*entregas fallidas/, 60_000);
  await start.line(/✓✓ 000005 → .*: entregado/, 10_000);

  const requests = await json<ReceivedRequest[]>(ports.webhooks, '/requests');
  expect(requests.filter((one) => one.signature !== 'valid')).toEqual([]);
  const daily = requests.filter((one) => one.path === '/whatsapp/facturas');
  expect(daily).toHaveLength(1);
  expect(JSON.parse(daily[0]?.body ?? '')).toMatchObject({
    specversion: '1.0',
    id: daily[0]?.headers['webhook-id'],
    subject: '000001',
    data: { message: { text: expect.stringContaining('Pinturería Del Sur') } },
  });

  const mails = await json<ReceivedMail[]>(ports.mails, '/mails');
  expect(mails.map(({ to, subject }) => ({ to, subject }))).toContainEqual({
    to: ['administracion@vigia.example'],
    subject: '[Vigía] Distribuidora Andina S.R.L.: entregas fallidas',
  });
}

async function json<T>(port: number, path: string): Promise<T> {
  return (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as T;
}
