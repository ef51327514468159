import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { startTestHost } from '../../support/running-host.ts';

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s lets a request finish and ends the host with code 0',
  async (order) => {
    await using host = await startTestHost('common-js');
    const answer = fetch(`${host.address}/slow`).then((response) => response.text());
    await host.said('slow begins');
    const code = host.stop(order);
    expect(await answer).toBe('slow ends');
    expect(await code).toBe(0);
    expect(host.lines.at(-1)).toBe('appTerminate hook');
  },
);

test('a host that npm runs ends with npm', async () => {
  const args = ['dev/run.mjs', 'host', '--app', 'test/support/host-apps/common-js', '--port', '0'];
  const npm = spawn('sh', ['-c', '"$0" "$@"; exit', process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, npm_lifecycle_event: 'host' },
    detached: true,
  });
  onTestFinished(() => endGroup(npm.pid));
  const lines: string[] = [];
  for await (const line of createInterface(npm.stdout)) {
    lines.push(line);
    if (line.includes('/hello')) npm.kill('SIGKILL');
  }
  expect(lines.at(-1)).toBe('appTerminate hook');
});

/** Whoever is left of a command and what it started. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody is left
  }
}
