import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { resourceManager, rulePath, serverId } from '../../support/resource-manager.ts';

const command = fileURLToPath(import.meta.resolve('../../support/lets-in-forever.ts'));

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s in the middle of the work takes the rule away before the process ends',
  async (signal, code) => {
    using azure = await resourceManager();
    const working = spawn(process.execPath, [command, azure.address, serverId], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(working, 'exit');
    await once(working.stdout, 'data');
    working.kill(signal);
    expect(await ended).toEqual([code, null]);
    expect(azure.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT ${rulePath}`,
      `DELETE ${rulePath}`,
    ]);
  },
);
