import { unzipSync } from 'fflate';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { portsAt } from '../../dev/services/ports.ts';
import { freeOffset } from '../../dev/services/free-offset.ts';
import { otlpReceiver } from '../support/otlp-receiver.ts';
import { runCommand } from '../support/running-command.ts';
import { stackOptions } from '../support/stack-options.ts';
import { readableTemporaryFolder } from '../support/temporary-folder.ts';

const folder = readableTemporaryFolder('vigia-package-');
afterAll(() => folder[Symbol.dispose]());

const app = join(folder.path, 'unpacked');

test('the unpacked package runs without the repository: its alerts go out, its API answers and a collector hears of it', async () => {
  await using collector = await otlpReceiver();
  const packing = runCommand('package', ['--out', folder.path]);
  expect(await packing.ended, packing.lines.join('\n')).toBe(0);
  const names = unpack(join(folder.path, 'vigia.zip'), app);
  expect(names.filter((name) => /^(dev|test|bench|infra)\/|local\.settings|\.env|\.ts$/.test(name))).toEqual(
    [],
  );
  expect(names).toContain('functions/dispatch-alert.js');
  const code = names.filter((name) => name.endsWith('.js') && !name.startsWith('node_modules/'));
  expect(code.filter((name) => !names.includes(`${name}.map`))).toEqual([]);

  const offset = await freeOffset();
  const { host } = portsAt(offset);
  await using start = runCommand('start', [...stackOptions(offset, folder.path), '--app', app], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
  });
  await start.line(/✅ 000005 → Juan Pérez \(WhatsApp\)/, 60_000);
  const answer = async (path: string) =>
    await (await fetch(`http://127.0.0.1:${host}/api/manage/${path}`)).text();
  expect(JSON.parse(await answer('alerts/000005'))).toMatchObject({ code: '000005', problem: null });
  const command = spawnSync(
    process.execPath,
    [join(app, 'bin/vigia.mjs'), 'executions', '--alert', '000005', '--json'],
    {
      env: { VIGIA_URL: `http://127.0.0.1:${host}` },
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

function unpack(zip: string, to: string): string[] {
  const files = Object.entries(unzipSync(readFileSync(zip)));
  for (const [name, bytes] of files) {
    const path = join(to, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return files.map(([name]) => name);
}
